package dev.limpid.tensor.cpu;

/**
 * Activations, softmax and their backwards over {@code count} floats, single-threaded.
 *
 * <p>Loops are shaped for C2: pure float arithmetic without branches, over scratch arrays indexed by the bare loop
 * variable (where two arrays have different offsets C2 cannot rule out overlap and stays scalar), no fused
 * multiply-add, so that they cost the same on every processor. Source and destination may be the same window; otherwise
 * they must not overlap. NaN in gives NaN out.
 */
final class Elementwise {

    private static final int CHUNK = ElementwiseScratch.CHUNK;
    private static final float SQRT_HALF = 0.70710677f;
    private static final float INVERSE_SQRT_TWO_PI = 0.3989423f;
    private static final float SQRT_TWO_OVER_PI = 0.7978846f;
    private static final float CUBIC = 0.044715f;

    private Elementwise() {}

    /**
     * y = x·Φ(x), Φ the normal distribution function: GELU in its erf form (Hendrycks and Gimpel 2016,
     * arXiv:1606.08415), absolute error below 1e-6.
     */
    static void gelu(float[] x, int xOffset, float[] y, int yOffset, int count) {
        unary(x, xOffset, y, yOffset, count, Elementwise::geluChunk);
    }

    private static void geluChunk(ElementwiseScratch scratch, int n) {
        float[] a = scratch.a;
        for (int i = 0; i < n; i++) {
            float v = a[i];
            a[i] = 0.5f * Math.max(v, -6f) * (1f + ElementwiseScratch.erf(v * SQRT_HALF));
        }
    }

    /** dX = dY·(Φ(x) + x·φ(x)), the gradient of {@link #gelu}. */
    static void geluBackward(float[] x, int xOffset, float[] dY, int dYOffset, float[] dX, int dXOffset, int count) {
        binary(x, xOffset, dY, dYOffset, dX, dXOffset, count, Elementwise::geluBackwardChunk);
    }

