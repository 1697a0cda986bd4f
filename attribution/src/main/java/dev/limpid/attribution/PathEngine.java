package dev.limpid.attribution;

import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
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
     * @param nodes the quadrature
     * @param targets the scalars to explain
     * @return a result for each target, in their order
     * @throws ArithmeticException if the network computes a number that is not finite
     * @throws dev.limpid.tensor.OutOfDeviceMemoryException if the device has not the memory for a single node
     */
    public List<PathIntegral> integrate(Tensor baseline, Tensor input, Quadrature.Nodes nodes, List<Target> targets) {
        int tokens = input.shape().dim(0);
        int columns = input.shape().dim(1);
        int n = nodes.alphas().length;
        long passes = 1L + targets.size();
        List<Accumulator> sums = new ArrayList<>();
        try (Workspace kept = model.ops().workspace(); Workspace ws = model.ops().workspace()) {
            Tensor difference = difference(kept, baseline, input);
            for (Target target : targets) {
                Tensor gradient = kept.exact(tokens, columns);
                model.ops().fill(gradient, 0);
                sums.add(new Accumulator(target, gradient, n));
            }
            scoreEnds(ws, baseline, input, sums);
            Chunks.of(model, options).run(n, List.of(ws), (from, to) -> {
                Tensor points = ws.tensor(to - from, tokens, columns);
                model.ops().lerp(baseline, input, Arrays.copyOfRange(nodes.alphas(), from, to), points);
                PathModel.Pass pass = model.forward(ws, points);
                double[] logits = model.ops().download(pass.logits());
                long done = from * passes + (to - from);
                options.progress().update(done, n * passes);
                for (Accumulator sum : sums) {
                    Tensor dPoints = pass.backward(ws,
                            TargetRows.dLogits(ws, sum.target, logits, pass.logits(), sum.scores, from));
                    sum.add(ws, dPoints, difference, nodes, from);
                    ws.release(dPoints);
                    options.progress().update(done += to - from, n * passes);
                }
            });
            return sums.stream().map(sum -> new PathIntegral(nodes, sum.score, sum.baselineScore, sum.scores,
                    sum.tokenTotals, model.ops().download(sum.gradient))).toList();
        }
    }

    private Tensor difference(Workspace ws, Tensor baseline, Tensor input) {
        double[] x = model.ops().download(input);
        double[] x0 = model.ops().download(baseline);
        for (int i = 0; i < x.length; i++) {
            x[i] -= x0[i];
        }
        Tensor difference = ws.exact(input.shape().dim(0), input.shape().dim(1));
        model.ops().upload(x, difference);
        return difference;
    }

    /** F at both ends of the path, which the nodes of most rules do not contain. */
    private void scoreEnds(Workspace ws, Tensor baseline, Tensor input, List<Accumulator> sums) {
        int tokens = input.shape().dim(0);
        int columns = input.shape().dim(1);
        double[][] logits = new double[2][];
        Chunks.of(model, new RunOptions(1, 0, options.progress())).run(2, List.of(ws), (end, _) -> {
            Tensor point = ws.tensor(1, tokens, columns);
            model.ops().copy((end == 0 ? baseline : input).reshape(1, tokens, columns), point);
            logits[end] = model.ops().download(model.forward(ws, point).logits());
        });
        for (Accumulator sum : sums) {
            sum.baselineScore = TargetRows.evaluate(sum.target, logits[0]);
            sum.score = TargetRows.evaluate(sum.target, logits[1]);
        }
    }

    /** What is gathered for one target. */
    private static final class Accumulator {
        final Target target;
        final Tensor gradient; // (T, C): Σ_k w_k·dPoints[k]
        final double[] scores;
        final double[][] tokenTotals;
        double score;
        double baselineScore;
        private int summed; // nodes that are in the gradient

        Accumulator(Target target, Tensor gradient, int nodes) {
            this.target = target;
            this.gradient = gradient;
            this.scores = new double[nodes];
            this.tokenTotals = new double[nodes][];
        }

        /** Adds the gradients {@code dPoints} of the nodes from {@code from} on. */
        void add(Workspace ws, Tensor dPoints, Tensor difference, Quadrature.Nodes nodes, int from) {
            int rows = dPoints.shape().dim(0);
            int tokens = dPoints.shape().dim(1);
            Tensor totals = ws.exact(rows, tokens);
            ws.ops().tokenTotals(dPoints, difference, totals);
            double[] all = ws.ops().download(totals);
            for (int k = 0; k < rows; k++) {
                tokenTotals[from + k] = Arrays.copyOfRange(all, k * tokens, (k + 1) * tokens);
            }
            ws.release(totals);
            double[] weights = Arrays.copyOfRange(nodes.weights(), from, from + rows);
            // Nodes come again where the memory ran out behind them, at another target.
            Arrays.fill(weights, 0, Math.clamp(summed - from, 0, rows), 0);
            ws.ops().weightedSum(dPoints, weights, gradient);
            summed = Math.max(summed, from + rows);
        }
    }
}
