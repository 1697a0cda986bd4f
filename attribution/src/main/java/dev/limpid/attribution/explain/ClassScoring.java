package dev.limpid.attribution.explain;

import dev.limpid.attribution.Target;
import java.util.Arrays;
import java.util.Locale;

/** How probabilities are made of a classifier's logits. */
public enum ClassScoring {
    /**
     * As Hugging Face's text-classification pipeline decides: nothing for {@code problem_type} {@code regression}, the sigmoid for
     * {@code multi_label_classification} and for a single logit, else softmax.
     */
    AUTO,
    /** {@code softmax(logits)[c]}: one class is right. */
    SOFTMAX,
    /** {@code 1/(1 + exp(−logits[c]))}: each class is right or not by itself. */
    SIGMOID,
    /** No probability: the logits are amounts. */
    NONE;

    /** The name used in options and in JSON: {@code softmax}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What {@link #AUTO} stands for in a model; every other is itself. */
    ClassScoring of(String problemType, int labels) {
        if (this != AUTO) {
            return this;
        }
        if ("regression".equals(problemType)) {
            return NONE;
        }
        return "multi_label_classification".equals(problemType) || labels == 1 ? SIGMOID : SOFTMAX;
    }

    /** A class's probability as a target; the logit itself where there are no probabilities. */
    Target target(int index) {
        return switch (this) {
            case SOFTMAX -> Target.probability(index);
            case SIGMOID -> Target.sigmoid(index);
            case NONE, AUTO -> Target.logit(index);
        };
    }

    /** The probabilities of all classes; NaN where there are none. */
    double[] probabilities(double[] logits) {
        double[] p = new double[logits.length];
        double largest = Arrays.stream(logits).max().orElseThrow();
        double sum = Arrays.stream(logits).map(logit -> Math.exp(logit - largest)).sum();
        Arrays.setAll(p, i -> switch (this) {
            case SOFTMAX -> Math.exp(logits[i] - largest) / sum;
            case SIGMOID -> 1 / (1 + Math.exp(-logits[i]));
            case NONE, AUTO -> Double.NaN;
        });
        return p;
    }
}
