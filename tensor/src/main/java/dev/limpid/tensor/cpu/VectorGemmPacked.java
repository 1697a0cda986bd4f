package dev.limpid.tensor.cpu;

/**
 * Products with a B that was packed once, {@link PackedPanels}: weights.
 *
 * <p>A task computes a block of C from beginning to end, so that a product is one parallel region, and the block lies in the second-level cache meanwhile, beside the
 * block's rows of A; panels of B come from farther away, each once for a task. The sums are those of {@link VectorGemm}, to the bit.
 */
final class VectorGemmPacked {
    /** Rows of a block: 240 rows of C, 512 columns wide, are half a MiB, and as much is what A's rows take at 512 columns of theirs. */
    private static final int MOST_ROWS = 240;
    /** Floats of A that a thread keeps packed. */
    private static final int MOST_A = 1 << 20;
    /** Columns of C that are worked on at a time. */
    private static final int COLUMNS_AT_ONCE = 512;
    /** Multiplications that reading a float of B from afar takes as long as; and packing one of A. */
    private static final double READING_B = 15;
    private static final double PACKING_A = 25;
    private static final int TASKS_OF_A_THREAD = 2;
    private static final int CACHE_LINE = 16; // floats

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private final PackedPanels b;
    private final int m;
    private final float[] a;
    private final int aOffset;
    private final int lda;
    private final boolean accumulate;
    private final float[] c;
    private final int cOffset;
    private final int ldc;
    private final Gemm.Blocks blocks;

    VectorGemmPacked(int m, float[] a, int aOffset, int lda, PackedPanels b, boolean accumulate, float[] c, int cOffset,
            int ldc, Gemm.Blocks blocks) {
        this.b = b;
        this.m = m;
        this.a = a;
        this.aOffset = aOffset;
        this.lda = lda;
        this.accumulate = accumulate;
        this.c = c;
        this.cOffset = cOffset;
        this.ldc = ldc;
        this.blocks = blocks;
    }

    /** Packs a B. */
    static PackedMatrix pack(boolean transB, int n, int k, float[] b, int bOffset, int ldb, Parallel parallel) {
        PackedPanels packed = PackedPanels.of(k, n, VectorGemm.COLUMNS);
        int blockDepth = Gemm.blockDepth(k);
        for (int p = 0; p < k; p += blockDepth) {
            int depth = Math.min(blockDepth, k - p);
            VectorGemm.packB(transB, n, depth, b, transB ? bOffset + p : bOffset + p * ldb, ldb, packed.values(),
                    packed.panel(p, depth, 0), parallel);
        }
        return packed;
    }

    /** C = A·B, or C + A·B. */
    void run(Parallel parallel) {
        if (m == 0) {
            return;
        }
        int rowTiles = Math.ceilDiv(m, VectorGemm.ROWS);
        int columnTiles = b.paddedColumns() / VectorGemm.COLUMNS;
        int most = Math.max(1, Math.min(MOST_ROWS, MOST_A / b.k()) / VectorGemm.ROWS);
        Grid grid = Grid.cheapest(rowTiles, columnTiles, Math.ceilDiv(rowTiles, most), parallel.threads());
        parallel.run(grid.rows * grid.columns, task -> {
            int row = task % grid.rows;
            int column = task / grid.rows;
            block(cut(row, rowTiles, grid.rows) * VectorGemm.ROWS,
                    Math.min(m, cut(row + 1, rowTiles, grid.rows) * VectorGemm.ROWS),
                    cut(column, columnTiles, grid.columns) * VectorGemm.COLUMNS,
                    Math.min(b.n(), cut(column + 1, columnTiles, grid.columns) * VectorGemm.COLUMNS));
        });
    }

    /** The first tile of part {@code part} of {@code parts} parts of {@code tiles} tiles, that are as equal as can be. */
    private static int cut(int part, int tiles, int parts) {
        return Math.toIntExact((long) part * tiles / parts);
    }

