package dev.limpid.attribution.attention;

import dev.limpid.attribution.Attribution;
import dev.limpid.attribution.FeatureSpace;
import dev.limpid.attribution.Method;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradient-weighted attention: how much each input token matters to a target, by the attention that speaks for it.
 *
 * <p>Each layer's heads are weighed by their gradient and averaged, {@code Ā^l = E_h (∇A^l_h ⊙ A^l_h)⁺}, and summed up through the layers,
 * {@code R^0 = I}, {@code R^l = R^(l−1) + Ā^l·R^(l−1)}. A row of R tells what the token of that row takes from each input token; it is not normalised. As a method it gives every token
 * its relevance to [CLS] or whatever else the classifier reads.
 *
 * <p>Chefer, Gur and Wolf 2021, arXiv 2103.15679, equations 5 and 6, for self-attention.
 */
public record GradientWeightedAttention() implements Method {
    @Override
    public String id() {
        return "gradient-weighted-attention";
    }

    @Override
    public boolean complete() {
        return false;
    }

    /** @throws IllegalArgumentException if the features do not stand in front of a transformer */
    @Override
    public List<Attribution> attribute(FeatureSpace space, double[] input, double[] baseline, List<Target> targets,
            RunOptions options) {
        return AttentionAttribution.of(space, input, targets, options, true, GradientWeightedAttention::ofClassifier);
    }

    /**
     * {@code (∇A ⊙ A)⁺} of one layer, (H, T, T).
     *
     * @throws IllegalArgumentException if the maps have no gradients
     */
    public static float[] weighted(AttentionMaps maps, int layer) {
        requireGradients(maps);
        float[] a = maps.probabilities().get(layer);
        float[] gradient = maps.gradients().get(layer);
        float[] weighted = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            weighted[i] = Math.max(0, a[i] * gradient[i]);
        }
        return weighted;
    }

    /**
     * {@code R^l}, (T, T), after each layer.
     *
     * @throws IllegalArgumentException if the maps have no gradients
     */
    public static List<double[]> layers(AttentionMaps maps) {
        requireGradients(maps);
        int length = maps.length();
        List<double[]> all = new ArrayList<>();
        double[] total = TokenMatrix.identity(length);
        for (int layer = 0; layer < maps.layers(); layer++) {
            double[] next = TokenMatrix.product(mean(maps, layer), total, length);
            for (int i = 0; i < next.length; i++) {
                next[i] += total[i];
            }
            total = next;
            all.add(total);
        }
        return all;
    }

    /**
     * The relevance of each input token to the last layer's token {@code token}: its row of the last {@code R}. The classifier reads [CLS], token 0.
     *
     * @throws IllegalArgumentException if the maps have no gradients
     */
    public static double[] scores(AttentionMaps maps, int token) {
        return TokenMatrix.row(layers(maps).getLast(), token, maps.length());
    }

    /**
     * The relevance of each token to what the classifier reads, which is [CLS] (the mean, where it reads two tokens), without the identity that R begins with, in
     * every input.
     *
     * @throws IllegalArgumentException if the maps have no gradients
     */
    public static double[] ofClassifier(AttentionMaps maps) {
        double[] relevance = TokenMatrix.meanRow(layers(maps).getLast(), maps.readers(), maps.length());
        for (int i = 0; i < maps.readers(); i++) {
            relevance[i] -= 1.0 / maps.readers();
        }
        return relevance;
    }

    /** {@code Ā} of a layer, multiplied and summed in double precision. */
    private static double[] mean(AttentionMaps maps, int layer) {
        float[] a = maps.probabilities().get(layer);
        float[] gradient = maps.gradients().get(layer);
        double[] mean = new double[maps.length() * maps.length()];
        for (int i = 0; i < a.length; i++) {
            mean[i % mean.length] += Math.max(0, (double) a[i] * gradient[i]);
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= maps.heads();
        }
        return mean;
    }

    private static void requireGradients(AttentionMaps maps) {
        if (!maps.hasGradients()) {
            throw new IllegalArgumentException(
                    "gradient-weighted attention needs the gradients of a target, and these maps have none; read them with a target");
        }
    }
}
