package dev.limpid.tensor.cpu;

import jdk.incubator.vector.FloatVector;

/**
 * {@link Gemm} by the Vector API: panels of A and B are packed so that a register tile reads both in ascending order,
 * and tiles at the edges are computed in full over zeros and copied in part.
 *
 * <p>Loadable only where the module jdk.incubator.vector is; {@link GemmSelection} looks before it touches this class.
 */
final class VectorGemm implements Gemm {

    private static final int BITS = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    static final String NAME = "vector-" + BITS;
    /** 256 bits means AVX2 with its 16 registers; 512 bits (AVX-512) and 128 bits (NEON) come with 32. */
    private static final boolean WIDE = BITS != 256;
    static final int ROWS = WIDE ? VectorGemmWide.ROWS : VectorGemmNarrow.ROWS;
    static final int COLUMNS = WIDE ? VectorGemmWide.COLUMNS : VectorGemmNarrow.COLUMNS;

    /** Rows of A packed at a time: 48 · 256 floats are 48 KiB and stay in a second-level cache beside B. */
    private static final int BLOCK_ROWS = 48;
    /** Columns of B packed at a time: 1024 · 256 floats are 1 MiB. */
    private static final int BLOCK_COLUMNS = 1024;
    /** Below this many multiplications waking a worker costs more than it brings. */
    static final long SERIAL_BELOW = 500_000;

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    @Override
    public String name() {
        return NAME;
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
        int blockDepth = Gemm.blockDepth(k);
        float[] packedB = SCRATCH.get().b(blockDepth * Math.min(BLOCK_COLUMNS, Math.ceilDiv(n, COLUMNS) * COLUMNS));
        int tiles = Math.ceilDiv(m, ROWS);
        int rowBlocks = rowBlocks(m, tiles, threads.threads());
        for (int j0 = 0; j0 < n; j0 += BLOCK_COLUMNS) {
            int columns = Math.min(BLOCK_COLUMNS, n - j0);
            for (int p0 = 0; p0 < k; p0 += blockDepth) {
                int depth = Math.min(blockDepth, k - p0);
                int bBlock = transB ? bOffset + j0 * ldb + p0 : bOffset + p0 * ldb + j0;
                packB(transB, columns, depth, b, bBlock, ldb, packedB, 0, threads);
                int aBlock = transA ? aOffset + p0 * lda : aOffset + p0;
                int cBlock = cOffset + j0;
                boolean add = accumulate || p0 > 0;
                threads.run(rowBlocks, task -> {
                    int i0 = task * tiles / rowBlocks * ROWS;
                    int rows = Math.min((task + 1) * tiles / rowBlocks * ROWS, m) - i0;
                    int aRows = transA ? aBlock + i0 : aBlock + i0 * lda;
                    rowBlock(transA, rows, columns, depth, a, aRows, lda, packedB, add, c, cBlock + i0 * ldc, ldc);
                });
            }
        }
    }

    @Override
    public PackedMatrix pack(boolean transB, int n, int k, float[] b, int bOffset, int ldb, Parallel parallel) {
        return VectorGemmPacked.pack(transB, n, k, b, bOffset, ldb, parallel);
    }

    /**
     * As many blocks as the threads can share equally, and at least two for each where there are rows enough, so that a thread that is held up does not hold
     * up all. Blocks differ by a tile at most.
     */
    private static int rowBlocks(int m, int tiles, int threads) {
        int blocks = Math.ceilDiv(m, BLOCK_ROWS);
        return threads == 1 ? blocks : Math.min(tiles, Math.max(2, Math.ceilDiv(blocks, threads)) * threads);
    }

