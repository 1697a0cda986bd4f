package dev.limpid.tensor.cpu;

import java.util.Arrays;

/**
 * {@link Gemm} in plain loops that C2 turns into vector instructions; needs no flag and no module.
 *
 * <p>The inner loop runs along the columns of three rows of C at once and takes four steps of K in each pass, so that
 * seven loads and three stores feed twelve multiplications. All its arrays are indexed by the bare loop variable: with
 * an offset beside it C2 cannot rule out overlap and stays scalar.
 */
final class PlainGemm implements Gemm {

    private static final int ROWS = 3;
    private static final int STEPS = 4;
    private static final int BLOCK_COLUMNS = 256;
    private static final long SERIAL_BELOW = 500_000;
    private static final boolean FUSED = GemmSelection.fusedMultiplyAdd();

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public void gemm(boolean transA, boolean transB, int m, int n, int k, float[] a, int aOffset, int lda, float[] b,
            int bOffset, int ldb, boolean accumulate, float[] c, int cOffset, int ldc, Parallel parallel) {
        if (k == 0 && !accumulate) {
            Gemm.clear(m, n, c, cOffset, ldc);
        }
        if (m == 0 || n == 0 || k == 0) {
            return;
        }
        Parallel threads = (long) m * n * k < SERIAL_BELOW ? Parallel.SERIAL : parallel;
        int columnBlocks = Math.ceilDiv(n, BLOCK_COLUMNS);
        int blockRows = Math.ceilDiv(Math.ceilDiv(m, threads.threads()), ROWS) * ROWS;
        int rowBlocks = Math.ceilDiv(m, blockRows);
        int blockDepth = Gemm.blockDepth(k);
        threads.run(columnBlocks * rowBlocks, task -> {
            int i0 = task % rowBlocks * blockRows;
            int j0 = task / rowBlocks * BLOCK_COLUMNS;
            int rows = Math.min(blockRows, m - i0);
            int columns = Math.min(BLOCK_COLUMNS, n - j0);
            for (int p0 = 0; p0 < k; p0 += blockDepth) {
                int depth = Math.min(blockDepth, k - p0);
                int aBlock = transA ? aOffset + p0 * lda + i0 : aOffset + i0 * lda + p0;
                int bBlock = transB ? bOffset + j0 * ldb + p0 : bOffset + p0 * ldb + j0;
                block(new Strided(a, aBlock, transA ? 1 : lda, transA ? lda : 1), transB, rows, columns, depth, b,
                        bBlock, ldb, accumulate || p0 > 0, c,
                        cOffset + i0 * ldc + j0, ldc);
            }
        });
    }

    /** A matrix with a stride for each axis: element (i, p) lies at {@code offset + i * rowStride + p * stepStride}. */
    private static final class Strided {

        private final float[] values;
        private final int offset;
        private final int rowStride;
        private final int stepStride;

        Strided(float[] values, int offset, int rowStride, int stepStride) {
            this.values = values;
            this.offset = offset;
            this.rowStride = rowStride;
            this.stepStride = stepStride;
        }

        float at(int i, int p) {
            return values[offset + i * rowStride + p * stepStride];
        }
    }

    private static void block(Strided a, boolean transB, int rows, int columns, int depth, float[] b, int bOffset,
            int ldb, boolean add, float[] c,
            int cOffset, int ldc) {
        Scratch scratch = SCRATCH.get();
        packB(transB, columns, depth, b, bOffset, ldb, scratch.b);
        for (int i = 0; i < rows; i += ROWS) {
            int height = Math.min(ROWS, rows - i);
            for (float[] sums : scratch.c) {
                Arrays.fill(sums, 0, columns, 0f);
            }
            rowGroup(a, i, height, columns, depth, scratch);
            for (int r = 0; r < height; r++) {
                int to = cOffset + (i + r) * ldc;
                if (add) {
                    System.arraycopy(c, to, scratch.row, 0, columns);
                    add(columns, scratch.row, scratch.c[r]);
                }
                System.arraycopy(scratch.c[r], 0, c, to, columns);
            }
        }
    }

