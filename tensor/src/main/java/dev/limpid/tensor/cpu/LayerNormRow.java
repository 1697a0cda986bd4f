package dev.limpid.tensor.cpu;

/**
 * One row of layer normalisation, with sums in double precision over four interleaved accumulators: a fixed order, without one long chain of
 * dependent additions.
 */
final class LayerNormRow {
    private LayerNormRow() {}

    static void forward(float[] x, int xAt, float[] gamma, int gammaAt, float[] beta, int betaAt, double epsilon,
            float[] y,
            int yAt, float[] stats, int statsAt, int columns) {
        float mean = (float) (sum(x, xAt, columns) / columns);
        float rstd = (float) (1 / Math.sqrt(squares(x, xAt, mean, columns) / columns + epsilon));
        for (int c = 0; c < columns; c++) {
            y[yAt + c] = (x[xAt + c] - mean) * rstd * gamma[gammaAt + c] + beta[betaAt + c];
        }
        stats[statsAt] = mean;
        stats[statsAt + 1] = rstd;
    }

    static void backward(float[] dY, int dYAt, float[] x, int xAt, float[] gamma, int gammaAt, float[] stats,
            int statsAt,
            float[] dX, int dXAt, int columns) {
        float mean = stats[statsAt];
        float rstd = stats[statsAt + 1];
        for (int c = 0; c < columns; c++) {
            dX[dXAt + c] = dY[dYAt + c] * gamma[gammaAt + c];
        }
        float meanG = (float) (sum(dX, dXAt, columns) / columns);
        float meanGx = (float) (rstd * centredDot(dX, dXAt, x, xAt, mean, columns) / columns);
        for (int c = 0; c < columns; c++) {
            float xHat = (x[xAt + c] - mean) * rstd;
            dX[dXAt + c] = rstd * (dX[dXAt + c] - meanG - xHat * meanGx);
        }
    }

    private static double sum(float[] x, int at, int count) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i <= count - 4; i += 4) {
            s0 += x[at + i];
            s1 += x[at + i + 1];
            s2 += x[at + i + 2];
            s3 += x[at + i + 3];
        }
        for (; i < count; i++) {
            s0 += x[at + i];
        }
        return s0 + s1 + (s2 + s3);
    }

    /** {@code Σ (x − mean)²}. */
    private static double squares(float[] x, int at, float mean, int count) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i <= count - 4; i += 4) {
            double d0 = x[at + i] - mean;
            double d1 = x[at + i + 1] - mean;
            double d2 = x[at + i + 2] - mean;
            double d3 = x[at + i + 3] - mean;
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }
        for (; i < count; i++) {
            double d = x[at + i] - mean;
            s0 += d * d;
        }
        return s0 + s1 + (s2 + s3);
    }

    /** {@code Σ g·(x − mean)}. */
    private static double centredDot(float[] g, int gAt, float[] x, int xAt, float mean, int count) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i <= count - 4; i += 4) {
            s0 += (double) g[gAt + i] * (x[xAt + i] - mean);
            s1 += (double) g[gAt + i + 1] * (x[xAt + i + 1] - mean);
            s2 += (double) g[gAt + i + 2] * (x[xAt + i + 2] - mean);
            s3 += (double) g[gAt + i + 3] * (x[xAt + i + 3] - mean);
        }
        for (; i < count; i++) {
            s0 += (double) g[gAt + i] * (x[xAt + i] - mean);
        }
        return s0 + s1 + (s2 + s3);
    }

    /** {@code Σ x·y}. */
    static double dot(float[] x, int xAt, float[] y, int yAt, int count) {
        return centredDot(x, xAt, y, yAt, 0, count);
    }
}
