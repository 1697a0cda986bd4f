package dev.limpid.attribution.render.picture;

import java.util.List;

/**
 * What a map of attributions explains, and how it was made.
 *
 * @param label name of the class, or of the difference of classes, explained
 * @param method id of the method: {@code integrated-gradients}
 * @param baseline what the image is compared with; null for a method without
 * @param nSteps nodes of the quadrature; 0 for a method without
 * @param score the logit explained
 * @param baselineScore the same of the baseline; null for a method without
 * @param delta the sum of the attributions − (score − baseline score); null for a method that promises no sum
 * @param facts more of how it was made, shown as they are
 */
public record Explained(String label, String method, String baseline, int nSteps, double score, Double baselineScore,
        Double delta, List<Fact> facts) {
    public Explained {
        facts = List.copyOf(facts);
    }

    /**
     * Something about how a map was made.
     *
     * @param term what: {@code Samples}
     * @param value {@code 10}
     */
    public record Fact(String term, String value) {}
}