    /** Rows of A beyond the last repeat it: their sums are computed and dropped. */
    private static void rowGroup(Strided a, int i, int height, int columns, int depth, Scratch scratch) {
        float[][] b = scratch.b;
        float[] c0 = scratch.c[0];
        float[] c1 = scratch.c[1];
        float[] c2 = scratch.c[2];
        int i1 = height > 1 ? i + 1 : i;
        int i2 = height > 2 ? i + 2 : i;
        int p = 0;
        for (; p + STEPS <= depth; p += STEPS) {
            fourSteps(columns, b[p], b[p + 1], b[p + 2], b[p + 3], c0, c1, c2, a.at(i, p), a.at(i, p + 1),
                    a.at(i, p + 2), a.at(i, p + 3), a.at(i1, p),
                    a.at(i1, p + 1), a.at(i1, p + 2), a.at(i1, p + 3), a.at(i2, p), a.at(i2, p + 1), a.at(i2, p + 2),
                    a.at(i2, p + 3));
        }
        for (; p < depth; p++) {
            oneStep(columns, b[p], c0, c1, c2, a.at(i, p), a.at(i1, p), a.at(i2, p));
        }
    }

    private static void fourSteps(int n, float[] b0, float[] b1, float[] b2, float[] b3, float[] c0, float[] c1,
            float[] c2, float a00, float a01, float a02,
            float a03, float a10, float a11, float a12, float a13, float a20, float a21, float a22, float a23) {
        for (int j = 0; j < n; j++) {
            float x0 = b0[j];
            float x1 = b1[j];
            float x2 = b2[j];
            float x3 = b3[j];
            c0[j] = multiplyAdd(a03, x3, multiplyAdd(a02, x2, multiplyAdd(a01, x1, multiplyAdd(a00, x0, c0[j]))));
            c1[j] = multiplyAdd(a13, x3, multiplyAdd(a12, x2, multiplyAdd(a11, x1, multiplyAdd(a10, x0, c1[j]))));
            c2[j] = multiplyAdd(a23, x3, multiplyAdd(a22, x2, multiplyAdd(a21, x1, multiplyAdd(a20, x0, c2[j]))));
        }
    }

    private static void oneStep(int n, float[] b0, float[] c0, float[] c1, float[] c2, float a0, float a1, float a2) {
        for (int j = 0; j < n; j++) {
            float x = b0[j];
            c0[j] = multiplyAdd(a0, x, c0[j]);
            c1[j] = multiplyAdd(a1, x, c1[j]);
            c2[j] = multiplyAdd(a2, x, c2[j]);
        }
    }

    /**
     * Two roundings instead of one where the processor has no fused instruction: {@link Math#fma} would then be a
     * thousand times slower.
     */
    private static float multiplyAdd(float a, float x, float sum) {
        return FUSED ? Math.fma(a, x, sum) : a * x + sum;
    }

    private static void add(int n, float[] c, float[] sums) {
        for (int j = 0; j < n; j++) {
            sums[j] = c[j] + sums[j];
        }
    }

    private static void packB(boolean transB, int columns, int depth, float[] b, int bOffset, int ldb,
            float[][] packed) {
        if (!transB) {
            for (int p = 0; p < depth; p++) {
                System.arraycopy(b, bOffset + p * ldb, packed[p], 0, columns);
            }
            return;
        }
        int p = 0;
        for (; p + STEPS <= depth; p += STEPS) {
            float[] row0 = packed[p];
            float[] row1 = packed[p + 1];
            float[] row2 = packed[p + 2];
            float[] row3 = packed[p + 3];
            for (int j = 0; j < columns; j++) {
                int from = bOffset + j * ldb + p;
                row0[j] = b[from];
                row1[j] = b[from + 1];
                row2[j] = b[from + 2];
                row3[j] = b[from + 3];
            }
        }
        for (; p < depth; p++) {
            for (int j = 0; j < columns; j++) {
                packed[p][j] = b[bOffset + j * ldb + p];
            }
        }
    }

    /** Buffers of one thread: a block of B by rows and three rows of C, 260 KiB in all. */
    private static final class Scratch {

        private final float[][] b = new float[MAX_BLOCK_DEPTH][BLOCK_COLUMNS];
        private final float[][] c = new float[ROWS][BLOCK_COLUMNS];
        private final float[] row = new float[BLOCK_COLUMNS];
    }
}
