package dev.limpid.attribution;

import java.util.Arrays;

/** The scalar F that is explained, as a function of one row's logits. */
@FunctionalInterface
public interface Target {
    /**
     * F of a row.
     *
     * @param logits the row's logits
     * @param dLogits zeros, to which {@code dF/dlogits} is written
     */
    double evaluate(double[] logits, double[] dLogits);

    /** One fixed logit, {@code F = logits[index]}. */
    static Target logit(int index) {
        return (logits, dLogits) -> {
            dLogits[index] = 1;
            return logits[index];
        };
    }

    /** The largest of some logits, chosen anew at every point of the path; the first of equals takes the gradient. */
    static Target maxLogit(int... indices) {
        int[] among = indices.clone();
        return (logits, dLogits) -> {
            int best = Arrays.stream(among).reduce((a, b) -> logits[b] > logits[a] ? b : a).orElseThrow();
            dLogits[best] = 1;
            return logits[best];
        };
    }
}
