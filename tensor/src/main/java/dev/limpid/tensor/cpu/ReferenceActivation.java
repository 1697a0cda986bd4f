package dev.limpid.tensor.cpu;

import dev.limpid.tensor.Activation;

/** The activations and their derivatives in double precision. */
final class ReferenceActivation {
    private static final double SQRT_2 = Math.sqrt(2);
    private static final double SQRT_2_PI = Math.sqrt(2 * Math.PI);
    private static final double TANH_FACTOR = Math.sqrt(2 / Math.PI);
    private static final double TANH_CUBIC = 0.044715;

    private ReferenceActivation() {}

    static double value(Activation kind, double x) {
        return switch (kind) {
            case GELU -> 0.5 * x * erfc(-x / SQRT_2);
            case GELU_TANH -> 0.5 * x * (1 + Math.tanh(TANH_FACTOR * (x + TANH_CUBIC * x * x * x)));
            case RELU -> Math.max(x, 0);
            case TANH -> Math.tanh(x);
        };
    }

    static double derivative(Activation kind, double x) {
        return switch (kind) {
            case GELU -> 0.5 * erfc(-x / SQRT_2) + x * Math.exp(-0.5 * x * x) / SQRT_2_PI;
            case GELU_TANH -> {
                double tanh = Math.tanh(TANH_FACTOR * (x + TANH_CUBIC * x * x * x));
                yield 0.5 * (1 + tanh) + 0.5 * x * (1 - tanh * tanh) * TANH_FACTOR * (1 + 3 * TANH_CUBIC * x * x);
            }
            case RELU -> x > 0 ? 1 : 0;
            case TANH -> 1 - Math.tanh(x) * Math.tanh(x);
        };
    }

    /**
     * The complementary error function to about 1e-15: its Maclaurin series for small arguments, its continued fraction (Abramowitz and Stegun
     * 7.1.5 and 7.1.14) for large ones.
     */
    static double erfc(double x) {
        if (Double.isNaN(x)) {
            return x;
        }
        if (x < 0) {
            return 2 - erfc(-x);
        }
        if (x > 27) {
            return 0;
        }
        if (x < 2.5) {
            double term = x;
            double sum = x;
            for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
                term *= -x * x / n;
                sum += term / (2 * n + 1);
            }
            return 1 - 2 / Math.sqrt(Math.PI) * sum;
        }
        double fraction = 0;
        for (int k = 120; k > 0; k--) {
            fraction = k / 2.0 / (x + fraction);
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
    }
}
