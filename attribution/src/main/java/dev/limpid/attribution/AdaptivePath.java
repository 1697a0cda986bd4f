package dev.limpid.attribution;

import dev.limpid.tensor.Precision;
import dev.limpid.tensor.Workspace;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Integrates along a path by ever finer rules of Clenshaw and Curtis until each target is as exact as {@link Steps.Auto} asks for.
 *
 * <p>A node is computed once and belongs to every finer rule (but for two of {@link Quadrature#CLENSHAW_CURTIS_MIDDLE}); the coarsest holds both ends of the path, so
 * that F(x), F(x0) and with them the delta take no passes of their own. A target that is done takes no more backward passes, and a path all of whose targets are done no more passes at all; what it had found does not
 * depend on the others.
 */
final class AdaptivePath {
    private static final double FLOOR = 1e-3; // of the change of F, relative to F
    private static final double FINEST_BF16 = 0.1; // where the noise of rounding moves sums as much as more nodes do

    private final PackedModel model;
    private final RunOptions options;

    AdaptivePath(PackedModel model, RunOptions options) {
        this.model = model;
        this.options = options;
    }

    /** As {@link PathEngine#integrate(List, Steps)}. */
    List<List<PathIntegral>> integrate(List<StraightPath> paths, Steps.Auto steps) {
        double tolerance = tolerance(steps, model.ops().precision());
        NestedNodes nodes = NestedNodes.upTo(steps.most(), steps.quadrature());
        try (Workspace kept = model.ops().workspace(); Workspace ws = model.ops().workspace()) {
            List<OpenPath> all = PathEngine.open(kept, paths, nodes.weights());
            PathWalk walk = new PathWalk(model, options, ws);
            List<OpenPath> open = all.stream().filter(path -> !path.open.isEmpty()).toList();
            int visited = 0;
            for (int rule = 1; !open.isEmpty() && rule < nodes.rules(); rule++) {
                walk.visit(open, Arrays.copyOfRange(nodes.alphas(), visited, nodes.count(rule)), visited);
                visited = nodes.count(rule);
                boolean last = rule == nodes.rules() - 1;
                for (OpenPath path : open) {
                    for (PathSum sum : List.copyOf(path.open)) {
                        boolean met = isMet(sum, rule, tolerance);
                        if (met || last) {
                            path.close(sum, sum.integral(rule, nodes.alphas(), sum.scores[1], sum.scores[0],
                                    new Accuracy(tolerance, met)));
                        }
                    }
                }
                open = open.stream().filter(path -> !path.open.isEmpty()).toList();
            }
            List<List<PathIntegral>> integrals = all.stream().map(OpenPath::integrals).toList();
            report(integrals.stream().flatMap(List::stream).toList(), tolerance);
            return integrals;
        }
    }

    /** What can be asked of a precision. */
    static double tolerance(Steps.Auto steps, Precision precision) {
        return precision == Precision.BF16 ? Math.max(steps.tolerance(), FINEST_BF16) : steps.tolerance();
    }

    private static boolean isMet(PathSum sum, int rule, double tolerance) {
        double[] coarse = sum.tokenAttributions(rule - 1);
        double[] fine = sum.tokenAttributions(rule);
        double score = sum.scores[1];
        double change = score - sum.scores[0];
        double delta = -change;
        double moved = 0;
        double largest = 0;
        for (int t = 0; t < fine.length; t++) {
            delta += fine[t];
            moved = Math.max(moved, Math.abs(fine[t] - coarse[t]));
            largest = Math.max(largest, Math.abs(fine[t]));
        }
        double scale = Math.max(Math.abs(change), FLOOR * Math.max(Math.abs(score), 1));
        return Math.abs(delta) <= tolerance * scale && moved <= tolerance * largest;
    }

    private void report(List<PathIntegral> integrals, double tolerance) {
        long missed = integrals.stream().filter(integral -> !integral.accuracy().met()).count();
        if (missed > 0) {
            double delta = integrals.stream().filter(integral -> !integral.accuracy().met())
                    .mapToDouble(integral -> Math.abs(integral.delta())).max().orElseThrow();
            options.progress().notice(String.format(Locale.ROOT, "the path took the most steps allowed, %d, and is not"
                    + " as exact as wanted (tolerance %s) for %d of %d targets: delta up to %.1e; allow more steps, or ask"
                    + " for less", integrals.stream().mapToInt(i -> i.nodes().alphas().length).max().orElseThrow(),
                    tolerance, missed, integrals.size(), delta));
        }
    }
}
