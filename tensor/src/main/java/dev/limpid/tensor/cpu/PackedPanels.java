package dev.limpid.tensor.cpu;

/**
 * A matrix B(k,n) in the order a register tile of {@link VectorGemm} reads it.
 *
 * <p>The K axis is cut into blocks of {@link Gemm#blockDepth}, a block into panels some columns wide, and a panel lies row after row; the last one is filled up
 * with zeros. {@link VectorGemmPacking} has the layout of a panel.
 *
 * @param k rows
 * @param n columns
 * @param paddedColumns n, rounded up to whole panels
 * @param values the panels, from {@code offset} on
 */
record PackedPanels(int k, int n, int paddedColumns, float[] values, int offset) implements PackedMatrix {
    /**
     * Floats before the first panel. The collector that most programs run with puts a large array at the beginning of a region, its elements 16 bytes behind that: so
     * panels begin with a cache line, and no vector crosses one. Elsewhere it changes nothing.
     */
    private static final int ALIGNMENT = 12;

    /** An empty one. */
    static PackedPanels of(int k, int n, int panelColumns) {
        int padded = Math.ceilDiv(n, panelColumns) * panelColumns;
        return new PackedPanels(k, n, padded, new float[Math.toIntExact(floats(k, padded))], ALIGNMENT);
    }

    /** Floats that such a matrix takes. */
    static long floats(int k, int columns) {
        return (long) k * columns + ALIGNMENT;
    }

    /** Where the panel of column {@code j}, the first of a panel, begins in the block of {@code depth} rows from {@code p} on. */
    int panel(int p, int depth, int j) {
        return offset + p * paddedColumns + j * depth;
    }

    @Override
    public long bytes() {
        return (long) Float.BYTES * values.length;
    }

    @Override
    public void multiply(int m, float[] a, int aOffset, int lda, boolean accumulate, float[] c, int cOffset, int ldc,
            Gemm.Blocks blocks, Parallel parallel) {
        boolean few = (long) m * n * k < VectorGemm.SERIAL_BELOW;
        new VectorGemmPacked(m, a, aOffset, lda, this, accumulate, c, cOffset, ldc, blocks)
                .run(few ? Parallel.SERIAL : parallel);
    }
}
