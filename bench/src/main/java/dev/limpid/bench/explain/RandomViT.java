package dev.limpid.bench.explain;

import dev.limpid.tensor.Activation;
import dev.limpid.vit.ViTConfig;
import java.util.List;
import java.util.stream.IntStream;

/** A vision transformer of a published size with random weights. */
final class RandomViT {
    private RandomViT() {}

    /** The shape of google/vit-base-patch16-224, or a tiny one. */
    static ViTConfig config(String model) {
        return switch (model) {
            case "vit-base" -> config(224, 16, 768, 12, 12, 1000);
            case "vit-tiny" -> config(16, 4, 32, 2, 2, 300);
            default -> throw new IllegalArgumentException(model);
        };
    }

    private static ViTConfig config(int image, int patch, int hiddenSize, int layers, int heads, int classes) {
        List<String> labels = IntStream.range(0, classes).mapToObj(i -> "LABEL_" + i).toList();
        return new ViTConfig("ViTForImageClassification", image, image, patch, patch, 3, hiddenSize, layers, heads,
                4 * hiddenSize, true, 1e-12, Activation.GELU, labels);
    }

    static RandomWeights weights(ViTConfig config) {
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