    private static void halfSquare(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = -0.5f * x[i] * x[i];
        }
    }

    private static void geluBackwardChunk(ElementwiseScratch scratch, int n) {
        float[] x = scratch.a;
        float[] d = scratch.b;
        float[] density = scratch.c;
        halfSquare(x, density, n);
        scratch.exp(density, n);
        for (int i = 0; i < n; i++) {
            float v = Math.max(-15f, Math.min(15f, x[i]));
            d[i] *= 0.5f * (1f + ElementwiseScratch.erf(v * SQRT_HALF)) + v * INVERSE_SQRT_TWO_PI * density[i];
        }
    }

    /**
     * y = ½x·(1 + tanh u) = x / (1 + e^(-2u)), u = √(2/π)·(x + 0.044715·x³): GELU in its tanh form, as in Hugging
     * Face's {@code gelu_new}.
     */
    static void geluTanh(float[] x, int xOffset, float[] y, int yOffset, int count) {
        unary(x, xOffset, y, yOffset, count, Elementwise::geluTanhChunk);
    }

    private static void minusTwoU(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            float v = x[i];
            y[i] = Math.min(40f, -2f * SQRT_TWO_OVER_PI * v * (1f + CUBIC * v * v));
        }
    }

    private static void geluTanhChunk(ElementwiseScratch scratch, int n) {
        float[] a = scratch.a;
        float[] e = scratch.c;
        minusTwoU(a, e, n);
        scratch.exp(e, n);
        for (int i = 0; i < n; i++) {
            a[i] = Math.max(a[i], -20f) / (1f + e[i]);
        }
    }

    /** dX = dY·(s + 2x·u'·s·(1 - s)), s = 1 / (1 + e^(-2u)), the gradient of {@link #geluTanh}. */
    static void geluTanhBackward(float[] x, int xOffset, float[] dY, int dYOffset, float[] dX, int dXOffset,
            int count) {
        binary(x, xOffset, dY, dYOffset, dX, dXOffset, count, Elementwise::geluTanhBackwardChunk);
    }

    private static void geluTanhBackwardChunk(ElementwiseScratch scratch, int n) {
        float[] x = scratch.a;
        float[] d = scratch.b;
        float[] e = scratch.c;
        minusTwoU(x, e, n);
        scratch.exp(e, n);
        for (int i = 0; i < n; i++) {
            float v = Math.max(-20f, Math.min(20f, x[i]));
            float s = 1f / (1f + e[i]);
            d[i] *= s + 2f * v * SQRT_TWO_OVER_PI * (1f + 3f * CUBIC * v * v) * s * (s * e[i]);
        }
    }

    /** y = max(x, 0). */
    static void relu(float[] x, int xOffset, float[] y, int yOffset, int count) {
        unary(x, xOffset, y, yOffset, count, Elementwise::reluChunk);
    }

    private static void reluChunk(ElementwiseScratch scratch, int n) {
        float[] a = scratch.a;
        for (int i = 0; i < n; i++) {
            a[i] = Math.max(a[i], 0f);
        }
    }

    /** dX = dY where x > 0, else 0, for finite dY. */
    static void reluBackward(float[] x, int xOffset, float[] dY, int dYOffset, float[] dX, int dXOffset, int count) {
        binary(x, xOffset, dY, dYOffset, dX, dXOffset, count, Elementwise::reluBackwardChunk);
    }

    private static void reluBackwardChunk(ElementwiseScratch scratch, int n) {
        float[] x = scratch.a;
        float[] d = scratch.b;
        for (int i = 0; i < n; i++) {
            d[i] *= Math.max(Math.signum(x[i]), 0f);
        }
    }

    /** y = tanh x, absolute error below 1e-6. */
    static void tanh(float[] x, int xOffset, float[] y, int yOffset, int count) {
        unary(x, xOffset, y, yOffset, count, Elementwise::tanhChunk);
    }

    private static void tanhChunk(ElementwiseScratch scratch, int n) {
        float[] a = scratch.a;
        for (int i = 0; i < n; i++) {
            a[i] = ElementwiseScratch.tanh(a[i]);
        }
    }

    /** dX = dY·(1 - y²) where y = tanh x is the saved output. */
    static void tanhBackward(float[] y, int yOffset, float[] dY, int dYOffset, float[] dX, int dXOffset, int count) {
        binary(y, yOffset, dY, dYOffset, dX, dXOffset, count, Elementwise::tanhBackwardChunk);
    }

    private static void tanhBackwardChunk(ElementwiseScratch scratch, int n) {
        float[] y = scratch.a;
        float[] d = scratch.b;
        for (int i = 0; i < n; i++) {
            d[i] *= 1f - y[i] * y[i];
        }
    }

    /**
     * y = e^x with a relative error below 3e-7; 0 where e^x < 1.7e-38 (x < -86.9), infinity where it exceeds the
     * largest float.
     */
    static void exp(float[] x, int xOffset, float[] y, int yOffset, int count) {
        unary(x, xOffset, y, yOffset, count, Elementwise::expChunk);
    }

    private static void expChunk(ElementwiseScratch scratch, int n) {
        float[] a = scratch.a;
        for (int i = 0; i < n; i++) {
            a[i] = Math.min(a[i], 89.4f);
        }
        scratch.exp(a, n);
    }

    /**
     * Each of {@code rows} contiguous rows of {@code columns} becomes softmax(scale·row + mask).
     *
     * <p>As many rows as fill a buffer go through the exponential at once.
     *
     * @param mask one row, added to each after scaling, or null; -∞, or anything 87 below the largest sum, gives
     *       exactly 0. A row of nothing but -∞ gives NaN.
     * @param logSumExp takes the logarithm of each row's sum of exponentials
     */
    static void softmax(float[] x, int offset, int rows, int columns, float scale, float[] mask, int maskOffset,
            float[] logSumExp, int logSumExpOffset) {
        if (columns == 0) {
            return;
        }
        ElementwiseScratch scratch = ElementwiseScratch.atLeast(columns);
        float[] a = scratch.a;
        int most = Math.max(1, CHUNK / columns);
        for (int row = 0; row < rows; row += most) {
            int group = Math.min(most, rows - row);
            int n = group * columns;
            scores(scratch, x, offset, row, group, columns, scale, mask, maskOffset);
            scratch.largest(group, columns, logSumExp, logSumExpOffset + row);
            for (int i = 0; i < group; i++) {
                subtract(a, i * columns, columns, logSumExp[logSumExpOffset + row + i]);
            }
            scratch.exp(a, n);
            for (int i = 0; i < group; i++) {
                float sum = sum(a, i * columns, columns);
                logSumExp[logSumExpOffset + row + i] += (float) Math.log(sum);
                multiply(a, i * columns, columns, 1f / sum);
            }
            System.arraycopy(a, 0, x, offset + row * columns, n);
        }
    }

    /** {@link #softmax} of rows whose {@code logSumExp} is known: exp(scale·row + mask − logSumExp). */
    static void softmaxAgain(float[] x, int offset, int rows, int columns, float scale, float[] mask, int maskOffset,
            float[] logSumExp, int logSumExpOffset) {
        ElementwiseScratch scratch = ElementwiseScratch.atLeast(columns);
        float[] a = scratch.a;
        int most = Math.max(1, CHUNK / columns);
        for (int row = 0; row < rows; row += most) {
            int group = Math.min(most, rows - row);
            scores(scratch, x, offset, row, group, columns, scale, mask, maskOffset);
            for (int i = 0; i < group; i++) {
                subtract(a, i * columns, columns, logSumExp[logSumExpOffset + row + i]);
            }
            scratch.exp(a, group * columns);
            System.arraycopy(a, 0, x, offset + row * columns, group * columns);
        }
    }

    /** a = scale·x + mask, a few rows of it. */
    private static void scores(ElementwiseScratch scratch, float[] x, int offset, int row, int group, int columns,
            float scale, float[] mask, int maskOffset) {
        int n = group * columns;
        System.arraycopy(x, offset + row * columns, scratch.a, 0, n);
        multiply(scratch.a, scale, n);
        if (mask != null) {
            for (int i = 0; i < group && row == 0; i++) {
                System.arraycopy(mask, maskOffset, scratch.b, i * columns, columns);
            }
            add(scratch.a, scratch.b, n);
        }
    }

    /**
     * dS = scale·P∘(dP - Σ dP∘P) row by row, the gradient of {@link #softmax} with respect to its unscaled rows, from
     * the saved output P; dS may be dP.
     */
    static void softmaxBackward(float[] p, int pOffset, float[] dP, int dPOffset, float[] dS, int dSOffset, int rows,
            int columns, float scale) {
        if (columns == 0) {
            return;
        }
        ElementwiseScratch scratch = ElementwiseScratch.atLeast(columns);
        float[] a = scratch.a;
        float[] b = scratch.b;
        float[] c = scratch.c;
        int most = Math.max(1, CHUNK / columns);
        for (int row = 0; row < rows; row += most) {
            int n = Math.min(most, rows - row) * columns;
            System.arraycopy(p, pOffset + row * columns, a, 0, n);
            System.arraycopy(dP, dPOffset + row * columns, b, 0, n);
            products(a, b, c, n);
            for (int from = 0; from < n; from += columns) {
                subtract(b, from, columns, sum(c, from, columns));
            }
            products(a, b, c, n);
            multiply(c, scale, n);
            System.arraycopy(c, 0, dS, dSOffset + row * columns, n);
        }
    }

    /** Applies {@code chunk}, which replaces {@code scratch.a}, to x piece by piece. */
    private static void unary(float[] x, int xOffset, float[] y, int yOffset, int count, Chunk chunk) {
        ElementwiseScratch scratch = ElementwiseScratch.atLeast(CHUNK);
        for (int done = 0; done < count; done += CHUNK) {
            int n = Math.min(CHUNK, count - done);
            System.arraycopy(x, xOffset + done, scratch.a, 0, n);
            chunk.apply(scratch, n);
            System.arraycopy(scratch.a, 0, y, yOffset + done, n);
        }
    }

    /**
     * Applies {@code chunk}, which multiplies {@code scratch.b} by a derivative taken at {@code scratch.a}, to x and dY
     * piece by piece.
     */
    private static void binary(float[] x, int xOffset, float[] dY, int dYOffset, float[] dX, int dXOffset, int count,
            Chunk chunk) {
        ElementwiseScratch scratch = ElementwiseScratch.atLeast(CHUNK);
        for (int done = 0; done < count; done += CHUNK) {
            int n = Math.min(CHUNK, count - done);
            System.arraycopy(x, xOffset + done, scratch.a, 0, n);
            System.arraycopy(dY, dYOffset + done, scratch.b, 0, n);
            chunk.apply(scratch, n);
            System.arraycopy(scratch.b, 0, dX, dXOffset + done, n);
        }
    }

    private static void products(float[] x, float[] y, float[] z, int n) {
        for (int i = 0; i < n; i++) {
            z[i] = x[i] * y[i];
        }
    }

    private static void multiply(float[] a, float factor, int n) {
        for (int i = 0; i < n; i++) {
            a[i] *= factor;
        }
    }

    private static void add(float[] a, float[] b, int n) {
        for (int i = 0; i < n; i++) {
            a[i] += b[i];
        }
    }

    private static void multiply(float[] a, int from, int n, float factor) {
        for (int i = from; i < from + n; i++) {
            a[i] *= factor;
        }
    }

    private static void subtract(float[] a, int from, int n, float b) {
        for (int i = from; i < from + n; i++) {
            a[i] -= b;
        }
    }

    /** Eight running sums: an addition takes four cycles and two can start in each. */
    private static float sum(float[] a, int from, int n) {
        float s0 = 0f;
        float s1 = 0f;
        float s2 = 0f;
        float s3 = 0f;
        float s4 = 0f;
        float s5 = 0f;
        float s6 = 0f;
        float s7 = 0f;
        int end = from + n;
        int i = from;
        for (; i + 8 <= end; i += 8) {
            s0 += a[i];
            s1 += a[i + 1];
            s2 += a[i + 2];
            s3 += a[i + 3];
            s4 += a[i + 4];
            s5 += a[i + 5];
            s6 += a[i + 6];
            s7 += a[i + 7];
        }
        for (; i < end; i++) {
            s0 += a[i];
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }

    @FunctionalInterface
    private interface Chunk {

        void apply(ElementwiseScratch scratch, int n);
    }
}
