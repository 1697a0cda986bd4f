package dev.limpid.tensor.cpu;

/**
 * {@link Gemm} by a native library, for products large enough to be shared among threads; the others, attention's above all, are Java's, which are as fast and need no call
 * across.
 *
 * <p>The library runs on our threads, one block of C each, and never on its own: those would go on spinning for a while after each product, while our workers want the
 * processors. It does not round as the Java kernels do, and where it cuts depends on the number of threads: results are the same from run to run, not from one number
 * of threads to another.
 */
final class NativeGemm implements Gemm {
    /** Below this many multiplications a Java kernel is as fast. */
    private static final long WORTH_A_CALL = 4_000_000;
    /** What blocks are multiples of, so that only the last has an edge. */
    private static final int ALIGNED = 16;

    private final NativeBlas library;
    private final Gemm java;

    /** Products by {@code library}, small ones by {@code java}. */
    NativeGemm(NativeBlas library, Gemm java) {
        this.library = library;
        this.java = java;
    }

    @Override
    public String name() {
        return library.name() + " and " + java.name();
    }

    @Override
    public void gemm(boolean transA, boolean transB, int m, int n, int k, float[] a, int aOffset, int lda, float[] b,
            int bOffset, int ldb, boolean accumulate, float[] c, int cOffset, int ldc, Parallel parallel) {
        if ((long) m * n * k < WORTH_A_CALL) {
            java.gemm(transA, transB, m, n, k, a, aOffset, lda, b, bOffset, ldb, accumulate, c, cOffset, ldc, parallel);
            return;
        }
        // The longer side is cut, so that the shorter factor is what every block packs again.
        boolean byRows = m >= n;
        int side = byRows ? m : n;
        int wanted = parallel.threads() == 1 ? 1 : 2 * parallel.threads();
        int size = Math.ceilDiv(Math.ceilDiv(side, wanted), ALIGNED) * ALIGNED;
        parallel.run(Math.ceilDiv(side, size), block -> {
            int from = block * size;
            int extent = Math.min(size, side - from);
            if (byRows) {
                library.sgemm(transA, transB, extent, n, k, a, aOffset + (transA ? from : from * lda), lda, b, bOffset,
                        ldb, accumulate, c, cOffset + from * ldc, ldc);
            } else {
                library.sgemm(transA, transB, m, extent, k, a, aOffset, lda, b,
                        bOffset + (transB ? from * ldb : from), ldb, accumulate, c, cOffset + from, ldc);
            }
        });
    }
}