    /** How C is cut into blocks. */
    private record Grid(int rows, int columns) {
        /**
         * Of the grids with some blocks for each thread, so that one that is held up does not hold up all, the one whose largest share of a thread takes least time:
         * short blocks read more of B, narrow ones pack more of A.
         */
        static Grid cheapest(int rowTiles, int columnTiles, int fewestRows, int threads) {
            int wanted = threads == 1 ? 1 : TASKS_OF_A_THREAD * threads;
            Grid best = null;
            double least = Double.POSITIVE_INFINITY;
            // Beyond the fewest as many more as it takes until all threads have as many blocks.
            int mostRows = Math.min(rowTiles, Math.max(fewestRows, wanted) + threads - 1);
            for (int rows = fewestRows; rows <= mostRows; rows++) {
                int columns = Math.min(columnTiles, Math.ceilDiv(wanted, rows));
                double height = Math.ceilDiv(rowTiles, rows) * VectorGemm.ROWS;
                double width = Math.ceilDiv(columnTiles, columns) * VectorGemm.COLUMNS;
                double time = Math.ceilDiv(rows * columns, threads) * (height * width + READING_B * width
                        + PACKING_A * height);
                if (time < least) {
                    least = time;
                    best = new Grid(rows, columns);
                }
            }
            return best;
        }
    }

    private void block(int fromRow, int toRow, int fromColumn, int toColumn) {
        Scratch scratch = SCRATCH.get();
        int rows = toRow - fromRow;
        int tiles = Math.ceilDiv(rows, VectorGemm.ROWS);
        float[] packedA = scratch.a(tiles * VectorGemm.ROWS * b.k());
        int blockDepth = Gemm.blockDepth(b.k());
        for (int j = fromColumn; j < toColumn; j += COLUMNS_AT_ONCE) {
            int columns = Math.min(COLUMNS_AT_ONCE, toColumn - j);
            blocks.before(fromRow, rows, j, columns);
            for (int p = 0; p < b.k(); p += blockDepth) {
                int depth = Math.min(blockDepth, b.k() - p);
                int at = p * tiles * VectorGemm.ROWS;
                if (j == fromColumn) {
                    VectorGemm.packA(rows, depth, a, aOffset + fromRow * lda + p, lda, packedA, at);
                }
                panels(rows, columns, p, depth, packedA, at, accumulate || p > 0, fromRow, j, scratch);
            }
            blocks.after(fromRow, rows, j, columns);
        }
    }

    /** Adds up {@code depth} steps of K in {@code columns} columns of C from {@code j} on. */
    private void panels(int rows, int columns, int p, int depth, float[] packedA, int aAt, boolean add, int fromRow,
            int j, Scratch scratch) {
        int length = VectorGemm.COLUMNS * depth;
        float read = readAhead(b.panel(p, depth, j), length);
        for (int x = 0; x < columns; x += VectorGemm.COLUMNS) {
            int panel = b.panel(p, depth, j + x);
            if (x + VectorGemm.COLUMNS < columns) {
                read += readAhead(panel + length, length);
            }
            for (int i = 0; i < rows; i += VectorGemm.ROWS) {
                VectorGemm.tile(Math.min(VectorGemm.ROWS, rows - i), Math.min(VectorGemm.COLUMNS, columns - x), depth,
                        packedA, aAt + i * depth, b.values(), panel, add, c, cOffset + (fromRow + i) * ldc + j + x, ldc,
                        scratch.edge);
            }
        }
        scratch.edge[0] = read; // the next tile's: that it is stored at all is why it is read
    }

    /**
     * Reads an element of each cache line, all at once, where a tile would wait for one after the other: Java has no instruction that only fetches.
     *
     * @return a number that somebody must keep, or nothing would be read
     */
    private float readAhead(int from, int length) {
        float[] values = b.values();
        float even = 0;
        float odd = 0;
        for (int i = from; i < from + length; i += 2 * CACHE_LINE) {
            even += values[i];
            odd += values[Math.min(i + CACHE_LINE, from + length - 1)];
        }
        return even + odd;
    }

    private static final class Scratch {
        private final float[] edge = new float[VectorGemm.ROWS * VectorGemm.COLUMNS];
        private float[] a = new float[0];

        float[] a(int size) {
            if (a.length < size) {
                a = new float[size];
            }
            return a;
        }
    }
}
