package dev.limpid.attribution;

import java.util.Arrays;
import java.util.List;

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
        return (logits, dLogits) -> softmax(logits, dLogits, index, 0, logits.length);
    }

    /** A class's probability among the logits {@code from} to {@code to} (without it) of the row, such as those of one token. */
    static Target probability(int index, int from, int to) {
        return (logits, dLogits) -> softmax(logits, dLogits, index, from, to);
    }

    private static double softmax(double[] logits, double[] dLogits, int index, int from, int to) {
        double max = Arrays.stream(logits, from, to).max().orElseThrow();
        double sum = 0;
        for (int j = from; j < to; j++) {
            dLogits[j] = Math.exp(logits[j] - max);
            sum += dLogits[j];
        }
        double f = dLogits[index] / sum;
        for (int j = from; j < to; j++) {
            dLogits[j] = f * ((j == index ? 1 : 0) - dLogits[j] / sum);
        }
        return f;
    }

    /** The probability of a class that is right or not by itself, {@code F = 1/(1 + exp(−logits[index]))}, {@code dF/dlogits[index] = F·(1 − F)}. */
    static Target sigmoid(int index) {
        return (logits, dLogits) -> {
            double f = 1 / (1 + Math.exp(-logits[index]));
            dLogits[index] = f * (1 - f);
            return f;
        };
    }

    /**
     * The cosine of the angle between the row's output u, all of it, and a fixed vector v: {@code F = u·v/(‖u‖·‖v‖)}, {@code dF/du = v/(‖u‖·‖v‖) − F·u/‖u‖²}; 0 with gradient 0 where one of them has no
     * length.
     */
    static Target cosine(double[] v) {
        double[] fixed = v.clone();
        return (u, dU) -> {
            double product = 0;
            double uu = 0;
            double vv = 0;
            for (int j = 0; j < u.length; j++) {
                product += u[j] * fixed[j];
                uu += u[j] * u[j];
                vv += fixed[j] * fixed[j];
            }
            if (uu == 0 || vv == 0) {
                return 0;
            }
            double lengths = Math.sqrt(uu) * Math.sqrt(vv);
            double f = product / lengths;
            for (int j = 0; j < u.length; j++) {
                dU[j] = fixed[j] / lengths - f * u[j] / uu;
            }
            return f;
        };
    }

    /** {@code F = (1/n)·Σ_i F_i}. */
    static Target mean(List<Target> targets) {
        List<Target> all = List.copyOf(targets);
        return (logits, dLogits) -> {
            double sum = 0;
            for (Target target : all) {
                double[] d = new double[dLogits.length];
                sum += target.evaluate(logits, d);
                for (int j = 0; j < d.length; j++) {
                    dLogits[j] += d[j] / all.size();
                }
            }
            return sum / all.size();
        };
    }

    /** {@code F − other}. */
    default Target minus(Target other) {
        return (logits, dLogits) -> {
            double[] d = new double[dLogits.length];
            double subtracted = other.evaluate(logits, d);
            double f = evaluate(logits, dLogits);
            for (int j = 0; j < d.length; j++) {
                dLogits[j] -= d[j];
            }
            return f - subtracted;
        };
    }

    /** {@code constant − F}: why F is not larger. */
    default Target subtractedFrom(double constant) {
        return (logits, dLogits) -> {
            double f = evaluate(logits, dLogits);
            for (int j = 0; j < dLogits.length; j++) {
                dLogits[j] = -dLogits[j];
            }
            return constant - f;
        };
    }
}
