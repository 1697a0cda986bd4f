package dev.limpid.bert;

import dev.limpid.nn.LayerNorm;
import dev.limpid.nn.Linear;
import dev.limpid.nn.SelectedTokens;
import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.List;
import java.util.function.Consumer;

/**
 * One block of the encoder, post-layer-norm: self-attention, add, norm, two dense layers, add, norm ({@code BertLayer} in
 * {@code modeling_bert.py}).
 *
 * @param qkv query, key and value projections under each other, (3C, C): one product instead of three
 * @param attentionOutput (C, C)
 * @param attentionNorm over C
 * @param intermediate (I, C)
 * @param output (C, I)
 * @param outputNorm over C
 */
record BertLayer(int heads, Activation activation, Linear qkv, Linear attentionOutput, LayerNorm attentionNorm,
        Linear intermediate, Linear output, LayerNorm outputNorm) {
    /** What the backward pass reads. The dense layers need nothing of it: {@code dX = dY·W}. */
    static final class Saved {
        Packing packing; // how the rows lie
        SelectedTokens read; // the tokens that are wanted, or null for all
        Tensor mask; // (B, T) or null
        Tensor qkv; // (B, T, 3C)
        Tensor context; // (B, T, C)
        Tensor logSumExp; // (B, H, T) of the attention scores, group after group
        Tensor sum1; // (B, R, C) input of attentionNorm
        Tensor stats1; // (B·R, 2)
        Tensor dense; // (B, R, I) input of the activation
        Tensor sum2; // (B, R, C) input of outputNorm
        Tensor stats2; // (B·R, 2)
    }

    /**
     * {@code x} (B, T, C) to the returned tensor (B, R, C); where rows of several lengths are packed, (1, N, C) and (1, R, C).
     *
     * @param mask null where there are several groups
     * @param read the tokens that are wanted, or null for all: in the last layer, where nothing is mixed between tokens after attention
     */
    Tensor forward(Workspace ws, Tensor x, Tensor mask, Packing packing, SelectedTokens read, Saved saved) {
        Ops ops = ws.ops();
        int batch = x.shape().dim(0);
        int length = x.shape().dim(1);
        int hidden = x.shape().dim(2);
        saved.packing = packing;
        saved.read = read;
        saved.mask = mask;

        saved.qkv = ws.tensor(batch, length, 3 * hidden);
        qkv.forward(ops, x, saved.qkv);
        saved.context = ws.tensor(batch, length, hidden);
        saved.logSumExp = ws.exact(batch, length, heads);
        attention(ops, saved);
        if (read == null) {
            return forwardFromContext(ws, x, saved.context, saved);
        }
        Tensor residual = read.forward(ws, x);
        Tensor context = read.forward(ws, saved.context);
        Tensor y2 = forwardFromContext(ws, residual, context, saved);
        ws.release(residual);
        ws.release(context);
        return y2;
    }

    private void attention(Ops ops, Saved saved) {
        List<Tensor> qkvs = saved.packing.split(saved.qkv);
        List<Tensor> contexts = saved.packing.split(saved.context);
        List<Tensor> sums = logSumExps(saved);
        for (int g = 0; g < qkvs.size(); g++) {
            ops.attention(qkvs.get(g), saved.mask, heads, contexts.get(g), sums.get(g));
        }
    }

    private void attentionBackwardInput(Ops ops, Tensor dContext, Saved saved, Tensor dQkv) {
        List<Tensor> dContexts = saved.packing.split(dContext);
        List<Tensor> contexts = saved.packing.split(saved.context);
        List<Tensor> qkvs = saved.packing.split(saved.qkv);
        List<Tensor> sums = logSumExps(saved);
        List<Tensor> dQkvs = saved.packing.split(dQkv);
        for (int g = 0; g < qkvs.size(); g++) {
            ops.attentionBackwardInput(dContexts.get(g), contexts.get(g), qkvs.get(g), saved.mask, heads, sums.get(g),
                    dQkvs.get(g));
        }
    }

    /** A view (rows, H, length) for each group. */
    private List<Tensor> logSumExps(Saved saved) {
        return saved.packing.split(saved.logSumExp).stream()
                .map(sums -> sums.reshape(sums.shape().dim(0), heads, sums.shape().dim(1))).toList();
    }

    private Tensor forwardFromContext(Workspace ws, Tensor x, Tensor context, Saved saved) {
        Ops ops = ws.ops();
        int batch = x.shape().dim(0);
        int length = x.shape().dim(1);
        int hidden = x.shape().dim(2);
        saved.sum1 = ws.tensor(batch, length, hidden);
        attentionOutput.forward(ops, context, saved.sum1);
        Tensor y1 = ws.tensor(batch, length, hidden);
        saved.stats1 = ws.exact(batch * length, 2);
        attentionNorm.forward(ops, x, saved.sum1, y1, saved.stats1);

        saved.dense = ws.tensor(batch, length, intermediate.outputs());
        Tensor active = ws.tensor(batch, length, intermediate.outputs());
        intermediate.forward(ops, y1, activation, saved.dense, active);

        saved.sum2 = ws.tensor(batch, length, hidden);
        output.forward(ops, active, saved.sum2);
        ws.release(active);
        Tensor y2 = ws.tensor(batch, length, hidden);
        saved.stats2 = ws.exact(batch * length, 2);
        outputNorm.forward(ops, y1, saved.sum2, y2, saved.stats2);
        ws.release(y1);
        return y2;
    }

    /**
     * What the backward pass of {@code tokens} alone reads, where the forward pass computed all: their way from attention's context on is gone once more, which for few of
     * them takes less than to go back with all the others' zeros.
     *
     * @param x the layer's input
     */
    Saved again(Workspace ws, Tensor x, SelectedTokens tokens, Saved saved) {
        Saved again = new Saved();
        again.packing = saved.packing;
        again.read = tokens;
        again.mask = saved.mask;
        again.qkv = saved.qkv;
        again.context = saved.context;
        again.logSumExp = saved.logSumExp;
        Tensor residual = tokens.forward(ws, x);
        Tensor context = tokens.forward(ws, saved.context);
        ws.release(forwardFromContext(ws, residual, context, again));
        ws.release(residual);
        ws.release(context);
        return again;
    }

    /** Gives back what {@link #again} computed. */
    void release(Workspace ws, Saved again) {
        List.of(again.sum1, again.stats1, again.dense, again.sum2, again.stats2).forEach(ws::release);
    }

    /**
     * {@code dY2} (B, R, C), which is handed back to the workspace, to the returned {@code dX} (B, T, C): forward, read upwards.
     *
     * @param context is shown the gradient (B, T, C) of attention's context, and may not keep it
     */
    Tensor backwardInput(Workspace ws, Tensor dY2, Saved saved, Consumer<Tensor> context) {
        Ops ops = ws.ops();
        int batch = dY2.shape().dim(0);
        int read = dY2.shape().dim(1);
        int hidden = dY2.shape().dim(2);

        Tensor dSum2 = ws.tensor(batch, read, hidden);
        outputNorm.backwardInput(ops, dY2, saved.sum2, saved.stats2, dSum2);
        Tensor dDense = ws.tensor(batch, read, intermediate.outputs());
        output.backwardInput(ops, dSum2, activation, saved.dense, dDense);
        Tensor dY1 = dSum2; // the residual connection: both its branches end here
        intermediate.backwardInputAdding(ops, dDense, dY1);
        ws.release(dDense);

        Tensor dSum1 = dY2; // its gradient has been taken back: its buffer is free
        attentionNorm.backwardInput(ops, dY1, saved.sum1, saved.stats1, dSum1);
        Tensor dContext = dY1;
        attentionOutput.backwardInput(ops, dSum1, dContext);
        Tensor dX = dSum1;
        if (saved.read != null) {
            dContext = saved.read.backwardInput(ws, dY1);
            dX = saved.read.backwardInput(ws, dSum1);
            ws.release(dY1);
            ws.release(dSum1);
        }
        context.accept(dContext);

        Tensor dQkv = ws.tensor(batch, saved.qkv.shape().dim(1), 3 * hidden);
        attentionBackwardInput(ops, dContext, saved, dQkv);
        ws.release(dContext);
        qkv.backwardInputAdding(ops, dQkv, dX);
        ws.release(dQkv);
        return dX;
    }
}