    private static void rowBlock(boolean transA, int rows, int columns, int depth, float[] a, int aOffset, int lda,
            float[] packedB, boolean add, float[] c, int cOffset, int ldc) {
        Scratch scratch = SCRATCH.get();
        float[] packedA = scratch.a;
        if (transA) {
            VectorGemmPacking.alongRows(ROWS, rows, depth, a, aOffset, lda, packedA, 0);
        } else {
            packA(rows, depth, a, aOffset, lda, packedA, 0);
        }
        for (int j = 0; j < columns; j += COLUMNS) {
            for (int i = 0; i < rows; i += ROWS) {
                tile(Math.min(ROWS, rows - i), Math.min(COLUMNS, columns - j), depth, packedA, i * depth, packedB,
                        j * depth, add, c, cOffset + i * ldc + j, ldc, scratch.edge);
            }
        }
    }

    /** A tile of C, of which {@code rows} and {@code columns} are wanted: in full, or over {@code edge} where C ends. */
    static void tile(int rows, int columns, int depth, float[] a, int aOffset, float[] b, int bOffset, boolean add,
            float[] c, int cOffset, int ldc, float[] edge) {
        if (rows == ROWS && columns == COLUMNS) {
            tile(depth, a, aOffset, b, bOffset, add, c, cOffset, ldc);
        } else {
            tile(depth, a, aOffset, b, bOffset, false, edge, 0, COLUMNS);
            copyEdge(edge, rows, columns, add, c, cOffset, ldc);
        }
    }

    private static void tile(int depth, float[] a, int aOffset, float[] b, int bOffset, boolean add, float[] c,
            int cOffset, int ldc) {
        if (WIDE) {
            if (add) {
                VectorGemmWide.tileAdd(depth, a, aOffset, b, bOffset, c, cOffset, ldc);
            } else {
                VectorGemmWide.tile(depth, a, aOffset, b, bOffset, c, cOffset, ldc);
            }
        } else if (add) {
            VectorGemmNarrow.tileAdd(depth, a, aOffset, b, bOffset, c, cOffset, ldc);
        } else {
            VectorGemmNarrow.tile(depth, a, aOffset, b, bOffset, c, cOffset, ldc);
        }
    }

    private static void copyEdge(float[] edge, int rows, int columns, boolean add, float[] c, int cOffset, int ldc) {
        for (int i = 0; i < rows; i++) {
            int from = i * COLUMNS;
            int to = cOffset + i * ldc;
            for (int j = 0; j < columns; j++) {
                c[to + j] = add ? c[to + j] + edge[from + j] : edge[from + j];
            }
        }
    }

    /** Packs rows of A for {@link #tile}. */
    static void packA(int rows, int depth, float[] a, int aOffset, int lda, float[] packed, int at) {
        VectorGemmPacking.acrossRows(ROWS, rows, depth, a, aOffset, lda, packed, at, SCRATCH.get().runs);
    }

    /** Packs columns of B for {@link #tile}. */
    static void packB(boolean transB, int columns, int depth, float[] b, int bOffset, int ldb, float[] packed, int at,
            Parallel threads) {
        int panels = Math.ceilDiv(columns, COLUMNS);
        int perTask = Math.ceilDiv(panels, threads.threads() == 1 ? 1 : 2 * threads.threads()) * COLUMNS;
        threads.run(Math.ceilDiv(columns, perTask), task -> {
            int j = task * perTask;
            int extent = Math.min(perTask, columns - j);
            if (transB) {
                VectorGemmPacking.acrossRows(COLUMNS, extent, depth, b, bOffset + j * ldb, ldb, packed,
                        at + j * depth, SCRATCH.get().runs);
            } else {
                VectorGemmPacking.alongRows(COLUMNS, extent, depth, b, bOffset + j, ldb, packed,
                        at + j * depth);
            }
        });
    }

    /** Buffers of one thread: 70 KiB, and up to 1 MiB of B grown to what the largest product so far needed. */
    private static final class Scratch {

        private final float[] edge = new float[ROWS * COLUMNS];
        private final float[] runs = new float[16 * MAX_BLOCK_DEPTH];
        private final float[] a = new float[BLOCK_ROWS * MAX_BLOCK_DEPTH];
        private float[] b = new float[0];

        float[] b(int size) {
            if (b.length < size) {
                b = new float[size];
            }
            return b;
        }
    }
}
