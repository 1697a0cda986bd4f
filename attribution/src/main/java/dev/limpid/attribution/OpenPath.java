package dev.limpid.attribution;

import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;

/** A path that is being integrated: its ends, and what the gradients at its nodes add up to for each target. */
final class OpenPath {
    final int index; // among all paths
    final Tensor baseline;
    final Tensor input;
    final Tensor difference; // (T, C): x − x0
    final List<PathSum> sums; // of each target
    final List<PathSum> open; // of those targets that take more nodes
    private final PathIntegral[] integrals; // of those that do not
    final double[] endScores; // F(x0) and F(x) by target, one after the other; of use where no node is an end

    /**
     * A path without any node yet.
     *
     * @param kept for what lives as long as the path
     * @param weights of each rule, by node
     */
    OpenPath(Workspace kept, int index, StraightPath path, double[]... weights) {
        this.index = index;
        this.baseline = path.baseline();
        this.input = path.input();
        this.difference = difference(kept, baseline, input);
        this.sums = path.targets().stream().map(target -> new PathSum(kept, target, tokens(), columns(), weights))
                .toList();
        this.open = new ArrayList<>(sums);
        this.integrals = new PathIntegral[sums.size()];
        this.endScores = new double[2 * sums.size()];
    }

    private static Tensor difference(Workspace kept, Tensor baseline, Tensor input) {
        Ops ops = kept.ops();
        double[] x = ops.download(input);
        double[] x0 = ops.download(baseline);
        for (int i = 0; i < x.length; i++) {
            x[i] -= x0[i];
        }
        Tensor tensor = kept.exact(input.shape().dim(0), input.shape().dim(1));
        ops.upload(x, tensor);
        return tensor;
    }

    int tokens() {
        return input.shape().dim(0);
    }

    int columns() {
        return input.shape().dim(1);
    }

    /** Fills {@code points} (n, T, C). The end of the path is the input to the last bit, where the interpolation would round. */
    void points(Ops ops, double[] alphas, Tensor points) {
        ops.lerp(baseline, input, alphas, points);
        for (int k = 0; k < alphas.length; k++) {
            if (alphas[k] == 1) {
                ops.copy(input.reshape(1, tokens(), columns()), points.rows(k, k + 1));
            }
        }
    }

    /** Keeps F of all targets at an end of the path, from the logits there. */
    void end(boolean ofInput, double[] logits) {
        for (int t = 0; t < sums.size(); t++) {
            endScores[2 * t + (ofInput ? 1 : 0)] = TargetRows.evaluate(sums.get(t).target,
                    logits);
        }
    }

    /** A target takes no more nodes. */
    void close(PathSum sum, PathIntegral integral) {
        integrals[sums.indexOf(sum)] = integral;
        open.remove(sum);
    }

    /** Of each target, once all are closed. */
    List<PathIntegral> integrals() {
        return List.of(integrals);
    }
}
