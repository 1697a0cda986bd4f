package dev.limpid.tensor.cpu;

import java.util.Arrays;
import java.util.Random;

/** One product with random operands, odd leading dimensions and offsets, and guard values around C. */
final class GemmCase {

    private static final float GUARD = 12345f;

    final boolean transA;
    final boolean transB;
    final int m;
    final int n;
    final int k;
    final boolean accumulate;
    final int lda;
    final int ldb;
    final int ldc;
    final int aOffset;
    final int bOffset;
    final int cOffset;
    final float[] a;
    final float[] b;
    private final float[] cBefore;

    GemmCase(boolean transA, boolean transB, int m, int n, int k, boolean accumulate, long seed) {
        Random random = new Random(seed);
        this.transA = transA;
        this.transB = transB;
        this.m = m;
        this.n = n;
        this.k = k;
        this.accumulate = accumulate;
        lda = (transA ? m : k) + random.nextInt(4);
        ldb = (transB ? k : n) + random.nextInt(4);
        ldc = n + random.nextInt(4);
        aOffset = random.nextInt(5);
        bOffset = random.nextInt(5);
        cOffset = 1 + random.nextInt(5);
        a = gaussian(aOffset + (transA ? k : m) * lda, random);
        b = gaussian(bOffset + (transB ? n : k) * ldb, random);
        cBefore = new float[cOffset + m * ldc + 3];
        Arrays.fill(cBefore, GUARD);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                // Not a number where C is only written: reading it by mistake shows.
                cBefore[cOffset + i * ldc + j] = accumulate ? (float) random.nextGaussian() : Float.NaN;
            }
        }
    }

    private static float[] gaussian(int size, Random random) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** C's whole array after the product, guards included. */
    float[] run(Gemm gemm, Parallel parallel) {
        float[] c = cBefore.clone();
        gemm.gemm(transA, transB, m, n, k, a, aOffset, lda, b, bOffset, ldb, accumulate, c, cOffset, ldc, parallel);
        return c;
    }

    /** The same by a B packed beforehand. */
    float[] runPacked(Gemm gemm, Gemm.Blocks blocks, Parallel parallel) {
        float[] c = cBefore.clone();
        gemm.pack(transB, n, k, b, bOffset, ldb, parallel).multiply(m, a, aOffset, lda, accumulate, c, cOffset, ldc,
                blocks, parallel);
        return c;
    }

    /** Row {@code i} of C computed as a product of its own. */
    float[] runRow(Gemm gemm, int i) {
        float[] c = cBefore.clone();
        gemm.gemm(transA, transB, 1, n, k, a, transA ? aOffset + i : aOffset + i * lda, lda, b, bOffset, ldb,
                accumulate, c, cOffset + i * ldc, ldc, Parallel.SERIAL);
        return c;
    }

    /** The largest |C - exact| as a multiple of what rounding may do to that element, infinite when a guard changed. */
    double worstError(float[] c) {
        double worst = 0;
        for (int at = 0; at < c.length; at++) {
            int i = Math.floorDiv(at - cOffset, ldc);
            int j = Math.floorMod(at - cOffset, ldc);
            if (i < 0 || i >= m || j >= n) {
                worst = c[at] == GUARD ? worst : Double.POSITIVE_INFINITY;
                continue;
            }
            double exact = accumulate ? cBefore[at] : 0;
            double magnitude = Math.abs(exact);
            for (int p = 0; p < k; p++) {
                double product = (double) a[transA ? aOffset + p * lda + i : aOffset + i * lda + p]
                        * b[transB ? bOffset + j * ldb + p : bOffset + p * ldb + j];
                exact += product;
                magnitude += Math.abs(product);
            }
            double allowed = 4 * Math.ulp(1f) * magnitude;
            double error = Math.abs(c[at] - exact) / allowed;
            worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
        }
        return worst;
    }

    @Override
    public String toString() {
        return "%s%s %dx%dx%d%s".formatted(transA ? "T" : "N", transB ? "T" : "N", m, k, n, accumulate ? " +C" : "");
    }
}
