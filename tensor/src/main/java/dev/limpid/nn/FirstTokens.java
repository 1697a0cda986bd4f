package dev.limpid.nn;

import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;

/**
 * The first {@code count} of {@code length} tokens of each of {@code batch} rows, which is all that some heads read: [CLS] and what stands beside it.
 *
 * @param batch B
 * @param length T
 * @param count R ≤ T
 */
public record FirstTokens(int batch, int length, int count) {
    /** {@code x} (B, T, C) to a new tensor (B, R, C). */
    public Tensor forward(Workspace ws, Tensor x) {
        int columns = x.shape().columns();
        Tensor first = ws.tensor(batch, count, columns);
        ws.ops().gatherRows(x.reshape(batch * length, columns), rows(), false, first.reshape(batch * count, columns));
        return first;
    }

    /** {@code dFirst} (B, R, C) to a new tensor {@code dX} (B, T, C), 0 for all other tokens. */
    public Tensor backwardInput(Workspace ws, Tensor dFirst) {
        int columns = dFirst.shape().columns();
        Tensor dX = ws.tensor(batch, length, columns);
        ws.ops().gatherRowsBackwardInput(dFirst.reshape(batch * count, columns), rows(),
                dX.reshape(batch * length, columns));
        return dX;
    }

    private int[] rows() {
        int[] rows = new int[batch * count];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i / count * length + i % count;
        }
        return rows;
    }
}
