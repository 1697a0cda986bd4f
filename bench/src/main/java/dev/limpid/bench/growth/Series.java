package dev.limpid.bench.growth;

import java.util.Arrays;

/**
 * Seconds as one quantity grows, and what they should be.
 *
 * @param name of the quantity
 * @param law what the time should be proportional to, for a heading
 * @param x the quantity
 * @param cost what it should cost at each x, up to one factor and a constant
 * @param seconds measured
 */
record Series(String name, String law, double[] x, double[] cost, double[] seconds) {
    /** The line {@code constant + factor·cost} that is nearest, relative to the seconds, with no negative constant. */
    double[] fit() {
        double w = 0;
        double wc = 0;
        double wcc = 0;
        double wt = 0;
        double wct = 0;
        for (int i = 0; i < x.length; i++) {
            double weight = 1 / (seconds[i] * seconds[i]);
            w += weight;
            wc += weight * cost[i];
            wcc += weight * cost[i] * cost[i];
            wt += weight * seconds[i];
            wct += weight * cost[i] * seconds[i];
        }
        double factor = (w * wct - wc * wt) / (w * wcc - wc * wc);
        double constant = (wt - factor * wc) / w;
        if (constant < 0) {
            constant = 0;
            factor = wct / wcc;
        }
        double base = constant;
        double slope = factor;
        return Arrays.stream(cost).map(each -> base + slope * each).toArray();
    }

    /** The largest |seconds − fit| relative to the fit. */
    double deviation() {
        double[] fit = fit();
        double largest = 0;
        for (int i = 0; i < fit.length; i++) {
            largest = Math.max(largest, Math.abs(seconds[i] - fit[i]) / fit[i]);
        }
        return largest;
    }
}
