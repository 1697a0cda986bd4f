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
    private final int chunkRows;

    /** An engine whose chunks are as large as {@code options} allows. */
    public PathEngine(PathModel model, RunOptions options) {
        this.model = model;
        this.options = options;
        this.chunkRows = options.chunkRows(model);
    }

    /** Rows of a chunk. */
    public int chunkRows() {
        return chunkRows;
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
     */
    public List<PathIntegral> integrate(Tensor baseline, Tensor input, Quadrature.Nodes nodes, List<Target> targets) {
        int tokens = input.shape().dim(0);
        int columns = input.shape().dim(1);
        int n = nodes.alphas().length;
        List<Accumulator> sums = new ArrayList<>();
        long total = (long) n * (1 + targets.size());
        long done = 0;
        try (Workspace kept = model.ops().workspace(); Workspace ws = model.ops().workspace()) {
            Tensor difference = difference(kept, baseline, input);
            for (Target target : targets) {
                Tensor gradient = kept.exact(tokens, columns);
                model.ops().fill(gradient, 0);
                sums.add(new Accumulator(target, gradient, new double[n], new double[n][]));
            }
            scoreEnds(ws, baseline, input, sums);
            for (int from = 0; from < n; from += chunkRows) {
                ws.reset();
                int to = Math.min(n, from + chunkRows);
                Tensor points = ws.tensor(to - from, tokens, columns);
                model.ops().lerp(baseline, input, Arrays.copyOfRange(nodes.alphas(), from, to), points);
                PathModel.Pass pass = model.forward(ws, points);
                double[] logits = model.ops().download(pass.logits());
                options.progress().update(done += to - from, total);
                for (Accumulator sum : sums) {
                    Tensor dPoints = pass.backward(ws,
                            TargetRows.dLogits(ws, sum.target, logits, pass.logits(), sum.scores, from));
                    Tensor totals = ws.exact(to - from, tokens);
                    model.ops().tokenTotals(dPoints, difference, totals);
                    double[] rows = model.ops().download(totals);
                    for (int k = from; k < to; k++) {
                        sum.tokenTotals[k] = Arrays.copyOfRange(rows, (k - from) * tokens, (k - from + 1) * tokens);
                    }
                    model.ops().weightedSum(dPoints, Arrays.copyOfRange(nodes.weights(), from, to), sum.gradient);
                    ws.release(totals);
                    ws.release(dPoints);
                    options.progress().update(done += to - from, total);
                }
            }
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
        for (int end = 0; end < 2; end++) {
            ws.reset();
            Tensor point = ws.tensor(1, tokens, columns);
            model.ops().copy((end == 0 ? baseline : input).reshape(1, tokens, columns), point);
            logits[end] = model.ops().download(model.forward(ws, point).logits());
        }
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

        Accumulator(Target target, Tensor gradient, double[] scores, double[][] tokenTotals) {
            this.target = target;
            this.gradient = gradient;
            this.scores = scores;
            this.tokenTotals = tokenTotals;
        }
    }
}
