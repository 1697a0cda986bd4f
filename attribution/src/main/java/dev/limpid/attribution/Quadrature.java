package dev.limpid.attribution;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Rules for {@code ∫₀¹ f(α) dα ≈ Σ_k w_k·f(α_k)} with {@code n} nodes.
 *
 * <p>The first five are captum's {@code gausslegendre} and {@code riemann_*}, to the digit; {@link #TRAPEZOID} is the trapezoid rule as it should
 * be, and the rules of Clenshaw and Curtis are those that {@link Steps.Auto} refines. Weights of all but {@link #RIEMANN_TRAPEZOID} sum to 1.
 */
public enum Quadrature {
    /** Gauss–Legendre: exact for polynomials up to degree {@code 2n − 1}. */
    GAUSS_LEGENDRE(1) {
        @Override
        Nodes compute(int n) {
            double[] alphas = new double[n];
            double[] weights = new double[n];
            for (int i = 0; i < (n + 1) / 2; i++) {
                // Newton's iteration for a root of the Legendre polynomial P_n, from Tricomi's estimate.
                double x = Math.cos(Math.PI * (i + 0.75) / (n + 0.5));
                double derivative = 0;
                for (int iteration = 0; iteration < 100; iteration++) {
                    double previous = 1;
                    double value = x;
                    for (int k = 2; k <= n; k++) {
                        double next = ((2 * k - 1) * x * value - (k - 1) * previous) / k;
                        previous = value;
                        value = next;
                    }
                    derivative = n * (previous - x * value) / (1 - x * x);
                    double step = value / derivative;
                    x -= step;
                    if (Math.abs(step) < 1e-16) {
                        break;
                    }
                }
                double weight = 1 / ((1 - x * x) * derivative * derivative);
                alphas[i] = (1 - x) / 2;
                alphas[n - 1 - i] = (1 + x) / 2;
                weights[i] = weight;
                weights[n - 1 - i] = weight;
            }
            if (n % 2 == 1) {
                alphas[n / 2] = 0.5;
            }
            return new Nodes(alphas, weights);
        }
    },
    /** {@code α_k = k/n}. */
    RIEMANN_LEFT(2) {
        @Override
        Nodes compute(int n) {
            return equalWeights(n, 0);
        }
    },
    /** {@code α_k = (k + 1)/n}. */
    RIEMANN_RIGHT(2) {
        @Override
        Nodes compute(int n) {
            return equalWeights(n, 1);
        }
    },
    /** {@code α_k = (k + ½)/n}. */
    RIEMANN_MIDDLE(2) {
        @Override
        Nodes compute(int n) {
            return equalWeights(n, 0.5);
        }
    },
    /**
     * captum's trapezoid: nodes {@code k/(n − 1)}, but weights {@code 1/n} (half at the ends), which sum to {@code (n − 1)/n}. Every attribution is
     * that much too small; for comparisons only.
     */
    RIEMANN_TRAPEZOID(2) {
        @Override
        Nodes compute(int n) {
            return trapezoid(n, 1.0 / n);
        }
    },
    /** The trapezoid rule: nodes {@code k/(n − 1)}, weights {@code 1/(n − 1)}, half at the ends. */
    TRAPEZOID(2) {
        @Override
        Nodes compute(int n) {
            return trapezoid(n, 1.0 / (n - 1));
        }
    },
    /**
     * Clenshaw–Curtis: nodes {@code sin²(π·j/(2M))}, j = 0 … M = n − 1, both ends among them; exact for polynomials up to degree {@code n − 1}. The nodes for M are
     * every second of those for 2M. Weights as in Waldvogel 2006, <i>Fast construction of the Fejér and Clenshaw–Curtis quadrature rules</i>.
     */
    CLENSHAW_CURTIS(2) {
        @Override
        Nodes compute(int n) {
            int intervals = n - 1;
            double[] cosines = new double[intervals]; // of 2π·i/M
            Arrays.setAll(cosines, i -> Math.cos(2 * Math.PI * i / intervals));
            double[] alphas = new double[n];
            double[] weights = new double[n];
            for (int j = 0; j <= intervals / 2; j++) {
                double sum = 1;
                for (int k = 1; 2 * k <= intervals; k++) {
                    double twice = 2 * k == intervals ? 1 : 2;
                    sum -= twice * cosines[(int) ((long) j * k % intervals)] / (4.0 * k * k - 1);
                }
                double sine = Math.sin(Math.PI * j / (2.0 * intervals));
                alphas[j] = 2 * j == intervals ? 0.5 : sine * sine;
                alphas[intervals - j] = 1 - alphas[j];
                weights[j] = sum / (j == 0 ? 2.0 * intervals : intervals);
                weights[intervals - j] = weights[j];
            }
            return new Nodes(alphas, weights);
        }
    },
    /**
     * Clenshaw–Curtis in u after the substitution {@code α = ε·sinh(u·arsinh(1/ε))}, ε = 0.2: closer together near the baseline, where the gradients of images change
     * most (docs/studies/quadrature.md). Weights {@code w_k·dα/du}, scaled so that they sum to 1.
     */
    CLENSHAW_CURTIS_START(2) {
        @Override
        Nodes compute(int n) {
            Nodes plain = CLENSHAW_CURTIS.compute(n);
            double[] alphas = plain.alphas().clone();
            double[] weights = plain.weights().clone();
            cluster(alphas, weights);
            return scaled(alphas, weights);
        }
    },
    /**
     * Clenshaw–Curtis; with more than 5 nodes in u after the substitution {@code 2α − 1 = ε·sinh((2u − 1)·arsinh(1/ε))}, ε = 0.2: closer together in the middle of the
     * path, where networks decide between two texts (docs/studies/quadrature.md). Weights {@code w_k·dα/du}, scaled so that they sum to 1.
     */
    CLENSHAW_CURTIS_MIDDLE(2) {
        @Override
        Nodes compute(int n) {
            Nodes plain = CLENSHAW_CURTIS.compute(n);
            if (n <= 5) {
                return plain;
            }
            double[] alphas = new double[n];
            double[] weights = plain.weights().clone();
            Arrays.setAll(alphas, j -> 2 * plain.alphas()[j] - 1);
            cluster(alphas, weights);
            return scaled(Arrays.stream(alphas).map(x -> (1 + x) / 2).toArray(), weights);
        }
    };

    private static final double CLUSTER = 0.2; // ε: about how far around the point the nodes are closer together

    private final int fewest;

    Quadrature(int fewest) {
        this.fewest = fewest;
    }

    /**
     * The nodes on [0, 1], ascending, and their weights.
     *
     * @param alphas α_k
     * @param weights w_k
     */
    public record Nodes(double[] alphas, double[] weights) {}

    abstract Nodes compute(int n);

    /**
     * The rule with {@code nSteps} nodes.
     *
     * @throws IllegalArgumentException if there are too few for the rule, or more than 100,000
     */
    public Nodes nodes(int nSteps) {
        if (nSteps < fewest || nSteps > 100_000) {
            throw new IllegalArgumentException(
                    "steps must be from " + fewest + " to 100000 for " + id() + ", not " + nSteps);
        }
        return compute(nSteps);
    }

    /** The name used in options and output: {@code gauss-legendre}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The rule of this name.
     *
     * @throws IllegalArgumentException if there is none, naming those there are
     */
    public static Quadrature named(String id) {
        return Arrays.stream(values()).filter(q -> q.id().equals(id)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no quadrature '" + id + "'; known are "
                        + Arrays.stream(values()).map(Quadrature::id).collect(Collectors.joining(", "))));
    }

    /** Whether the nodes with n are among those with 2n − 1, but for the first few, so that {@link Steps.Auto} can refine it. */
    public boolean isNested() {
        return this == CLENSHAW_CURTIS || this == CLENSHAW_CURTIS_START || this == CLENSHAW_CURTIS_MIDDLE;
    }

    /** The names of those that {@link #isNested}. */
    public static String nestedIds() {
        return Arrays.stream(values()).filter(Quadrature::isNested).map(Quadrature::id)
                .collect(Collectors.joining(", "));
    }

    /** Moves nodes u of [−1, 1] to {@code ε·sinh(u·arsinh(1/ε))}, which leaves 0 and ±1 where they are, and gives them the weight of that. */
    private static void cluster(double[] nodes, double[] weights) {
        double scale = Math.log(1 / CLUSTER + Math.sqrt(1 / (CLUSTER * CLUSTER) + 1));
        for (int j = 0; j < nodes.length; j++) {
            double u = nodes[j];
            weights[j] *= CLUSTER * scale * Math.cosh(scale * u);
            nodes[j] = Math.abs(u) == 1 ? u : CLUSTER * Math.sinh(scale * u);
        }
    }

    private static Nodes scaled(double[] alphas, double[] weights) {
        double sum = Arrays.stream(weights).sum();
        return new Nodes(alphas, Arrays.stream(weights).map(weight -> weight / sum).toArray());
    }

    private static Nodes equalWeights(int n, double shift) {
        double[] alphas = new double[n];
        double[] weights = new double[n];
        for (int k = 0; k < n; k++) {
            alphas[k] = (k + shift) / n;
            weights[k] = 1.0 / n;
        }
        return new Nodes(alphas, weights);
    }

    private static Nodes trapezoid(int n, double weight) {
        double[] alphas = new double[n];
        double[] weights = new double[n];
        for (int k = 0; k < n; k++) {
            alphas[k] = (double) k / (n - 1);
            weights[k] = k == 0 || k == n - 1 ? weight / 2 : weight;
        }
        return new Nodes(alphas, weights);
    }
}
