package dev.limpid.attribution;

/**
 * What a {@link Method} found for one target.
 *
 * @param values an attribution of each feature, in the order of the {@link FeatureSpace}
 * @param score F(x)
 * @param baselineScore F(x0), or NaN for methods without a baseline
 * @param steps points of the path, or perturbed inputs, at which the network was evaluated for it
 * @param accuracy how exact the integral was to be, and whether it is; null for methods that aim at nothing
 */
public record Attribution(double[] values, double score, double baselineScore, int steps, Accuracy accuracy) {
    /** One of a method that aims at no accuracy. */
    public Attribution(double[] values, double score, double baselineScore, int steps) {
        this(values, score, baselineScore, steps, null);
    }

    /** {@code Σ values}. */
    public double sum() {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    /** The convergence delta {@code Σ values − (F(x) − F(x0))}, of use for {@linkplain Method#complete complete} methods only. */
    public double delta() {
        return sum() - (score - baselineScore);
    }
}
