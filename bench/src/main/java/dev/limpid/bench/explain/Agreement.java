package dev.limpid.bench.explain;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How near attributions are to others of the same.
 *
 * @param largest the largest difference, relative to the largest of the others
 * @param rankCorrelation Spearman's
 */
public record Agreement(double largest, double rankCorrelation) {
    public static Agreement of(double[] values, double[] others) {
        double largest = 0;
        double scale = 0;
        for (int i = 0; i < values.length; i++) {
            largest = Math.max(largest, Math.abs(values[i] - others[i]));
            scale = Math.max(scale, Math.abs(others[i]));
        }
        return new Agreement(largest / scale, correlation(ranks(values), ranks(others)));
    }

    /** The place of each number among all; equal ones, which real attributions hardly have, in their order. */
    private static double[] ranks(double[] values) {
        int[] order = IntStream.range(0, values.length).boxed().sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue).toArray();
        double[] ranks = new double[values.length];
        for (int place = 0; place < order.length; place++) {
            ranks[order[place]] = place;
        }
        return ranks;
    }

    private static double correlation(double[] x, double[] y) {
        double mean = Arrays.stream(x).average().orElse(0);
        double xy = 0;
        double xx = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - mean) * (y[i] - mean);
            xx += (x[i] - mean) * (x[i] - mean);
        }
        return xx == 0 ? 1 : xy / xx;
    }
}
