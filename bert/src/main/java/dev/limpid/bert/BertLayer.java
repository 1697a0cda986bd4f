package dev.limpid.bert;

import dev.limpid.nn.FirstTokens;
import dev.limpid.nn.LayerNorm;
import dev.limpid.nn.Linear;
import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
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
        Tensor mask; // (B, T) or null
        Tensor qkv; // (B, T, 3C)
        Tensor context; // (B, T, C)
        Tensor logSumExp; // (B, H, T) of the attention scores
        Tensor sum1; // (B, R, C) input of attentionNorm
        Tensor stats1; // (B·R, 2)
        Tensor dense; // (B, R, I) input of the activation
        Tensor sum2; // (B, R, C) input of outputNorm
        Tensor stats2; // (B·R, 2)
    }

    /**
     * {@code x} (B, T, C) to the returned tensor (B, R, C).
     *
     * @param read R, the first tokens of each row that are wanted: T, or fewer in the last layer, where nothing is mixed between tokens after attention
     */
    Tensor forward(Workspace ws, Tensor x, Tensor mask, int read, Saved saved) {
        Ops ops = ws.ops();
        int batch = x.shape().dim(0);
        int length = x.shape().dim(1);
        int hidden = x.shape().dim(2);
        saved.mask = mask;

        saved.qkv = ws.tensor(batch, length, 3 * hidden);
        qkv.forward(ops, x, saved.qkv);
        saved.context = ws.tensor(batch, length, hidden);
        saved.logSumExp = ws.exact(batch, heads, length);
        ops.attention(saved.qkv, mask, heads, saved.context, saved.logSumExp);
        if (read == length) {
            return forwardFromContext(ws, x, saved.context, saved);
        }
        FirstTokens first = new FirstTokens(batch, length, read);
        Tensor residual = first.forward(ws, x);
        Tensor context = first.forward(ws, saved.context);
        Tensor y2 = forwardFromContext(ws, residual, context, saved);
        ws.release(residual);
        ws.release(context);
        return y2;
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
     * {@code dY2} (B, R, C), which is handed back to the workspace, to the returned {@code dX} (B, T, C): forward, read upwards.
     *
     * @param context is shown the gradient (B, T, C) of attention's context, and may not keep it
     */
    Tensor backwardInput(Workspace ws, Tensor dY2, Saved saved, Consumer<Tensor> context) {
        Ops ops = ws.ops();
        int batch = dY2.shape().dim(0);
        int read = dY2.shape().dim(1);
        int length = saved.qkv.shape().dim(1);
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
        if (read < length) {
            FirstTokens first = new FirstTokens(batch, length, read);
            dContext = first.backwardInput(ws, dY1);
            dX = first.backwardInput(ws, dSum1);
            ws.release(dY1);
            ws.release(dSum1);
        }
        context.accept(dContext);

        Tensor dQkv = ws.tensor(batch, length, 3 * hidden);
        ops.attentionBackwardInput(dContext, saved.context, saved.qkv, saved.mask, heads, saved.logSumExp, dQkv);
        ws.release(dContext);
        qkv.backwardInputAdding(ops, dQkv, dX);
        ws.release(dQkv);
        return dX;
    }
}
