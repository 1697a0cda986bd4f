package dev.limpid.bert;

import dev.limpid.nn.FirstTokens;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.Arrays;

/**
 * {@code BertModel} as an embedding model: the vector of a text in place of logits. For rows without padding, which a mean would count.
 *
 * @param pooling how the tokens' vectors make one
 * @param size C
 */
record PoolingHead(Pooling pooling, int size) implements TaskHead {
    /** T, over which the gradient is spread. */
    record Pooled(int length) implements Saved {}

    @Override
    public String architecture() {
        return "BertModel";
    }

    @Override
    public int logitsPerRow(int length) {
        return size;
    }

    @Override
    public int tokensRead(int length) {
        return pooling == Pooling.CLS ? 1 : length;
    }

    /** {@code hidden} (B, T, C) to vectors (B, C). */
    @Override
    public Output forward(Workspace ws, Tensor hidden) {
        int batch = hidden.shape().dim(0);
        int length = hidden.shape().dim(1);
        Tensor vectors = ws.exact(batch, size);
        if (pooling == Pooling.CLS) {
            Tensor tokens = new FirstTokens(batch, length, 1).forward(ws, hidden);
            ws.ops().copy(tokens.reshape(batch, size), vectors);
            ws.release(tokens);
        } else {
            ws.ops().fill(vectors, 0);
            for (int b = 0; b < batch; b++) {
                ws.ops().weightedSum(hidden.rows(b, b + 1).reshape(length, 1, size), equal(length),
                        vectors.rows(b, b + 1));
            }
        }
        return new Output(vectors, new Pooled(length));
    }

    @Override
    public Tensor backwardInput(Workspace ws, Tensor dLogits, Saved saved) {
        int batch = dLogits.shape().dim(0);
        int length = ((Pooled) saved).length();
        if (pooling == Pooling.CLS) {
            return new FirstTokens(batch, length, 1).backwardInput(ws, dLogits.reshape(batch, 1, size));
        }
        Tensor exact = ws.exact(batch, size);
        ws.ops().fill(exact, 0);
        ws.ops().weightedSum(dLogits.reshape(1, batch, size), new double[]{1.0 / length}, exact);
        Tensor share = ws.tensor(batch, size);
        ws.ops().copy(exact, share);
        ws.release(exact);
        int[] rows = new int[batch * length];
        Arrays.setAll(rows, i -> i / length);
        Tensor dHidden = ws.tensor(batch, length, size);
        ws.ops().gatherRows(share, rows, false, dHidden.reshape(batch * length, size));
        ws.release(share);
        return dHidden;
    }

    private static double[] equal(int length) {
        double[] weights = new double[length];
        Arrays.fill(weights, 1.0 / length);
        return weights;
    }
}
