package dev.limpid.attribution.explain;

import dev.limpid.attribution.Accuracy;

/**
 * The explanation of one scalar that a classifier computed from an image.
 *
 * @param target {@code class}, or {@code contrast} for the difference of two
 * @param index the class; of a contrast the first
 * @param label its label, or both of a contrast
 * @param score F(x): the logit, or the difference of two
 * @param baselineScore F(x0); NaN for methods without a baseline
 * @param delta {@code Σ values − (score − baselineScore)}; NaN for methods that do not sum to it
 * @param method its name
 * @param quadrature the rule's name; null for methods without one
 * @param steps points at which the network was evaluated
 * @param accuracy how exact the integral was to be, and whether it is; null for methods that aim at nothing
 * @param values (C, H, W) in the model's input: what every value of every channel added
 */
public record ImageAttribution(String target, int index, String label, double score, double baselineScore, double delta,
        String method, String quadrature, int steps, Accuracy accuracy, double[] values) {
    /** The explanation by a method that aims at no accuracy. */
    public ImageAttribution(String target, int index, String label, double score, double baselineScore, double delta,
            String method, String quadrature, int steps, double[] values) {
        this(target, index, label, score, baselineScore, delta, method, quadrature, steps, null, values);
    }

    /** The sum of the attributions. */
    public double attributionSum() {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
