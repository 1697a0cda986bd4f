package dev.limpid.attribution.metric;

/**
 * F while features are taken away, or put in, most important first.
 *
 * @param fractions share of the groups taken away (put in) so far, from 0 to 1
 * @param scores F there
 */
public record Curve(double[] fractions, double[] scores) {
    /** The area under the curve, by the trapezoid rule. */
    public double auc() {
        double area = 0;
        for (int i = 1; i < scores.length; i++) {
            area += (fractions[i] - fractions[i - 1]) * (scores[i] + scores[i - 1]) / 2;
        }
        return area;
    }
}
