package dev.limpid.bert;

import dev.limpid.nn.LayerNorm;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;

/**
 * The embeddings block: {@code LayerNorm(word[id] + position[p] + type[segment])}.
 *
 * <p>Ids have no gradient; the backward pass ends at the sum, where only the layer norm is to be undone.
 *
 * @param word (V, C)
 * @param position (maximum length, C)
 * @param type (segments, C)
 */
record BertEmbeddings(Tensor word, Tensor position, Tensor type, LayerNorm norm) {
    /** {@code word[id] + position[p] + type[segment]}, (B, T, C). */
    Tensor sum(Workspace ws, BertBatch batch) {
        Ops ops = ws.ops();
        Tensor sum = ws.tensor(batch.batch(), batch.length(), word.shape().columns());
        ops.gatherRows(word, batch.ids(), false, sum);
        ops.gatherRows(position, batch.positionIds(), true, sum);
        ops.gatherRows(type, batch.typeIds(), true, sum);
        return sum;
    }

    /** The block's output (B, T, C) from the sum; {@code stats} (B·T, 2) is kept for the backward pass. */
    void forwardFromSum(Ops ops, Tensor sum, Tensor y, Tensor stats) {
        norm.forward(ops, sum, y, stats);
    }

    void backwardToSum(Ops ops, Tensor dY, Tensor sum, Tensor stats, Tensor dSum) {
        norm.backwardInput(ops, dY, sum, stats, dSum);
    }
}
