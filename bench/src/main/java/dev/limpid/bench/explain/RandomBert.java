package dev.limpid.bench.explain;

import dev.limpid.bert.BertConfig;
import dev.limpid.bert.BertLoader;
import dev.limpid.bert.BertModel;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Ops;
import java.util.List;

/** A BERT for question answering of a published size with random weights. */
final class RandomBert {
    private RandomBert() {}

    /** The shape of bert-base-uncased. */
    static BertModel base(Ops ops) {
        BertConfig config = new BertConfig("BertForQuestionAnswering", 30522, 768, 12, 12, 3072, 512, 2, 1e-12,
                Activation.GELU,
                0, List.of("LABEL_0", "LABEL_1"), null);
        return BertLoader.load(config, config.architecture(), Weights.of(weights(config)), ops).model();
    }

    private static RandomWeights weights(BertConfig config) {
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
