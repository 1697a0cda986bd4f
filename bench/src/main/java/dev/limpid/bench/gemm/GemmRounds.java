package dev.limpid.bench.gemm;

import dev.limpid.bench.BenchException;
import dev.limpid.bench.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Times contenders on one shape in alternating rounds.
 *
 * <p>A round runs each contender once, in an order that turns from round to round, between two runs of {@link FmaPeak}.
 * It counts when both reach 90 % of the best peak of the whole run; where they do not, the core was shared or
 * throttled.
 */
final class GemmRounds {
    private static final double QUIET = 0.9;
    private static final double LEAST_FLOPS = 1e9;
    private static final long WARM_UP_NANOSECONDS = 300_000_000;

    private final GemmShape shape;
    private final List<Contender> contenders;
    private final FmaPeak peak;
    private final Clock clock;
    private final List<Round> rounds = new ArrayList<>();
    private double worstDifference;

    GemmRounds(GemmShape shape, List<Contender> contenders, FmaPeak peak, Clock clock) {
        this.shape = shape;
        this.contenders = contenders;
        this.peak = peak;
        this.clock = clock;
    }

    /** One round: the lower of the two peaks beside it, and each contender's GFLOP/s. */
    record Round(double peak, double[] rates) {}

    /** Does rounds until {@code wanted} count, but no more than {@code most} at this call. */
    void measure(int wanted, int most) throws InterruptedException {
        if (counted() >= wanted) {
            return;
        }
        Operands operands = new Operands(shape, 1);
        check(operands);
        float[] c = operands.newC();
        int repeats = (int) Math.max(1, LEAST_FLOPS / shape.flops());
        for (int i = 0; i < most && counted() < wanted; i++) {
            rounds.add(round(operands, c, repeats, rounds.size()));
        }
    }

    private Round round(Operands operands, float[] c, int repeats, int turn) throws InterruptedException {
        double[] rates = new double[contenders.size()];
        double before = peak.measure();
        for (int i = 0; i < rates.length; i++) {
            int which = (i + turn) % rates.length;
            long start = clock.nanoseconds();
            for (int repeat = 0; repeat < repeats; repeat++) {
                contenders.get(which).multiply(operands, c);
            }
            rates[which] = repeats * shape.flops() / (clock.nanoseconds() - start);
            contenders.get(which).rest();
        }
        return new Round(Math.min(before, peak.measure()), rates);
    }

    /** Warms every contender up and holds its result against the first one's. */
    private void check(Operands operands) throws InterruptedException {
        float[] expected = operands.newC();
        float[] c = operands.newC();
        for (Contender contender : contenders) {
            long start = System.nanoTime();
            Arrays.fill(c, Float.NaN);
            do {
                contender.multiply(operands, c);
            } while (System.nanoTime() - start < WARM_UP_NANOSECONDS);
            contender.rest();
            if (contender.equals(contenders.get(0))) {
                System.arraycopy(c, 0, expected, 0, c.length);
            }
            double difference = Operands.distance(c, expected);
            if (!(difference <= operands.tolerance())) {
                throw new BenchException(contender.name() + " computes " + shape + " wrong: it differs from "
                        + contenders.get(0).name() + " by " + difference + ", allowed are " + operands.tolerance());
            }
            worstDifference = Math.max(worstDifference, difference);
        }
    }

    GemmShape shape() {
        return shape;
    }

    /** How many rounds count by the best peak known now. */
    int counted() {
        return counting(rounds, peak.best()).size();
    }

    int discarded() {
        return rounds.size() - counted();
    }

    /** The largest difference between a contender's result and the first one's. */
    double worstDifference() {
        return worstDifference;
    }

    /** The median rate of one contender over the rounds that count; NaN where none does. */
    double median(int contender) {
        return median(rounds, contender, peak.best());
    }

    static List<Round> counting(List<Round> rounds, double bestPeak) {
        return rounds.stream().filter(round -> round.peak >= QUIET * bestPeak).toList();
    }

    static double median(List<Round> rounds, int contender, double bestPeak) {
        double[] rates = counting(rounds, bestPeak).stream().mapToDouble(round -> round.rates[contender]).sorted()
                .toArray();
        if (rates.length == 0) {
            return Double.NaN;
        }
        int half = rates.length / 2;
        return rates.length % 2 == 1 ? rates[half] : (rates[half - 1] + rates[half]) / 2;
    }
}
