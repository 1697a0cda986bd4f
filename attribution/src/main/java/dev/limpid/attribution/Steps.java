package dev.limpid.attribution;

/** At how many points of a path the gradient is taken, and by which rule it is added up. */
public sealed interface Steps {
    /** As many as the integral needs, see {@link Auto}, where the path is one of texts; docs/studies/quadrature.md has the data for this rule and these numbers. */
    Auto AUTO = new Auto(0.03, 259, Quadrature.CLENSHAW_CURTIS_MIDDLE);

    /** {@link #AUTO} where the path is one of images. */
    Auto AUTO_IMAGE = AUTO.withQuadrature(Quadrature.CLENSHAW_CURTIS_START);

    /** What captum and transformers-interpret do when asked for nothing special: 50 nodes of Gauss and Legendre. */
    Fixed FIFTY = new Fixed(Quadrature.GAUSS_LEGENDRE, 50);

    /** The rule. */
    Quadrature quadrature();

    /**
     * The same nodes for every input.
     *
     * @param nSteps their number
     */
    record Fixed(Quadrature quadrature, int nSteps) implements Steps {
        public Fixed {
            quadrature.nodes(nSteps); // refuses a number of steps the rule cannot have
        }
    }

    /**
     * As many nodes as each target needs: a nested rule with 3, 5, 9, 17 … nodes, which keeps those computed before ({@link
     * Quadrature#CLENSHAW_CURTIS_MIDDLE} makes no use of two of them), until it is
     *
     * <pre>
     *   complete   |Σ_t a_t − ΔF| ≤ τ·max(|ΔF|, 10⁻³·max(|F(x)|, 1))        ΔF = F(x) − F(x0)
     *   settled    max_t |a_t − a'_t| ≤ τ·max_t |a_t|                         a' by the half as fine rule before
     * </pre>
     *
     * <p>The error of a itself is as a rule far below τ: what has moved by τ is a', from which it came. Numbers of bfloat16 resolve no τ below 0.1, which is then
     * taken.
     *
     * @param tolerance τ, above 0 and below 1
     * @param most nodes that are computed at most, whether τ is reached or not
     * @param quadrature the rule, one that {@link Quadrature#isNested}
     */
    record Auto(double tolerance, int most, Quadrature quadrature) implements Steps {
        public Auto {
            if (!quadrature.isNested()) {
                throw new IllegalArgumentException(
                        "automatic steps refine " + Quadrature.nestedIds() + ", not " + quadrature.id());
            }
            if (!(tolerance > 0 && tolerance < 1)) {
                throw new IllegalArgumentException(
                        "the tolerance must be above 0 and below 1, such as 0.03, not " + tolerance);
            }
            if (most < 3 || most > 100_000) {
                throw new IllegalArgumentException(
                        "the most steps that may be taken must be from 3 to 100000, not " + most);
            }
        }

        /** By {@link Quadrature#CLENSHAW_CURTIS}, which is closer at neither place. */
        public Auto(double tolerance, int most) {
            this(tolerance, most, Quadrature.CLENSHAW_CURTIS);
        }

        /** The same by another rule. */
        public Auto withQuadrature(Quadrature other) {
            return new Auto(tolerance, most, other);
        }
    }
}
