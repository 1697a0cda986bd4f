package dev.limpid.bench.explain;

import dev.limpid.bert.BertConfig;
import dev.limpid.bert.BertLoader;
import dev.limpid.bert.BertModel;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Ops;
import java.util.List;

/** A BERT for question answering with random weights, of a published size or another. */
public final class RandomBert {
    private RandomBert() {}

    /** The shape of bert-base-uncased, bert-large-uncased or all-MiniLM-L6-v2, or a tiny one. */
    static BertConfig config(String model) {
        return switch (model) {
            case "bert-base" -> config(30522, 768, 12, 12);
            case "bert-large" -> config(30522, 1024, 24, 16);
            case "bert-tiny" -> config(1000, 32, 2, 2);
            case "minilm" -> config(30522, 384, 6, 12);
            default -> throw new IllegalArgumentException(model);
        };
    }

    private static BertConfig config(int vocabSize, int hiddenSize, int layers, int heads) {
        return new BertConfig("BertForQuestionAnswering", vocabSize, hiddenSize, layers, heads, 4 * hiddenSize, 512, 2,
                1e-12, Activation.GELU, 0, List.of("LABEL_0", "LABEL_1"), null);
    }

    /** One of any size, with a small vocabulary; the weights are the same every time. */
    public static BertModel load(Ops ops, int hiddenSize, int layers, int heads) {
        BertConfig config = config(2000, hiddenSize, layers, heads);
        return BertLoader.load(config, config.architecture(), Weights.of(weights(config)), ops).model();
    }

    static RandomWeights weights(BertConfig config) {
        long c = config.hiddenSize();
        long i = config.intermediateSize();
        RandomWeights weights = new RandomWeights();
        weights.tensor("bert.embeddings.word_embeddings.weight", config.vocabSize(), c);
        weights.tensor("bert.embeddings.position_embeddings.weight", config.maxPositions(), c);
        weights.tensor("bert.embeddings.token_type_embeddings.weight", config.typeVocabSize(), c);
        weights.norm("bert.embeddings.LayerNorm", c);
        for (int layer = 0; layer < config.layers(); layer++) {
            String at = "bert.encoder.layer." + layer + ".";
            for (String projection : List.of("query", "key", "value")) {
                weights.linear(at + "attention.self." + projection, c, c);
            }
            weights.linear(at + "attention.output.dense", c, c);
            weights.norm(at + "attention.output.LayerNorm", c);
            weights.linear(at + "intermediate.dense", i, c);
            weights.linear(at + "output.dense", c, i);
            weights.norm(at + "output.LayerNorm", c);
        }
        weights.linear("qa_outputs", 2, c);
        return weights;
    }
}
