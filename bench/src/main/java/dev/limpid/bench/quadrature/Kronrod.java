package dev.limpid.bench.quadrature;

import dev.limpid.attribution.Quadrature;
import java.util.Arrays;

/**
 * Gauss–Kronrod rules on [0, 1]: the n nodes of Gauss and Legendre and n + 1 more between them, the roots of the polynomial E of degree n + 1 for which
 * {@code ∫ P_n·E·x^k dx = 0}, k = 0 … n (Kronrod 1965; Stieltjes).
 */
final class Kronrod {
    private Kronrod() {}

    /** The rule with {@code 2n + 1} nodes. */
    static Quadrature.Nodes nodes(int n) {
        Quadrature.Nodes gauss = Quadrature.GAUSS_LEGENDRE.nodes(n);
        double[] stieltjes = stieltjes(n);
        double[] x = new double[2 * n + 1]; // on [−1, 1]
        for (int i = 0; i <= n; i++) {
            double low = i == 0 ? -1 : 2 * gauss.alphas()[i - 1] - 1;
            double high = i == n ? 1 : 2 * gauss.alphas()[i] - 1;
            x[2 * i] = root(stieltjes, low, high);
            if (i < n) {
                x[2 * i + 1] = high;
            }
        }
        double[] alphas = Arrays.stream(x).map(at -> (1 + at) / 2).toArray();
        return new Quadrature.Nodes(alphas, weights(x));
    }

    /** The coefficients of E by Legendre polynomials, that of the highest being 1. */
    private static double[] stieltjes(int n) {
        Quadrature.Nodes exact = Quadrature.GAUSS_LEGENDRE.nodes(2 * n + 2);
        double[][] equations = new double[n + 1][n + 2];
        for (int q = 0; q < exact.alphas().length; q++) {
            double[] p = legendre(n + 1, 2 * exact.alphas()[q] - 1);
            for (int k = 0; k <= n; k++) {
                for (int i = 0; i <= n + 1; i++) {
                    equations[k][i] += exact.weights()[q] * p[n] * p[i] * p[k];
                }
            }
        }
        double[] rest = solve(equations);
        double[] coefficients = Arrays.copyOf(rest, n + 2);
        coefficients[n + 1] = 1;
        return coefficients;
    }

    /** x of {@code A·x = −b} for the rows {@code A | b}, by Gaussian elimination with pivoting. */
    private static double[] solve(double[][] rows) {
        int n = rows.length;
        for (int c = 0; c < n; c++) {
            int best = c;
            for (int r = c + 1; r < n; r++) {
                best = Math.abs(rows[r][c]) > Math.abs(rows[best][c]) ? r : best;
            }
            double[] pivot = rows[best];
            rows[best] = rows[c];
            rows[c] = pivot;
            for (int r = c + 1; r < n; r++) {
                double factor = rows[r][c] / pivot[c];
                for (int i = c; i <= n; i++) {
                    rows[r][i] -= factor * pivot[i];
                }
            }
        }
        double[] x = new double[n];
        for (int r = n - 1; r >= 0; r--) {
            double sum = -rows[r][n];
            for (int i = r + 1; i < n; i++) {
                sum -= rows[r][i] * x[i];
            }
            x[r] = sum / rows[r][r];
        }
        return x;
    }

    private static double root(double[] series, double low, double high) {
        double sign = Math.signum(value(series, low + 1e-13));
        double from = low;
        double to = high;
        for (int i = 0; i < 60; i++) {
            double middle = (from + to) / 2;
            if (Math.signum(value(series, middle)) == sign) {
                from = middle;
            } else {
                to = middle;
            }
        }
        return (from + to) / 2;
    }

    private static double value(double[] series, double x) {
        double[] p = legendre(series.length - 1, x);
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += series[i] * p[i];
        }
        return sum;
    }

    /** The weights with which nodes {@code x} on [−1, 1] integrate polynomials of less degree than there are nodes, on [0, 1]. */
    private static double[] weights(double[] x) {
        Quadrature.Nodes exact = Quadrature.GAUSS_LEGENDRE.nodes(x.length);
        double[] weights = new double[x.length];
        for (int q = 0; q < x.length; q++) {
            double at = 2 * exact.alphas()[q] - 1;
            for (int i = 0; i < x.length; i++) {
                double basis = exact.weights()[q];
                for (int j = 0; j < x.length; j++) {
                    basis *= j == i ? 1 : (at - x[j]) / (x[i] - x[j]);
                }
                weights[i] += basis;
            }
        }
        return weights;
    }

    /** P_0 … P_degree at {@code x}. */
    private static double[] legendre(int degree, double x) {
        double[] p = new double[degree + 1];
        p[0] = 1;
        p[1] = x;
        for (int k = 2; k <= degree; k++) {
            p[k] = ((2 * k - 1) * x * p[k - 1] - (k - 1) * p[k - 2]) / k;
        }
        return p;
    }
}
