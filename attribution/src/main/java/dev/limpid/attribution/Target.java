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

    /** Why {@code a} rather than {@code b}: {@code F = logits[a] − logits[b]}, 0 with gradient 0 if they are the same. */
    static Target difference(int a, int b) {
        return (logits, dLogits) -> {
            dLogits[a] += 1;
            dLogits[b] -= 1;
            return logits[a] - logits[b];
        };
    }

    /** A class's probability among all logits of the row, {@code F = softmax(logits)[index]}, {@code dF/dlogits[j] = F·([j = index] − softmax(logits)[j])}. */
    static Target probability(int index) {
        return (logits, dLogits) -> {
            double max = Arrays.stream(logits).max().orElseThrow();
            double sum = 0;
            for (int j = 0; j < logits.length; j++) {
                dLogits[j] = Math.exp(logits[j] - max);
                sum += dLogits[j];
            }
            double f = dLogits[index] / sum;
            for (int j = 0; j < logits.length; j++) {
                dLogits[j] = f * ((j == index ? 1 : 0) - dLogits[j] / sum);
            }
            return f;
        };
    }
}
