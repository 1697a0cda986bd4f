package dev.limpid.vit;

import dev.limpid.nn.LayerNorm;
import dev.limpid.nn.Linear;
import dev.limpid.nn.ModelException;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Shape;
import dev.limpid.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Reads a {@link ViTModel} from a checkpoint whose names are those of {@code modeling_vit.py} or {@code modeling_deit.py}, in the spelling of the checkpoints on the
 * Hub ({@code encoder.layer.0.attention.attention.query}) or that of the modules since transformers 5 ({@code layers.0.attention.q_proj}).
 */
public final class ViTLoader {
    /** Parts of names, as the Hub has them and as the modules of transformers 5 are called. */
    private static final Map<String, String> MODULES = Map.of("encoder.layer.", "layers.", "attention.attention.query.",
            "attention.q_proj.", "attention.attention.key.", "attention.k_proj.", "attention.attention.value.",
            "attention.v_proj.", "attention.output.dense.", "attention.o_proj.", "intermediate.dense.", "mlp.fc1.");
    private static final Set<String> HARMLESS = Set.of("pooler.dense.weight", "pooler.dense.bias",
            "embeddings.mask_token");

    private final ViTConfig config;
    private final Weights weights;
    private final Ops ops;
    private final String base;

    private ViTLoader(ViTConfig config, Weights weights, Ops ops) {
        this.config = config;
        this.ops = ops;
        this.base = config.architecture().startsWith("DeiT") ? "deit" : "vit";
        this.weights = weights.renamed(ViTLoader::spellings);
    }

    /**
     * A model, and the tensors of its checkpoint that it has no use for, which may say that it is not the model one thinks it is.
     *
     * @param unusedWeights names in the checkpoint's order, without those that never matter, such as a pooler's
     */
    public record Loaded(ViTModel model, List<String> unusedWeights) {
        public Loaded {
            unusedWeights = List.copyOf(unusedWeights);
        }
    }

    /**
     * Loads the encoder and the classifier.
     *
     * @throws ModelException if the architecture is not one of the three that {@link ViTConfig#architecture} lists
     * @throws dev.limpid.safetensors.SafetensorsException if a tensor is missing, misshapen or not finite
     */
    public static Loaded load(ViTConfig config, Weights weights, Ops ops) {
        ViTLoader loader = new ViTLoader(config, weights, ops);
        ClassificationHead head = loader.head();
        PatchEmbeddings embeddings = loader.embeddings();
        // Layers are independent, and reading one is converting and checking millions of numbers.
        List<ViTLayer> layers = IntStream.range(0, config.layers()).parallel()
                .mapToObj(i -> loader.layer(loader.weights.at(loader.base + ".encoder.layer." + i))).toList();
        List<String> unused = weights.unused().stream()
                .filter(name -> !HARMLESS.contains(name.substring(name.startsWith(loader.base + ".")
                        ? loader.base.length() + 1
                        : 0)))
                .toList();
        return new Loaded(new ViTModel(config, ops, embeddings, layers, head), unused);
    }

    private static List<String> spellings(String name) {
        String module = name;
        for (Map.Entry<String, String> part : MODULES.entrySet()) {
            module = module.replace(part.getKey(), part.getValue());
        }
        // What is left of the block's second dense layer once the attention's output has its own name.
        module = module.replace(".output.dense.", ".mlp.fc2.");
        return module.equals(name) ? List.of(name) : List.of(name, module);
    }

    private PatchEmbeddings embeddings() {
        Weights at = weights.at(base + ".embeddings");
        int hidden = config.hiddenSize();
        float[] positions = at.floats("position_embeddings", 1, config.tokens(), hidden);
        double[] sums = new double[positions.length];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = positions[i];
        }
        List<String> special = config.specialTokens() == 2
                ? List.of("cls_token", "distillation_token")
                : List.of("cls_token");
        for (int t = 0; t < special.size(); t++) {
            float[] token = at.floats(special.get(t), 1, 1, hidden);
            for (int c = 0; c < hidden; c++) {
                sums[t * hidden + c] += token[c];
            }
        }
        Tensor table = ops.tensor(Shape.of(config.tokens(), hidden), positions);
        ops.upload(sums, table);
        int inputs = config.channels() * config.patchHeight() * config.patchWidth();
        float[] kernel = at.floats("patch_embeddings.projection.weight", hidden, config.channels(),
                config.patchHeight(), config.patchWidth());
        Linear projection = new Linear(ops.tensor(Shape.of(hidden, inputs), kernel),
                tensor(at, "patch_embeddings.projection.bias", hidden));
        return new PatchEmbeddings(config, projection, table);
    }

    private ViTLayer layer(Weights at) {
        int hidden = config.hiddenSize();
        int inner = config.intermediateSize();
        return new ViTLayer(config.heads(), config.activation(), layerNorm(at.at("layernorm_before")),
                qkv(at.at("attention.attention")), linear(at.at("attention.output.dense"), hidden, hidden),
                layerNorm(at.at("layernorm_after")), linear(at.at("intermediate.dense"), inner, hidden),
                linear(at.at("output.dense"), hidden, inner));
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
            if (config.qkvBias()) {
                System.arraycopy(part.floats("bias", hidden), 0, bias, i * hidden, hidden);
            }
        }
        return new Linear(ops.tensor(Shape.of(3 * hidden, hidden), weight),
                config.qkvBias() ? ops.tensor(Shape.of(3 * hidden), bias) : null);
    }

    private ClassificationHead head() {
        List<String> classifiers = switch (config.architecture()) {
            case "ViTForImageClassification", "DeiTForImageClassification" -> List.of("classifier");
            case "DeiTForImageClassificationWithTeacher" -> List.of("cls_classifier", "distillation_classifier");
            default -> throw new ModelException("the architecture '" + config.architecture()
                    + "' is not supported; supported are ViTForImageClassification, DeiTForImageClassification and"
                    + " DeiTForImageClassificationWithTeacher");
        };
        List<Linear> averaged = new ArrayList<>();
        for (String name : classifiers) {
            averaged.add(divided(weights.at(name), classifiers.size()));
        }
        return new ClassificationHead(layerNorm(weights.at(base + ".layernorm")), averaged);
    }

    /** A classifier whose logits are one of {@code count} parts of an average; count is 1 or 2, so nothing is rounded. */
    private Linear divided(Weights at, int count) {
        int labels = config.labels().size();
        float[] weight = at.floats("weight", labels, config.hiddenSize());
        float[] bias = at.floats("bias", labels);
        for (float[] values : List.of(weight, bias)) {
            for (int i = 0; i < values.length; i++) {
                values[i] /= count;
            }
        }
        return new Linear(ops.tensor(Shape.of(labels, config.hiddenSize()), weight),
                ops.tensor(Shape.of(labels), bias));
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
