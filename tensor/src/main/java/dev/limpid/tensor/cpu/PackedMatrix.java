package dev.limpid.tensor.cpu;

/** A matrix B(k,n) that many products share, in the order a kernel reads it. */
interface PackedMatrix {
    /** Rows. */
    int k();

    /** Columns. */
    int n();

    /** What it takes beside the matrix that it was made of. */
    long bytes();

    /**
     * Computes C(m,n) from A(m,k) and this B, or C + A·B when accumulating, as the {@link Gemm} does that packed it.
     *
     * @param blocks is shown each block of C before and after it is computed, by the thread that does it
     */
    void multiply(int m, float[] a, int aOffset, int lda, boolean accumulate, float[] c, int cOffset, int ldc,
            Gemm.Blocks blocks, Parallel parallel);
}
