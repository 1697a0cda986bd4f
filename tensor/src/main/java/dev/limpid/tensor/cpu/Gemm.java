package dev.limpid.tensor.cpu;

import java.util.Arrays;

/**
 * C = op(A)·op(B), or C + op(A)·op(B) when accumulating, in F32 over row-major matrices with leading dimensions.
 *
 * <p>Every implementation computes each element of C by one and the same sequence of roundings: the K axis is cut into
 * blocks of {@link #blockDepth}, a block's partial sum starts at 0 and takes its products in ascending order by fused
 * multiply-add, and the blocks are added to C in ascending order. So a result does not depend on the number of threads,
 * on how rows and columns are cut into tiles, or on the implementation.
 */
interface Gemm {

    /**
     * The longest run of products summed in one register; bounds the working set of a tile and the growth of rounding
     * errors alike.
     */
    int MAX_BLOCK_DEPTH = 256;

    /** What the output names as the kernel: {@code vector-512}, {@code vector-256}, {@code plain}. */
    String name();

    /**
     * Computes C(m,n) from op(A)(m,k) and op(B)(k,n).
     *
     * @param transA A is stored (k,m) when set, (m,k) otherwise
     * @param transB B is stored (n,k) when set, (k,n) otherwise
     * @param lda    floats from one stored row of A to the next; {@code ldb} and {@code ldc} likewise
     * @param c      must share no element with {@code a} and {@code b}; elements outside the m × n window stay
     *       untouched
     */
    void gemm(boolean transA, boolean transB, int m, int n, int k, float[] a, int aOffset, int lda, float[] b,
            int bOffset, int ldb, boolean accumulate,
            float[] c, int cOffset, int ldc, Parallel parallel);

    /**
     * B(k,n) in the order this kernel reads it, for products that share it; null where the kernel has none.
     *
     * @param transB B is stored (n,k) when set, (k,n) otherwise
     */
    default PackedMatrix pack(boolean transB, int n, int k, float[] b, int bOffset, int ldb, Parallel parallel) {
        return null;
    }

    /** What is done with blocks of C while they lie in a cache. */
    interface Blocks {
        /** Nothing. */
        Blocks NONE = new Blocks() {
        };

        /** Before rows {@code row} to {@code row + rows} of columns {@code column} to {@code column + columns} are computed. */
        default void before(int row, int rows, int column, int columns) {}

        /** When they are. */
        default void after(int row, int rows, int column, int columns) {}
    }

    /**
     * The length of the blocks the K axis is cut into: as equal as possible, none over {@link #MAX_BLOCK_DEPTH}; a
     * function of k alone.
     */
    static int blockDepth(int k) {
        int blocks = Math.max(1, Math.ceilDiv(k, MAX_BLOCK_DEPTH));
        return Math.max(1, Math.ceilDiv(k, blocks));
    }

    /** Writes zeros to the m × n window of C: the product over an empty K axis. */
    static void clear(int m, int n, float[] c, int cOffset, int ldc) {
        for (int i = 0; i < m; i++) {
            Arrays.fill(c, cOffset + i * ldc, cOffset + i * ldc + n, 0f);
        }
    }
}
