package dev.limpid.bert;

import dev.limpid.nn.LayerNorm;
import dev.limpid.nn.Linear;
import dev.limpid.nn.ModelException;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Shape;
import dev.limpid.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Reads a {@link BertModel} from a checkpoint whose names are those of {@code modeling_bert.py}.
 *
 * <p>Three spellings of old and converted checkpoints are understood: without the prefix {@code bert.}, with {@code gamma} and {@code beta} for a
 * layer norm's weight and bias, and with the masked-language-model decoder tied to the word embeddings.
 */
public final class BertLoader {
    private static final String PREFIX = "bert.";
    private static final Set<String> HARMLESS = Set.of("bert.embeddings.position_ids", "embeddings.position_ids");

    private final BertConfig config;
    private final Weights weights;
    private final Ops ops;

    private BertLoader(BertConfig config, Weights weights, Ops ops) {
        this.config = config;
        this.weights = weights.renamed(BertLoader::spellings);
        this.ops = ops;
    }

    /**
     * A model, and the tensors of its checkpoint that it has no use for, which may say that it is not the model one thinks it is.
     *
     * @param unusedWeights names in the checkpoint's order, without those that never matter
     */
    public record Loaded(BertModel model, List<String> unusedWeights) {
        public Loaded {
            unusedWeights = List.copyOf(unusedWeights);
        }
    }

    /**
     * Loads the encoder and the head of an architecture.
     *
     * @param architecture {@code BertForQuestionAnswering}, {@code BertForSequenceClassification}, {@code BertForTokenClassification},
     *        {@code BertForMaskedLM}, or {@code BertModel}, whose output is the mean of the tokens' vectors
     * @throws ModelException if the architecture is another one
     * @throws dev.limpid.safetensors.SafetensorsException if a tensor is missing, misshapen or not finite
     */
    public static Loaded load(BertConfig config, String architecture, Weights weights, Ops ops) {
        BertLoader loader = new BertLoader(config, weights, ops);
        BertEmbeddings embeddings = loader.embeddings();
        // Layers are independent, and reading one is converting, merging and checking millions of numbers.
        List<BertLayer> layers = IntStream.range(0, config.layers()).parallel()
                .mapToObj(i -> loader.layer(loader.weights.at("bert.encoder.layer." + i))).toList();
        TaskHead head = loader.head(architecture, embeddings);
        List<String> unused = weights.unused().stream().filter(name -> !HARMLESS.contains(name)).toList();
        return new Loaded(new BertModel(config, ops, embeddings, layers, head), unused);
    }

    private static List<String> spellings(String name) {
        List<String> spellings = new ArrayList<>();
        for (String prefixed : name.startsWith(PREFIX)
                ? List.of(name, name.substring(PREFIX.length()))
                : List.of(name)) {
            spellings.add(prefixed);
            if (prefixed.endsWith("LayerNorm.weight")) {
                spellings.add(prefixed.replace("LayerNorm.weight", "LayerNorm.gamma"));
            } else if (prefixed.endsWith("LayerNorm.bias")) {
                spellings.add(prefixed.replace("LayerNorm.bias", "LayerNorm.beta"));
            }
        }
        return spellings;
    }

    private BertEmbeddings embeddings() {
        Weights at = weights.at("bert.embeddings");
        return new BertEmbeddings(tensor(at, "word_embeddings.weight", config.vocabSize(), config.hiddenSize()),
                tensor(at, "position_embeddings.weight", config.maxPositions(), config.hiddenSize()),
                tensor(at, "token_type_embeddings.weight", config.typeVocabSize(), config.hiddenSize()),
                layerNorm(at.at("LayerNorm")));
    }

    private BertLayer layer(Weights at) {
        int hidden = config.hiddenSize();
        int inner = config.intermediateSize();
        return new BertLayer(config.heads(), config.activation(), qkv(at.at("attention.self")),
                linear(at.at("attention.output.dense"), hidden, hidden), layerNorm(at.at("attention.output.LayerNorm")),
                linear(at.at("intermediate.dense"), inner, hidden), linear(at.at("output.dense"), hidden, inner),
                layerNorm(at.at("output.LayerNorm")));
    }

    /** Query, key and value under each other: rows 0 to C−1 make the query, and so on. */
    private Linear qkv(Weights at) {
        int hidden = config.hiddenSize();
        float[] weight = new float[3 * hidden * hidden];
        float[] bias = new float[3 * hidden];
        List<String> parts = List.of("query", "key", "value");
        for (int i = 0; i < parts.size(); i++) {
            Weights part = at.at(parts.get(i));
            System.arraycopy(part.floats("weight", hidden, hidden), 0, weight, i * hidden * hidden, hidden * hidden);
            System.arraycopy(part.floats("bias", hidden), 0, bias, i * hidden, hidden);
        }
        return new Linear(ops.tensor(Shape.of(3 * hidden, hidden), weight), ops.tensor(Shape.of(3 * hidden), bias));
    }

    private TaskHead head(String architecture, BertEmbeddings embeddings) {
        int hidden = config.hiddenSize();
        int labels = config.labels().size();
        return switch (architecture) {
            case "BertForQuestionAnswering" -> new TokenwiseHead(architecture,
                    linear(weights.at("qa_outputs"), 2, hidden));
            case "BertForSequenceClassification" -> new SequenceClassificationHead(
                    linear(weights.at("bert.pooler.dense"), hidden, hidden),
                    linear(weights.at("classifier"), labels, hidden));
            case "BertForTokenClassification" -> new TokenwiseHead(architecture,
                    linear(weights.at("classifier"), labels, hidden));
            case "BertForMaskedLM" -> maskedLm(weights.at("cls.predictions"), embeddings);
            case "BertModel" -> new PoolingHead(Pooling.MEAN, hidden);
            default ->
                throw new ModelException("the architecture '" + architecture + "' is not supported; supported are"
                        + " BertForQuestionAnswering, BertForSequenceClassification, BertForTokenClassification,"
                        + " BertForMaskedLM and BertModel");
        };
    }

    private MaskedLmHead maskedLm(Weights at, BertEmbeddings embeddings) {
        int hidden = config.hiddenSize();
        int vocabulary = config.vocabSize();
        Tensor decoder = at.has("decoder.weight")
                ? tensor(at, "decoder.weight", vocabulary, hidden)
                : embeddings.word();
        Tensor bias = tensor(at, at.has("bias") ? "bias" : "decoder.bias", vocabulary);
        return new MaskedLmHead(linear(at.at("transform.dense"), hidden, hidden), config.activation(),
                layerNorm(at.at("transform.LayerNorm")), new Linear(decoder, bias));
    }

    private Linear linear(Weights at, int outputs, int inputs) {
        return new Linear(tensor(at, "weight", outputs, inputs), tensor(at, "bias", outputs));
    }

    private LayerNorm layerNorm(Weights at) {
        return new LayerNorm(tensor(at, "weight", config.hiddenSize()), tensor(at, "bias", config.hiddenSize()),
                config.layerNormEpsilon());
    }

    private Tensor tensor(Weights at, String name, int... dims) {
        long[] shape = new long[dims.length];
        for (int i = 0; i < dims.length; i++) {
            shape[i] = dims[i];
        }
        return ops.tensor(Shape.of(dims), at.floats(name, shape));
    }
}
