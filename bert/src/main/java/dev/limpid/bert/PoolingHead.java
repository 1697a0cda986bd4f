package dev.limpid.bert;

import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.Arrays;
import java.util.List;

/**
 * {@code BertModel} as an embedding model: the vector of a text in place of logits. For rows without padding, which a mean would count.
 *
 * @param pooling how the tokens' vectors make one
 * @param size C
 */
record PoolingHead(Pooling pooling, int size) implements TaskHead {
    /** What the gradient is spread over: the rows, and the first two dimensions of what was pooled. */
    record Pooled(Packing packing, int batch, int length) implements Saved {}

    @Override
    public String architecture() {
        return "BertModel";
    }

    @Override
    public int logitsPerRow(int tokens) {
        return size;
    }

    @Override
    public int[] tokensRead(Packing.Group rows) {
        return pooling == Pooling.CLS ? new int[]{0} : null;
    }

    /** {@code hidden} (B, T, C), or (B, 1, C) for [CLS], to vectors (B, C). */
    @Override
    public Output forward(Workspace ws, Tensor hidden, Packing packing) {
        Tensor vectors = ws.exact(packing.rows(), size);
        if (pooling == Pooling.CLS) {
            ws.ops().copy(hidden.reshape(packing.rows(), size), vectors);
        } else {
            ws.ops().fill(vectors, 0);
            int row = 0;
            for (Tensor rows : packing.split(hidden)) {
                int length = rows.shape().dim(1);
                double[] equal = new double[length];
                Arrays.fill(equal, 1.0 / length);
                for (int b = 0; b < rows.shape().dim(0); b++, row++) {
                    ws.ops().weightedSum(rows.rows(b, b + 1).reshape(length, 1, size), equal,
                            vectors.rows(row, row + 1));
                }
            }
        }
        return new Output(vectors, new Pooled(packing, hidden.shape().dim(0), hidden.shape().dim(1)));
    }

    @Override
    public Tensor backwardInput(Workspace ws, Tensor dLogits, Saved saved) {
        Pooled pooled = (Pooled) saved;
        Tensor dHidden = ws.tensor(pooled.batch(), pooled.length(), size);
        if (pooling == Pooling.CLS) {
            ws.ops().copy(dLogits, dHidden.reshape(pooled.packing().rows(), size));
        } else {
            Tensor share = shares(ws, dLogits, pooled.packing().groups());
            ws.ops().gatherRows(share, rowOfToken(pooled.packing()), false,
                    dHidden.reshape(pooled.packing().tokens(), size));
            ws.release(share);
        }
        return dHidden;
    }

    /** What each token of a row has of its gradient, {@code dLogits/T}, (B, C). */
    private Tensor shares(Workspace ws, Tensor dLogits, List<Packing.Group> groups) {
        Tensor exact = ws.exact(dLogits.shape().dim(0), size);
        ws.ops().fill(exact, 0);
        int from = 0;
        for (Packing.Group group : groups) {
            int to = from + group.rows();
            ws.ops().weightedSum(dLogits.rows(from, to).reshape(1, group.rows(), size),
                    new double[]{1.0 / group.length()}, exact.rows(from, to));
            from = to;
        }
        Tensor share = ws.tensor(dLogits.shape().dim(0), size);
        ws.ops().copy(exact, share);
        ws.release(exact);
        return share;
    }

    private static int[] rowOfToken(Packing packing) {
        int[] rows = new int[packing.tokens()];
        int row = 0;
        int token = 0;
        for (Packing.Group group : packing.groups()) {
            for (int b = 0; b < group.rows(); b++, row++, token += group.length()) {
                Arrays.fill(rows, token, token + group.length(), row);
            }
        }
        return rows;
    }
}
