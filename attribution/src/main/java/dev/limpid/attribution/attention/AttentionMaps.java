package dev.limpid.attribution.attention;

import java.util.List;

/**
 * The attention probabilities of one input in every layer and head, and the gradient of a target with respect to them if it was asked for.
 *
 * @param heads H
 * @param length T
 * @param probabilities A of each layer, (H, T, T): row the token that attends (query), column the token attended to (key); rows sum to 1
 * @param gradients ∂F/∂A of each layer, (H, T, T), or empty
 * @param readers how many of the first tokens the classifier reads: [CLS], and for a DeiT with a teacher also its distillation token, the logits being means
 */
public record AttentionMaps(int heads, int length, List<float[]> probabilities, List<float[]> gradients, int readers) {
    /** Maps of a model that reads [CLS]. */
    public AttentionMaps(int heads, int length, List<float[]> probabilities, List<float[]> gradients) {
        this(heads, length, probabilities, gradients, 1);
    }

    /** @throws IllegalArgumentException if there are fewer tokens than are read, or no layer, a layer is not of H·T·T numbers, or gradients are there for some layers only */
    public AttentionMaps {
        probabilities = List.copyOf(probabilities);
        gradients = List.copyOf(gradients);
        if (readers < 1 || readers > length) {
            throw new IllegalArgumentException("a classifier cannot read " + readers + " of " + length + " tokens");
        }
        if (probabilities.isEmpty() || (!gradients.isEmpty() && gradients.size() != probabilities.size())) {
            throw new IllegalArgumentException("attention of " + probabilities.size() + " layers with gradients of "
                    + gradients.size() + "; every layer has both, or none has gradients, and there is a layer");
        }
        requireSize("probabilities", probabilities, heads, length);
        requireSize("gradients", gradients, heads, length);
    }

    private static void requireSize(String what, List<float[]> layers, int heads, int length) {
        for (int layer = 0; layer < layers.size(); layer++) {
            if (layers.get(layer).length != heads * length * length) {
                throw new IllegalArgumentException(what + " of layer " + layer + " are " + layers.get(layer).length
                        + " numbers, not " + heads + " heads × " + length + " × " + length + " tokens");
            }
        }
    }

    /** Number of layers. */
    public int layers() {
        return probabilities.size();
    }

    /** Whether gradients are there. */
    public boolean hasGradients() {
        return !gradients.isEmpty();
    }

    /** How much of its attention token {@code query} gives to token {@code key} in a head of a layer. */
    public float probability(int layer, int head, int query, int key) {
        return probabilities.get(layer)[(head * length + query) * length + key];
    }
}
