package dev.limpid.attribution;

import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.List;

/**
 * A network seen from the points where many paths are integrated at once. Paths may differ in their number of tokens; their rows lie one after the other in one tensor, without
 * padding, and do not interact.
 */
public interface PackedModel {
    /** The device. */
    Ops ops();

    /** Number of logits of a row of path {@code path}, from 0. */
    int logitsPerRow(int path);

    /** About how many bytes a row of path {@code path} holds during a forward and backward pass. */
    long bytesPerRow(int path);

    /** {@code count} rows of one path. */
    record Rows(int path, int count) {}

    /**
     * The forward pass of rows of some paths.
     *
     * @param points (1, N, C): the tokens of all rows
     * @param rows whose they are
     * @return logits, and gradients of {@code points}, row after row, in any shape
     */
    PathModel.Pass forward(Workspace ws, Tensor points, List<Rows> rows);

    /** A network all of whose rows are alike, as of one text, or of images. */
    static PackedModel alike(PathModel model) {
        return new PackedModel() {
            @Override
            public Ops ops() {
                return model.ops();
            }

            @Override
            public int logitsPerRow(int path) {
                return model.logitsPerRow();
            }

            @Override
            public long bytesPerRow(int path) {
                return model.bytesPerRow();
            }

            @Override
            public PathModel.Pass forward(Workspace ws, Tensor points, List<Rows> rows) {
                int count = rows.stream().mapToInt(Rows::count).sum();
                return model.forward(ws,
                        points.reshape(count, points.shape().dim(1) / count, points.shape().columns()));
            }
        };
    }
}
