package dev.limpid.attribution;

import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Integrates the gradient of a network along the straight path from a baseline to an input (integrated gradients, Sundararajan et al. 2017, arXiv
 * 1703.01365):
 *
 * <pre>
 *   P_k = x0 + α_k·(x − x0)        A = (x − x0)·Σ_k w_k·∂F/∂P (P_k)
 * </pre>
 *
 * <p>Nodes of one path or of many go through the network in chunks whose size follows a memory budget; all targets share the forward pass of a chunk, and each takes its
 * own backward pass. Rows do not interact, so the chunk size, and what other paths there are, changes nothing but memory and speed.
 */
public final class PathEngine {
    private final PackedModel model;
    private final RunOptions options;

    /** An engine for paths whose rows are alike, whose chunks are as large as {@code options} allows. */
    public PathEngine(PathModel model, RunOptions options) {
        this(PackedModel.alike(model), options);
    }

    /** An engine for the paths that {@code model} is for. */
    public PathEngine(PackedModel model, RunOptions options) {
        this.model = model;
        this.options = options;
    }

    /**
     * Integrates every target over the same path.
     *
     * @param baseline x0, (T, C)
     * @param input x, (T, C)
     * @param steps the nodes, or how exact the integral shall be
     * @param targets the scalars to explain
     * @return a result for each target, in their order
     * @throws ArithmeticException if the network computes a number that is not finite
     * @throws dev.limpid.tensor.OutOfDeviceMemoryException if the device has not the memory for a single node
     */
    public List<PathIntegral> integrate(Tensor baseline, Tensor input, Steps steps, List<Target> targets) {
        return integrate(List.of(new StraightPath(baseline, input, targets)), steps).getFirst();
    }

    /** The same with these nodes. */
    public List<PathIntegral> integrate(Tensor baseline, Tensor input, Quadrature.Nodes nodes, List<Target> targets) {
        return integrate(List.of(new StraightPath(baseline, input, targets)), nodes).getFirst();
    }

    /**
     * Integrates every target of many paths, nodes of several paths at once.
     *
     * @param paths in the order in which the model counts them
     * @return for each path, in their order, a result for each of its targets: what it would be if the path were alone
     * @throws ArithmeticException if the network computes a number that is not finite
     * @throws dev.limpid.tensor.OutOfDeviceMemoryException if the device has not the memory for a single node
     */
    public List<List<PathIntegral>> integrate(List<StraightPath> paths, Steps steps) {
        return switch (steps) {
            case Steps.Fixed(Quadrature quadrature, int n) -> integrate(paths, quadrature.nodes(n));
            case Steps.Auto auto -> new AdaptivePath(model, options).integrate(paths, auto);
        };
    }

    /** The same with these nodes. */
    public List<List<PathIntegral>> integrate(List<StraightPath> paths, Quadrature.Nodes nodes) {
        try (Workspace kept = model.ops().workspace(); Workspace ws = model.ops().workspace()) {
            List<OpenPath> all = open(kept, paths, nodes.weights());
            PathWalk walk = new PathWalk(model, options, ws);
            walk.visitEnds(all);
            walk.visit(all, nodes.alphas(), 0);
            return all.stream().map(path -> IntStream.range(0, path.sums.size())
                    .mapToObj(t -> path.sums.get(t).integral(0, nodes.alphas(), path.endScores[2 * t + 1],
                            path.endScores[2 * t], null))
                    .toList()).toList();
        }
    }

    /** Paths without any node yet, for rules of these weights. */
    static List<OpenPath> open(Workspace kept, List<StraightPath> paths, double[]... weights) {
        return IntStream.range(0, paths.size())
                .mapToObj(index -> new OpenPath(kept, index, paths.get(index), weights)).toList();
    }
}
