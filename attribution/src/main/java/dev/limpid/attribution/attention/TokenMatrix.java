package dev.limpid.attribution.attention;

import java.util.Arrays;

/** Square matrices over tokens, row by row. */
final class TokenMatrix {
    private TokenMatrix() {}

    static double[] identity(int length) {
        double[] eye = new double[length * length];
        for (int i = 0; i < length; i++) {
            eye[i * length + i] = 1;
        }
        return eye;
    }

    /** {@code a·b}. */
    static double[] product(double[] a, double[] b, int length) {
        double[] c = new double[length * length];
        for (int i = 0; i < length; i++) {
            for (int k = 0; k < length; k++) {
                double factor = a[i * length + k];
                for (int j = 0; j < length; j++) {
                    c[i * length + j] += factor * b[k * length + j];
                }
            }
        }
        return c;
    }

    /** Row {@code row}. */
    static double[] row(double[] a, int row, int length) {
        return Arrays.copyOfRange(a, row * length, (row + 1) * length);
    }

    /** The mean of the first {@code count} rows. */
    static double[] meanRow(double[] a, int count, int length) {
        double[] mean = new double[length];
        for (int i = 0; i < count * length; i++) {
            mean[i % length] += a[i] / count;
        }
        return mean;
    }
}
