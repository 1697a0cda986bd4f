package dev.limpid.bench.rounds;

import dev.limpid.bench.Clock;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * How many multiplications and additions a core can do: twelve independent chains of vector fused multiply-adds,
 * nothing else.
 *
 * <p>Its best is the machine's peak; what it does at any one moment tells whether somebody else uses the core.
 */
public final class FmaPeak implements AutoCloseable {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 12;
    private static final int STEPS = 4_000_000;

    private final Clock clock;
    private final ExecutorService threads;
    private final float[] factors;
    private final List<Callable<Float>> work;
    /** Unless the sums go somewhere C2 leaves them out. */
    @SuppressWarnings("UnusedVariable")
    private volatile float sink;
    private double best;

    /** The peak of each of {@code threads} threads that run at the same time. */
    public FmaPeak(Clock clock, int threads) {
        this.clock = clock;
        this.threads = Executors.newFixedThreadPool(threads);
        // From an array: constants C2 would load anew for every use.
        factors = new float[2 * SPECIES.length()];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = 1e-3f * (i + 1);
        }
        work = Collections.nCopies(threads, () -> chains(factors));
    }

    /** Runs for some ten milliseconds; floating-point operations per nanosecond and thread. */
    public double measure() throws InterruptedException {
        long start = clock.nanoseconds();
        if (work.size() == 1) {
            sink = chains(factors);
        } else {
            for (Future<Float> sum : threads.invokeAll(work)) {
                sink = sum.resultNow();
            }
        }
        double rate = 2.0 * CHAINS * SPECIES.length() * STEPS / (clock.nanoseconds() - start);
        best = Math.max(best, rate);
        return rate;
    }

    /** The highest rate so far. */
    public double best() {
        return best;
    }

    @Override
    public void close() {
        threads.shutdown();
    }

    private static float chains(float[] factors) {
        FloatVector a = FloatVector.fromArray(SPECIES, factors, 0);
        FloatVector b = FloatVector.fromArray(SPECIES, factors, SPECIES.length());
        FloatVector c0 = a;
        FloatVector c1 = a;
        FloatVector c2 = a;
        FloatVector c3 = a;
        FloatVector c4 = a;
        FloatVector c5 = a;
        FloatVector c6 = a;
        FloatVector c7 = a;
        FloatVector c8 = a;
        FloatVector c9 = a;
        FloatVector c10 = a;
        FloatVector c11 = a;
        for (int i = 0; i < STEPS; i++) {
            c0 = a.fma(b, c0);
            c1 = a.fma(b, c1);
            c2 = a.fma(b, c2);
            c3 = a.fma(b, c3);
            c4 = a.fma(b, c4);
            c5 = a.fma(b, c5);
            c6 = a.fma(b, c6);
            c7 = a.fma(b, c7);
            c8 = a.fma(b, c8);
            c9 = a.fma(b, c9);
            c10 = a.fma(b, c10);
            c11 = a.fma(b, c11);
        }
        FloatVector even = c0.add(c2).add(c4).add(c6).add(c8).add(c10);
        FloatVector odd = c1.add(c3).add(c5).add(c7).add(c9).add(c11);
        return even.add(odd).reduceLanes(VectorOperators.ADD);
    }
}
