package dev.limpid.attribution.explain;

import java.util.Locale;

/** What number of a classifier is explained. */
public enum ScoreKind {
    /** The class's logit: the number the network computes, on which classes do not compete. */
    LOGIT,
    /** The class's probability: softmax or sigmoid of the logits, which saturates. */
    PROBABILITY,
    /** The cosine of the angle between two sentences' vectors. */
    COSINE;

    /** The name used in options and in JSON: {@code logit}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
