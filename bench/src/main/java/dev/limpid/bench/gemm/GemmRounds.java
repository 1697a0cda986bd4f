package dev.limpid.bench.gemm;

import dev.limpid.bench.BenchException;
import dev.limpid.bench.Clock;
import dev.limpid.bench.rounds.FmaPeak;
import dev.limpid.bench.rounds.Rounds;
import java.util.Arrays;
import java.util.List;

/** Times contenders on one shape, and holds their results against the first one's. */
final class GemmRounds {
    private static final double LEAST_FLOPS = 1e9;
    private static final long WARM_UP_NANOSECONDS = 300_000_000;

    private final GemmShape shape;
    private final List<Contender> contenders;
    private final Clock clock;
    private final int repeats;
    private final Rounds rounds;
    private Operands operands;
    private float[] result;
    private double worstDifference;

    GemmRounds(GemmShape shape, List<Contender> contenders, FmaPeak peak, Clock clock) {
        this.shape = shape;
        this.contenders = contenders;
        this.clock = clock;
        repeats = (int) Math.max(1, LEAST_FLOPS / shape.flops());
        rounds = new Rounds(peak,
                contenders.stream().<Rounds.Contender>map(each -> () -> seconds(each)).toList());
    }

    /** Does rounds until {@code wanted} count, but no more than {@code most} at this call. */
    void measure(int wanted, int most) throws InterruptedException {
        if (counted() >= wanted) {
            return;
        }
        operands = new Operands(shape, 1);
        result = operands.newC();
        check();
        rounds.measure(wanted, most);
        operands = null; // the shapes together would fill the memory
        result = null;
    }

    private double seconds(Contender contender) throws InterruptedException {
        long start = clock.nanoseconds();
        for (int repeat = 0; repeat < repeats; repeat++) {
            contender.multiply(operands, result);
        }
        double seconds = (clock.nanoseconds() - start) * 1e-9;
        contender.rest();
        return seconds;
    }

    /** Warms every contender up and holds its result against the first one's. */
    private void check() throws InterruptedException {
        float[] expected = operands.newC();
        float[] c = result;
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
        return rounds.counted();
    }

    int discarded() {
        return rounds.discarded();
    }

    /** The largest difference between a contender's result and the first one's. */
    double worstDifference() {
        return worstDifference;
    }

    /** The median rate of one contender over the rounds that count, in GFLOP/s; NaN where none does. */
    double median(int contender) {
        return repeats * shape.flops() / rounds.median(contender) * 1e-9;
    }
}
