package dev.limpid.attribution;

import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * Integrates the gradient of a network along the straight path from a baseline to an input (integrated gradients, Sundararajan et al. 2017, arXiv
 * 1703.01365):
 *
 * <pre>
 *   P_k = x0 + α_k·(x − x0)        A = (x − x0)·Σ_k w_k·∂F/∂P (P_k)
 * </pre>
 *
 * <p>Nodes go through the network in chunks whose size follows a memory budget; all targets share the forward pass of a chunk, and each takes its
 * own backward pass. Rows do not interact, so the chunk size changes nothing but memory and speed.
 */
public final class PathEngine {
    private final PathModel model;
    private final RunOptions options;

    /** An engine whose chunks are as large as {@code options} allows. */
    public PathEngine(PathModel model, RunOptions options) {
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
        return switch (steps) {
            case Steps.Fixed(Quadrature quadrature, int n) -> integrate(baseline, input, quadrature.nodes(n), targets);
            case Steps.Auto auto -> new AdaptivePath(model, options).integrate(baseline, input, auto, targets);
        };
    }

    /** The same with these nodes. */
    public List<PathIntegral> integrate(Tensor baseline, Tensor input, Quadrature.Nodes nodes, List<Target> targets) {
        try (Workspace kept = model.ops().workspace(); Workspace ws = model.ops().workspace()) {
            PathWalk walk = new PathWalk(model, options, kept, ws, baseline, input);
            List<PathSum> sums = new ArrayList<>();
            for (Target target : targets) {
                sums.add(new PathSum(kept, target, input.shape().dim(0), input.shape().dim(1), nodes.weights()));
            }
            double[][] ends = ends(ws, baseline, input);
            walk.visit(nodes.alphas(), sums);
            return sums.stream()
                    .map(sum -> sum.integral(model.ops(), 0, nodes.alphas(), TargetRows.evaluate(sum.target, ends[1]),
                            TargetRows.evaluate(sum.target, ends[0]), null))
                    .toList();
        }
    }

    /** The logits at both ends of the path, which the nodes of most rules do not contain. */
    private double[][] ends(Workspace ws, Tensor baseline, Tensor input) {
        int tokens = input.shape().dim(0);
        int columns = input.shape().dim(1);
        double[][] logits = new double[2][];
        Chunks.of(model, new RunOptions(1, 0, options.progress())).run(2, List.of(ws), (end, _) -> {
            Tensor point = ws.tensor(1, tokens, columns);
            model.ops().copy((end == 0 ? baseline : input).reshape(1, tokens, columns), point);
            logits[end] = model.ops().download(model.forward(ws, point).logits());
        });
        return logits;
    }
}
