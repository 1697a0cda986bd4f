package dev.limpid.tensor.cpu;

/**
 * {@link Gemm} by a native library, for products that are worth a call across; the others are Java's, which are as fast.
 *
 * <p>The library runs on our threads, one block of C each or a few, and never on its own: those would go on spinning for a while after each product, while our workers want
 * the processors. It does not round as the Java kernels do, and where it cuts depends on the number of threads: results are the same from run to run, not from one number
 * of threads to another.
 */
final class NativeGemm implements Gemm {
    /** Below this many multiplications a Java kernel is as fast. */
    private static final long WORTH_A_CALL = 500_000;
    /** What blocks are multiples of, so that only the last has an edge. */
    private static final int ALIGNED = 16;
    /** Columns of a block at most: a few hundred rows of it lie in a second-level cache when something is done with them afterwards. */
    private static final int WIDEST = 768;
    /** Multiplications that packing a number of A or B takes as long as. */
    private static final double PACKING = 20;

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
        product(transA, transB, m, n, k, a, aOffset, lda, b, bOffset, ldb, accumulate, c, cOffset, ldc, Blocks.NONE,
                parallel);
    }

    private void product(boolean transA, boolean transB, int m, int n, int k, float[] a, int aOffset, int lda,
            float[] b, int bOffset, int ldb, boolean accumulate, float[] c, int cOffset, int ldc, Blocks blocks,
            Parallel parallel) {
        if ((long) m * n * k < WORTH_A_CALL) {
            blocks.before(0, m, 0, n);
            java.gemm(transA, transB, m, n, k, a, aOffset, lda, b, bOffset, ldb, accumulate, c, cOffset, ldc, parallel);
            blocks.after(0, m, 0, n);
            return;
        }
        Grid grid = Grid.cheapest(m, n, parallel.threads());
        parallel.run(grid.blocks(m, n), block -> {
            int row = grid.row(block, m);
            int column = grid.column(block, m);
            int rows = Math.min(grid.height, m - row);
            int columns = Math.min(grid.width, n - column);
            blocks.before(row, rows, column, columns);
            library.sgemm(transA, transB, rows, columns, k, a, aOffset + (transA ? row : row * lda), lda, b,
                    bOffset + (transB ? column * ldb : column), ldb, accumulate, c, cOffset + row * ldc + column, ldc);
            blocks.after(row, rows, column, columns);
        });
    }

    @Override
    public PackedMatrix pack(boolean transB, int n, int k, float[] b, int bOffset, int ldb, Parallel parallel) {
        return transB
                ? new Columns(k, n, b, bOffset, ldb, 0)
                : new Columns(k, n, transposed(k, n, b, bOffset, ldb, parallel), 0, k, (long) Float.BYTES * k * n);
    }

    private static float[] transposed(int rows, int columns, float[] values, int offset, int stride,
            Parallel parallel) {
        float[] transposed = new float[Math.multiplyExact(rows, columns)];
        parallel.run(Math.ceilDiv(columns, ALIGNED), block -> {
            int last = Math.min(columns, (block + 1) * ALIGNED);
            for (int i = 0; i < rows; i++) {
                for (int j = block * ALIGNED; j < last; j++) {
                    transposed[j * rows + i] = values[offset + i * stride + j];
                }
            }
        });
        return transposed;
    }

    /** B(k,n) column by column, as weights are stored and as libraries like it best: oneDNN multiplies by it up to 18 % faster. */
    private final class Columns implements PackedMatrix {
        private final int k;
        private final int n;
        private final float[] values;
        private final int offset;
        private final int stride;
        private final long bytes;

        Columns(int k, int n, float[] values, int offset, int stride, long bytes) {
            this.k = k;
            this.n = n;
            this.values = values;
            this.offset = offset;
            this.stride = stride;
            this.bytes = bytes;
        }

        @Override
        public int k() {
            return k;
        }

        @Override
        public int n() {
            return n;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public void multiply(int m, float[] a, int aOffset, int lda, boolean accumulate, float[] c, int cOffset,
                int ldc, Blocks blocks, Parallel parallel) {
            product(false, true, m, n, k, a, aOffset, lda, values, offset, stride, accumulate, c, cOffset, ldc, blocks,
                    parallel);
        }
    }

    /** C cut into blocks of so many rows and columns. */
    private record Grid(int height, int width) {
        /** One block for each thread, or some where they would be wide, and of all ways to cut that which packs least of A and B. */
        static Grid cheapest(int m, int n, int threads) {
            Grid best = null;
            double least = Double.POSITIVE_INFINITY;
            for (int rows = 1; rows <= threads; rows++) {
                int height = aligned(Math.ceilDiv(m, rows));
                int width = aligned(Math.ceilDiv(n, Math.ceilDiv(threads, rows)));
                Grid grid = new Grid(height, aligned(Math.ceilDiv(width, Math.ceilDiv(width, WIDEST))));
                double time = Math.ceilDiv(grid.blocks(m, n), threads)
                        * ((double) grid.height * grid.width + PACKING * ((double) grid.height + grid.width));
                if (time < least) {
                    least = time;
                    best = grid;
                }
            }
            return best;
        }

        private static int aligned(int extent) {
            return Math.ceilDiv(extent, ALIGNED) * ALIGNED;
        }

        int blocks(int m, int n) {
            return Math.ceilDiv(m, height) * Math.ceilDiv(n, width);
        }

        int row(int block, int m) {
            return block % Math.ceilDiv(m, height) * height;
        }

        int column(int block, int m) {
            return block / Math.ceilDiv(m, height) * width;
        }
    }
}
