package dev.limpid.bench.explain;

import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Ops;
import dev.limpid.vit.ViTConfig;
import dev.limpid.vit.ViTLoader;
import dev.limpid.vit.ViTModel;
import java.util.List;
import java.util.stream.IntStream;

/** A vision transformer of a published size with random weights. */
final class RandomViT {
    private RandomViT() {}

    /** The shape of google/vit-base-patch16-224. */
    static ViTModel base(Ops ops) {
        List<String> labels = IntStream.range(0, 1000).mapToObj(i -> "LABEL_" + i).toList();
        ViTConfig config = new ViTConfig("ViTForImageClassification", 224, 224, 16, 16, 3, 768, 12, 12, 3072, true,
                1e-12, Activation.GELU, labels);
        return ViTLoader.load(config, Weights.of(weights(config)), ops).model();
    }

    private static RandomWeights weights(ViTConfig config) {
        long c = config.hiddenSize();
        long i = config.intermediateSize();
        RandomWeights weights = new RandomWeights();
        weights.tensor("vit.embeddings.cls_token", 1, 1, c);
        weights.tensor("vit.embeddings.position_embeddings", 1, config.tokens(), c);
        weights.tensor("vit.embeddings.patch_embeddings.projection.weight", c, config.channels(), config.patchHeight(),
                config.patchWidth());
        weights.tensor("vit.embeddings.patch_embeddings.projection.bias", c);
        for (int layer = 0; layer < config.layers(); layer++) {
            String at = "vit.encoder.layer." + layer + ".";
            for (String projection : List.of("query", "key", "value")) {
                weights.linear(at + "attention.attention." + projection, c, c);
            }
            weights.linear(at + "attention.output.dense", c, c);
            weights.linear(at + "intermediate.dense", i, c);
            weights.linear(at + "output.dense", c, i);
            weights.norm(at + "layernorm_before", c);
            weights.norm(at + "layernorm_after", c);
        }
        weights.norm("vit.layernorm", c);
        weights.linear("classifier", config.labels().size(), c);
        return weights;
    }
}
