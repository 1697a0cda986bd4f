package dev.limpid.tensor.cpu;

import java.util.function.Supplier;

/**
 * Answers by a kernel that is fast at once while a daemon thread brings the JIT to compile one that is faster later.
 *
 * <p>Vector API code runs as boxed objects until C2 has compiled it, about half a second of work, which a program that
 * runs for three seconds had better do beside loading its model. All kernels give the same bits ({@link Gemm}), so
 * nobody can tell from a result which one answered. Where the later kernel never becomes fast (no C2), the first one
 * stays.
 */
final class GemmWarmUp implements Gemm {

    /** Boxed code reaches a thousandth of this, compiled code many times it, on any processor and a busy one too. */
    private static final double COMPILED_FLOPS_PER_NANOSECOND = 2;
    private static final long GIVE_UP_AFTER_NANOSECONDS = 20_000_000_000L;
    /**
     * With few steps of K the calls that make a method hot come sooner; not a multiple of any tile, to reach the edges.
     */
    private static final int ROWS = 50;
    private static final int COLUMNS = 70;
    private static final int DEPTH = 20;

    private final Supplier<String> name;
    private final Thread thread;
    private volatile Gemm current;

    /** Starts with {@code first} and replaces it by what {@code later} makes, once that is compiled. */
    GemmWarmUp(Supplier<String> name, Gemm first, Supplier<Gemm> later) {
        this.name = name;
        current = first;
        thread = Thread.ofPlatform().daemon().name("limpid-gemm-warm-up").start(() -> {
            Gemm gemm = later.get();
            if (compiled(gemm)) {
                current = gemm;
            }
        });
    }

    /** The kernel that will answer in the long run. */
    @Override
    public String name() {
        return name.get();
    }

    @Override
    public void gemm(boolean transA, boolean transB, int m, int n, int k, float[] a, int aOffset, int lda, float[] b,
            int bOffset, int ldb, boolean accumulate, float[] c, int cOffset, int ldc, Parallel parallel) {
        current.gemm(transA, transB, m, n, k, a, aOffset, lda, b, bOffset, ldb, accumulate, c, cOffset, ldc, parallel);
    }

    @Override
    public PackedMatrix pack(boolean transB, int n, int k, float[] b, int bOffset, int ldb, Parallel parallel) {
        return current.pack(transB, n, k, b, bOffset, ldb, parallel);
    }

    /** Waits for the end of the warm-up and returns the kernel that answers from then on. */
    Gemm settled() throws InterruptedException {
        thread.join();
        return current;
    }

    private static boolean compiled(Gemm gemm) {
        float[] a = new float[ROWS * DEPTH];
        float[] b = new float[DEPTH * COLUMNS];
        float[] c = new float[ROWS * COLUMNS];
        long start = System.nanoTime();
        long before = start;
        while (before - start < GIVE_UP_AFTER_NANOSECONDS) {
            for (int variant = 0; variant < 8; variant++) {
                boolean transA = (variant & 1) != 0;
                boolean transB = (variant & 2) != 0;
                gemm.gemm(transA, transB, ROWS, COLUMNS, DEPTH, a, 0, transA ? ROWS : DEPTH, b, 0,
                        transB ? DEPTH : COLUMNS, (variant & 4) != 0, c, 0, COLUMNS, Parallel.SERIAL);
            }
            long after = System.nanoTime();
            if (8 * 2.0 * ROWS * COLUMNS * DEPTH > COMPILED_FLOPS_PER_NANOSECOND * (after - before)) {
                return true;
            }
            before = after;
        }
        return false;
    }
}
