package dev.limpid.attribution;

import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What the gradients of one target at the nodes of a path add up to, by the weights of one rule, or of several nested ones at once: which of them will be the last
 * is not known yet, and adding a gradient to the sum of each takes less than keeping all gradients until it is.
 */
final class PathSum {
    final Target target;
    private final Ops ops;
    final double[] scores; // by node
    private final double[][] weights; // of each rule, by node
    private final Tensor[] gradients; // of each rule (T, C): Σ_k w_k·dPoints[k]
    private final double[][] tokenTotals; // by node
    private int summed; // nodes that are in the gradients

    PathSum(Workspace kept, Target target, int tokens, int columns, double[]... weights) {
        this.target = target;
        this.ops = kept.ops();
        this.weights = weights;
        int nodes = weights[weights.length - 1].length;
        this.scores = new double[nodes];
        this.tokenTotals = new double[nodes][];
        this.gradients = new Tensor[weights.length];
        Arrays.setAll(gradients, _ -> kept.exact(tokens, columns));
        for (Tensor gradient : gradients) {
            ops.fill(gradient, 0);
        }
    }

    /**
     * Adds the gradients of the nodes from {@code from} on.
     *
     * @param dPoints (n, T, C)
     * @param totals (n·T): what each token adds at each node
     */
    void add(Tensor dPoints, double[] totals, int from) {
        int rows = dPoints.shape().dim(0);
        int tokens = dPoints.shape().dim(1);
        for (int k = 0; k < rows; k++) {
            tokenTotals[from + k] = Arrays.copyOfRange(totals, k * tokens, (k + 1) * tokens);
        }
        for (int rule = 0; rule < weights.length; rule++) {
            if (from < weights[rule].length) {
                double[] part = Arrays.copyOfRange(weights[rule], from, from + rows); // 0 for nodes the rule has not
                // Nodes come again where the memory ran out behind them, at another target.
                Arrays.fill(part, 0, Math.clamp(summed - from, 0, rows), 0);
                ops.weightedSum(dPoints, part, gradients[rule]);
            }
        }
        summed = Math.max(summed, from + rows);
    }

    /** What each token adds by a rule all of whose nodes have been visited. */
    double[] tokenAttributions(int rule) {
        double[] tokens = new double[tokenTotals[0].length];
        for (int k = 0; k < weights[rule].length; k++) {
            for (int t = 0; t < tokens.length; t++) {
                tokens[t] += weights[rule][k] * tokenTotals[k][t];
            }
        }
        return tokens;
    }

    /**
     * The integral by a rule all of whose nodes have been visited.
     *
     * @param alphas by node
     * @param accuracy what was aimed at; null for nothing
     */
    PathIntegral integral(int rule, double[] alphas, double score, double baselineScore, Accuracy accuracy) {
        int[] along = IntStream.range(0, weights[rule].length).boxed()
                .sorted(Comparator.comparingDouble(k -> alphas[k])).mapToInt(Integer::intValue).toArray();
        Quadrature.Nodes nodes = new Quadrature.Nodes(Arrays.stream(along).mapToDouble(k -> alphas[k]).toArray(),
                Arrays.stream(along).mapToDouble(k -> weights[rule][k]).toArray());
        return new PathIntegral(nodes, score, baselineScore, Arrays.stream(along).mapToDouble(k -> scores[k]).toArray(),
                Arrays.stream(along).mapToObj(k -> tokenTotals[k]).toArray(double[][]::new),
                ops.download(gradients[rule]), accuracy);
    }
}
