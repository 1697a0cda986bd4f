package dev.limpid.nn;

import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;

/**
 * Some of the tokens of a tensor (B, T, C), as many of each row: what is all that some heads read, as [CLS] and what stands beside it.
 *
 * @param batch B
 * @param length T
 * @param rows which of the B·T tokens, R of a row, row after row; one may come twice
 */
public record SelectedTokens(int batch, int length, int[] rows) {
    /** The first {@code count} tokens of each row. */
    public static SelectedTokens first(int batch, int length, int count) {
        int[] rows = new int[batch * count];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i / count * length + i % count;
        }
        return new SelectedTokens(batch, length, rows);
    }

    /** R. */
    public int count() {
        return rows.length / batch;
    }

    /** {@code x} (B, T, C) to a new tensor (B, R, C). */
    public Tensor forward(Workspace ws, Tensor x) {
        int columns = x.shape().columns();
        Tensor selected = ws.tensor(batch, count(), columns);
        ws.ops().gatherRows(x.reshape(batch * length, columns), rows, false, selected.reshape(rows.length, columns));
        return selected;
    }

    /** {@code dSelected} (B, R, C) to a new tensor {@code dX} (B, T, C), 0 for all other tokens. */
    public Tensor backwardInput(Workspace ws, Tensor dSelected) {
        int columns = dSelected.shape().columns();
        Tensor dX = ws.tensor(batch, length, columns);
        ws.ops().gatherRowsBackwardInput(dSelected.reshape(rows.length, columns), rows,
                dX.reshape(batch * length, columns));
        return dX;
    }
}
