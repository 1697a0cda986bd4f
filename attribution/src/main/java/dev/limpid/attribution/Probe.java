package dev.limpid.attribution;

import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Evaluates targets, and their gradients, at any inputs of a {@link FeatureSpace}: what methods and metrics are built of.
 *
 * <p>Inputs go through the network in chunks of {@link RunOptions#chunkRows} rows; all targets share the forward pass of a chunk, and each takes its own
 * backward pass. Rows do not interact, so the chunk size changes nothing but memory and speed. A probe counts its passes over all its calls, and belongs to
 * one thread.
 */
public final class Probe {
    private final FeatureSpace space;
    private final List<Target> targets;
    private final Progress progress;
    private final int chunkRows;
    private final long passes;
    private long done;

    /**
     * A probe of these targets.
     *
     * @param passes all the passes it will make, for the progress: one for each row forward, and one for each row and target backward
     */
    public Probe(FeatureSpace space, List<Target> targets, RunOptions options, long passes) {
        this.space = space;
        this.targets = List.copyOf(targets);
        this.progress = options.progress();
        this.chunkRows = options.chunkRows(space.model());
        this.passes = passes;
    }

    /** Is shown the gradients, for each target by rising row. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * One target at one input.
         *
         * @param target its index
         * @param row the input's index
         * @param score F
         * @param gradient ∂F/∂x, for the visitor to keep
         */
        void visit(int target, int row, double score, double[] gradient);
    }

    /**
     * F of each target at each input, by forward passes alone.
     *
     * @param rows number of inputs
     * @param input gives each input; asked once for each, in order
     * @return F by target, then by row
     * @throws ArithmeticException if the network computes a number that is not finite
     */
    public double[][] scores(int rows, IntFunction<double[]> input) {
        double[][] scores = new double[targets.size()][rows];
        try (Workspace ws = space.model().ops().workspace()) {
            for (int from = 0; from < rows; from += chunkRows) {
                ws.reset();
                int n = Math.min(chunkRows, rows - from);
                Tensor points = space.points(ws, chunk(from, n, input));
                double[] logits = ws.ops().download(space.model().forward(ws, points).logits());
                for (int t = 0; t < scores.length; t++) {
                    for (int k = 0; k < n; k++) {
                        scores[t][from + k] = TargetRows.evaluate(targets.get(t), logits, k, n);
                    }
                }
                advance(n);
            }
        }
        return scores;
    }

    /**
     * F and ∂F/∂x of each target at each input.
     *
     * @param rows number of inputs
     * @param input gives each input; asked once for each, in order
     * @throws ArithmeticException if the network computes a number that is not finite
     */
    public void gradients(int rows, IntFunction<double[]> input, Visitor visitor) {
        PathModel model = space.model();
        double[] scores = new double[rows];
        try (Workspace ws = model.ops().workspace(); Workspace featureSide = model.ops().workspace()) {
            for (int from = 0; from < rows; from += chunkRows) {
                ws.reset();
                int n = Math.min(chunkRows, rows - from);
                PathModel.Pass pass = model.forward(ws, space.points(ws, chunk(from, n, input)));
                double[] logits = model.ops().download(pass.logits());
                advance(n);
                for (int t = 0; t < targets.size(); t++) {
                    Tensor dLogits = TargetRows.dLogits(ws, targets.get(t), logits, pass.logits(), scores, from);
                    Tensor dPoints = pass.backward(ws, dLogits);
                    featureSide.reset();
                    double[][] gradients = space.backward(featureSide, dPoints);
                    ws.release(dPoints);
                    for (int k = 0; k < n; k++) {
                        visitor.visit(t, from + k, scores[from + k], TargetRows.finite(gradients[k]));
                    }
                    advance(n);
                }
            }
        }
    }

    private static double[][] chunk(int from, int rows, IntFunction<double[]> input) {
        double[][] chunk = new double[rows][];
        for (int k = 0; k < rows; k++) {
            chunk[k] = input.apply(from + k);
        }
        return chunk;
    }

    private void advance(int rows) {
        progress.update(done += rows, passes);
    }
}
