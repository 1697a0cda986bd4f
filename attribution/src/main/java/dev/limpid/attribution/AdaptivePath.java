package dev.limpid.attribution;

import dev.limpid.tensor.Precision;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Integrates along a path by ever finer Clenshaw–Curtis rules until each target is as exact as {@link Steps.Auto} asks for.
 *
 * <p>A node is computed once and belongs to every finer rule; the coarsest holds both ends of the path, so that F(x), F(x0) and with them the delta take no
 * passes of their own. A target that is done takes no more backward passes; what it had found does not depend on the others.
 */
final class AdaptivePath {
    private static final double FLOOR = 1e-3; // of the change of F, relative to F
    private static final double FINEST_BF16 = 0.1; // where the noise of rounding moves sums as much as more nodes do

    private final PathModel model;
    private final RunOptions options;

    AdaptivePath(PathModel model, RunOptions options) {
        this.model = model;
        this.options = options;
    }

    /** As {@link PathEngine#integrate(Tensor, Tensor, Steps, List)}. */
    List<PathIntegral> integrate(Tensor baseline, Tensor input, Steps.Auto steps, List<Target> targets) {
        double tolerance = tolerance(steps, model.ops().precision());
        NestedNodes nodes = NestedNodes.upTo(steps.most());
        try (Workspace kept = model.ops().workspace(); Workspace ws = model.ops().workspace()) {
            PathWalk walk = new PathWalk(model, options, kept, ws, baseline, input);
            List<PathSum> sums = new ArrayList<>();
            for (Target target : targets) {
                sums.add(new PathSum(kept, target, input.shape().dim(0), input.shape().dim(1), nodes.weights()));
            }
            PathIntegral[] integrals = new PathIntegral[sums.size()];
            List<PathSum> open = new ArrayList<>(sums);
            int visited = 0;
            for (int rule = 1; !open.isEmpty() && rule < nodes.rules(); rule++) {
                walk.visit(Arrays.copyOfRange(nodes.alphas(), visited, nodes.count(rule)), open);
                visited = nodes.count(rule);
                boolean last = rule == nodes.rules() - 1;
                for (PathSum sum : List.copyOf(open)) {
                    boolean met = isMet(sum, rule, tolerance);
                    if (met || last) {
                        integrals[sums.indexOf(sum)] = sum.integral(model.ops(), rule, nodes.alphas(), sum.scores[1],
                                sum.scores[0], new Accuracy(tolerance, met));
                        open.remove(sum);
                    }
                }
            }
            report(Arrays.asList(integrals), tolerance);
            return List.of(integrals);
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
