package dev.limpid.cli;

import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.Steps;
import picocli.CommandLine.Option;

/** The options that say at how many points of the path the gradient is taken, and how it is added up. */
final class StepsOptions {
    private static final String AUTO = "auto";

    @Option(names = "--steps", paramLabel = "N", description = "Points on the path: a number, or auto for as many as it takes (default: auto; with transformers-interpret"
            + " 50; for images 50 for idgi, 5 for each sample of smoothgrad, smoothgrad-sq and vargrad).")
    private String steps;

    @Option(names = "--tolerance", paramLabel = "X", description = "How exact the integral of --steps auto shall be, relative to the change of the score and to the largest attribution"
            + " (default: 0.03).")
    private Double tolerance;

    @Option(names = "--max-steps", paramLabel = "N", description = "Points on the path that --steps auto takes at most (default: 259).")
    private Integer most;

    @Option(names = "--quadrature", paramLabel = "NAME", description = "The rule of integration for a number of steps: gauss-legendre, riemann-left, riemann-right, riemann-middle,"
            + " riemann-trapezoid (captum's), trapezoid, clenshaw-curtis, or the same with its points closer together at the baseline, clenshaw-curtis-start, or halfway,"
            + " clenshaw-curtis-middle. Of --steps auto one of the last three (default: gauss-legendre; of auto the last, for images the last but one).")
    private String quadrature;

    /**
     * The steps asked for.
     *
     * @param usual those of an explanation that asks for none
     * @param usualNumber their number where only a rule is asked for
     * @param adaptive the automatic ones
     * @throws UsageException if options contradict each other
     * @throws IllegalArgumentException if one is out of range
     */
    Steps steps(Steps usual, int usualNumber, Steps.Auto adaptive) {
        Quadrature rule = quadrature == null ? null : Quadrature.named(quadrature);
        boolean auto = steps == null
                ? quadrature == null && usual instanceof Steps.Auto
                : steps.equals(AUTO);
        if (auto) {
            if (rule != null && !rule.isNested()) {
                throw new UsageException("--quadrature " + quadrature + " needs a number of --steps: auto refines "
                        + Quadrature.nestedIds());
            }
            return new Steps.Auto(tolerance == null ? adaptive.tolerance() : tolerance,
                    most == null ? adaptive.most() : most, rule == null ? adaptive.quadrature() : rule);
        }
        requireAuto("--tolerance", tolerance);
        requireAuto("--max-steps", most);
        return steps == null && rule == null
                ? usual
                : new Steps.Fixed(rule == null ? Quadrature.GAUSS_LEGENDRE : rule,
                        steps == null ? usualNumber : number());
    }

    private static void requireAuto(String option, Object value) {
        if (value != null) {
            throw new UsageException(option + " has a meaning for --steps auto only; leave it out");
        }
    }

    /**
     * The number of steps of a method that has no rule of integration.
     *
     * @throws UsageException if {@code auto} was asked for, or another option of the path
     */
    int number(String method, int usual) {
        if (AUTO.equals(steps)) {
            throw new UsageException("--steps auto has no meaning for --method " + method + "; give a number");
        }
        requireNone(method, false);
        return steps == null ? usual : number();
    }

    /**
     * Refuses what was asked for where a method does not integrate.
     *
     * @param stepsToo whether it has no points on a path either
     */
    void requireNone(String method, boolean stepsToo) {
        requireNone("--quadrature", quadrature, method);
        requireNone("--tolerance", tolerance, method);
        requireNone("--max-steps", most, method);
        requireNone("--steps", stepsToo ? steps : null, method);
    }

    private static void requireNone(String option, Object value, String method) {
        if (value != null) {
            throw new UsageException(option + " has no meaning for --method " + method + "; leave it out");
        }
    }

    private int number() {
        try {
            return Integer.parseInt(steps);
        } catch (NumberFormatException e) {
            throw new UsageException("--steps must be auto or a number, not '" + steps + "'", e);
        }
    }
}
