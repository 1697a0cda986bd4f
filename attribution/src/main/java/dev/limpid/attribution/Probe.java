package dev.limpid.attribution;

import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Evaluates targets, and their gradients, at any inputs of a {@link FeatureSpace}: what methods and metrics are built of.
 *
 * <p>Inputs go through the network in {@link Chunks}; all targets share the forward pass of a chunk, and each takes its own
 * backward pass. Rows do not interact, so the chunk size changes nothing but memory and speed. A probe counts its passes over all its calls, and belongs to
 * one thread.
 */
public final class Probe {
    private final FeatureSpace space;
    private final List<Target> targets;
    private final Progress progress;
    private final Chunks chunks;
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
        this.chunks = new Chunks(space.model().ops(), options);
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
        Inputs inputs = new Inputs(input);
        try (Workspace ws = space.model().ops().workspace()) {
            chunks.run(rows, space.model().bytesPerRow(), List.of(ws), (from, to) -> {
                Tensor points = space.points(ws, inputs.rows(from, to));
                double[] logits = ws.ops().download(space.model().forward(ws, points).logits());
                for (int t = 0; t < scores.length; t++) {
                    for (int k = from; k < to; k++) {
                        scores[t][k] = TargetRows.evaluate(targets.get(t), logits, k - from, to - from);
                    }
                }
                progress.update(done += to - from, passes);
            });
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
        int[] visited = new int[targets.size()];
        Inputs inputs = new Inputs(input);
        try (Workspace ws = model.ops().workspace(); Workspace featureSide = model.ops().workspace()) {
            chunks.run(rows, space.model().bytesPerRow(), List.of(ws, featureSide), (from, to) -> {
                PathModel.Pass pass = model.forward(ws, space.points(ws, inputs.rows(from, to)));
                double[] logits = model.ops().download(pass.logits());
                int n = to - from;
                progress.update(done + n, passes);
                for (int t = 0; t < visited.length; t++) {
                    Tensor dPoints = pass.backward(ws,
                            TargetRows.dLogits(targets.get(t), logits, n, scores, from));
                    featureSide.reset();
                    double[][] gradients = space.backward(featureSide, dPoints);
                    ws.release(dPoints);
                    // Rows come again where the memory ran out behind them, at another target.
                    for (int k = Math.max(from, visited[t]); k < to; k++) {
                        visitor.visit(t, k, scores[k], TargetRows.finite(gradients[k - from]));
                        visited[t] = k + 1;
                    }
                    progress.update(done + n * (t + 2L), passes);
                }
                done += n * (1L + visited.length);
            });
        }
    }

    /** Rows from whoever gives them, those of one chunk kept in case it has to be done again. */
    private static final class Inputs {
        private final IntFunction<double[]> source;
        private final List<double[]> kept = new ArrayList<>();
        private int first;

        Inputs(IntFunction<double[]> source) {
            this.source = source;
        }

        double[][] rows(int from, int to) {
            kept.subList(0, from - first).clear();
            first = from;
            while (kept.size() < to - from) {
                kept.add(source.apply(from + kept.size()));
            }
            return kept.subList(0, to - from).toArray(double[][]::new);
        }
    }
}
