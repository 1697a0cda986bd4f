package dev.limpid.attribution;

import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.Arrays;
import java.util.List;

/**
 * Takes points of one straight path through a network, some at a time, and gives the gradients of each to the sums of the targets: these share the forward pass, and each
 * takes its own backward pass.
 */
final class PathWalk {
    private final PathModel model;
    private final Progress progress;
    private final Workspace ws;
    private final Tensor baseline;
    private final Tensor input;
    private final Tensor difference; // (T, C): x − x0
    private final Chunks chunks;
    private int visited; // nodes
    private long done; // passes

    /**
     * A walk from {@code baseline} to {@code input}, both (T, C).
     *
     * @param kept for what lives as long as the walk
     * @param ws for the passes, emptied before each chunk
     */
    PathWalk(PathModel model, RunOptions options, Workspace kept, Workspace ws, Tensor baseline, Tensor input) {
        this.model = model;
        this.progress = options.progress();
        this.ws = ws;
        this.baseline = baseline;
        this.input = input;
        this.difference = difference(kept);
        this.chunks = Chunks.of(model, options);
    }

    private Tensor difference(Workspace kept) {
        double[] x = model.ops().download(input);
        double[] x0 = model.ops().download(baseline);
        for (int i = 0; i < x.length; i++) {
            x[i] -= x0[i];
        }
        Tensor tensor = kept.exact(input.shape().dim(0), input.shape().dim(1));
        model.ops().upload(x, tensor);
        return tensor;
    }

    /** Goes to the nodes at {@code alphas}, numbered on from those already visited. */
    void visit(double[] alphas, List<PathSum> sums) {
        int tokens = input.shape().dim(0);
        int columns = input.shape().dim(1);
        long passes = 1L + sums.size();
        long total = done + alphas.length * passes;
        chunks.run(alphas.length, List.of(ws), (from, to) -> {
            Tensor points = ws.tensor(to - from, tokens, columns);
            points(Arrays.copyOfRange(alphas, from, to), points);
            PathModel.Pass pass = model.forward(ws, points);
            double[] logits = model.ops().download(pass.logits());
            long chunkDone = done + from * passes + (to - from);
            progress.update(chunkDone, total);
            for (PathSum sum : sums) {
                Tensor dPoints = pass.backward(ws,
                        TargetRows.dLogits(ws, sum.target, logits, pass.logits(), sum.scores, visited + from));
                sum.add(ws, dPoints, difference, visited + from);
                ws.release(dPoints);
                progress.update(chunkDone += to - from, total);
            }
        });
        visited += alphas.length;
        done = total;
    }

    /** The end of the path is the input to the last bit, where the interpolation would round. */
    private void points(double[] alphas, Tensor points) {
        model.ops().lerp(baseline, input, alphas, points);
        for (int k = 0; k < alphas.length; k++) {
            if (alphas[k] == 1) {
                model.ops().copy(input.reshape(1, input.shape().dim(0), input.shape().dim(1)), points.rows(k, k + 1));
            }
        }
    }
}
