package dev.limpid.attribution.attention;

import dev.limpid.attribution.Attribution;
import dev.limpid.attribution.FeatureSpace;
import dev.limpid.attribution.Method;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention rollout: attention traced through the layers down to the input tokens.
 *
 * <p>Heads are fused and the residual connection is taken for an equal share, {@code Â^l = rownorm(fuse_h A^l_h + I)}, and the layers are multiplied,
 * {@code R^l = Â^l ⋯ Â^1}; the row of a token tells how much of it comes from each input token, and sums to 1. It needs no gradient and knows no target: it is the same
 * whatever the model answers. As a method it gives every token its share of [CLS] or whatever else the classifier reads.
 *
 * <p>Abnar and Zuidema 2020, arXiv 2005.00928, where heads are averaged, so that {@code Â = ½(E_h A_h + I)}. Fusing by the largest or smallest head is a common variant.
 *
 * @param fusion how the heads of a layer become one
 */
public record AttentionRollout(Fusion fusion) implements Method {
    /** How the heads of a layer become one map. */
    public enum Fusion {
        /** Their mean, as in the paper. */
        MEAN,
        /** The largest probability of each pair of tokens. */
        MAX,
        /** The smallest probability of each pair of tokens. */
        MIN
    }

    /** As in the paper. */
    public static final AttentionRollout DEFAULT = new AttentionRollout(Fusion.MEAN);

    @Override
    public String id() {
        return "attention-rollout";
    }

    @Override
    public boolean complete() {
        return false;
    }

    /** @throws IllegalArgumentException if the features do not stand in front of a transformer */
    @Override
    public List<Attribution> attribute(FeatureSpace space, double[] input, double[] baseline, List<Target> targets,
            RunOptions options) {
        return AttentionAttribution.of(space, input, targets, options, false, this::ofClassifier);
    }

    /** {@code R^l}, (T, T), after each layer. */
    public List<double[]> layers(AttentionMaps maps) {
        int length = maps.length();
        List<double[]> all = new ArrayList<>();
        double[] total = TokenMatrix.identity(length);
        for (float[] probabilities : maps.probabilities()) {
            total = TokenMatrix.product(withResidual(probabilities, maps.heads(), length), total, length);
            all.add(total);
        }
        return all;
    }

    /** What the last layer's token {@code token} is made of: its row of the last {@code R}, a share for each input token. */
    public double[] scores(AttentionMaps maps, int token) {
        return TokenMatrix.row(layers(maps).getLast(), token, maps.length());
    }

    /** The share of each token in what the classifier reads, which is [CLS] (the mean, where it reads two tokens). */
    public double[] ofClassifier(AttentionMaps maps) {
        return TokenMatrix.meanRow(layers(maps).getLast(), maps.readers(), maps.length());
    }

    private double[] withResidual(float[] probabilities, int heads, int length) {
        double[] fused = new double[length * length];
        for (int i = 0; i < fused.length; i++) {
            fused[i] = fuse(probabilities, heads, i, fused.length);
        }
        for (int i = 0; i < length; i++) {
            fused[i * length + i] += 1;
            double sum = 0;
            for (int j = 0; j < length; j++) {
                sum += fused[i * length + j];
            }
            for (int j = 0; j < length; j++) {
                fused[i * length + j] /= sum;
            }
        }
        return fused;
    }

    private double fuse(float[] probabilities, int heads, int at, int stride) {
        double fused = probabilities[at];
        for (int h = 1; h < heads; h++) {
            double next = probabilities[h * stride + at];
            fused = switch (fusion) {
                case MEAN -> fused + next;
                case MAX -> Math.max(fused, next);
                case MIN -> Math.min(fused, next);
            };
        }
        return fusion == Fusion.MEAN ? fused / heads : fused;
    }
}
