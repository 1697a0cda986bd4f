package dev.limpid.bench.explain;

import dev.limpid.bench.BenchContext;
import dev.limpid.bench.BenchException;
import java.util.Arrays;
import java.util.Locale;

/**
 * How long something took, in seconds.
 *
 * @param first the first run
 * @param median of the further ones
 * @param best of the further ones
 */
record Timing(double first, double median, double best) {
    /** Warms up, and then runs once for each round. */
    static Timing of(BenchContext context, Runnable work) {
        int warmUp = context.explanations().warmUp();
        double[] seconds = new double[warmUp + context.rounds()];
        for (int round = 0; round < seconds.length; round++) {
            long start = System.nanoTime();
            work.run();
            seconds[round] = (System.nanoTime() - start) * 1e-9;
        }
        double[] sorted = Arrays.stream(seconds, warmUp, seconds.length).sorted().toArray();
        return new Timing(seconds[0], sorted[sorted.length / 2], sorted[0]);
    }

    static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** Refuses an explanation whose delta says that it is wrong. */
    static void requireComplete(String model, double delta, double change, double share) {
        require(Math.abs(delta) <= share * Math.max(Math.abs(change), 0.1),
                model + ": the delta " + delta + " is too large for a change of " + change);
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new BenchException(otherwise);
        }
    }
}
