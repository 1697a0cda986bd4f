package dev.limpid.vit;

import dev.limpid.nn.SelectedTokens;
import dev.limpid.nn.LayerNorm;
import dev.limpid.nn.Linear;
import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.function.Consumer;

/**
 * One block of the encoder, pre-layer-norm: norm, self-attention, add, norm, two dense layers, add ({@code ViTLayer} in {@code modeling_vit.py}).
 *
 * @param normBefore over C, before attention
 * @param qkv query, key and value projections under each other, (3C, C): one product instead of three
 * @param attentionOutput (C, C)
 * @param normAfter over C, between attention and the dense layers
 * @param intermediate (I, C)
 * @param output (C, I)
 */
record ViTLayer(int heads, Activation activation, LayerNorm normBefore, Linear qkv, Linear attentionOutput,
        LayerNorm normAfter, Linear intermediate, Linear output) {
    /** What the backward pass reads. */
    static final class Saved {
        Tensor x; // (B, T, C) input of normBefore
        Tensor stats1; // (B·T, 2)
        Tensor qkv; // (B, T, 3C)
        Tensor context; // (B, T, C)
        Tensor logSumExp; // (B, H, T) of the attention scores
        Tensor sum; // (B, R, C) input of normAfter
        Tensor stats2; // (B·R, 2)
        Tensor dense; // (B, R, I) input of the activation
    }

    /**
     * {@code x} (B, T, C), which the backward pass reads again, to the returned tensor (B, R, C).
     *
     * @param read R, the first tokens of each image that are wanted: T, or fewer in the last layer, where nothing is mixed between tokens after attention
     */
    Tensor forward(Workspace ws, Tensor x, int read, Saved saved) {
        Ops ops = ws.ops();
        int batch = x.shape().dim(0);
        int length = x.shape().dim(1);
        int hidden = x.shape().dim(2);

        saved.x = x;
        saved.stats1 = ws.exact(batch * length, 2);
        Tensor normalised = ws.tensor(batch, length, hidden);
        normBefore.forward(ops, x, normalised, saved.stats1);
        saved.qkv = ws.tensor(batch, length, 3 * hidden);
        qkv.forward(ops, normalised, saved.qkv);
        ws.release(normalised);
        saved.context = ws.tensor(batch, length, hidden);
        saved.logSumExp = ws.exact(batch, heads, length);
        ops.attention(saved.qkv, null, heads, saved.context, saved.logSumExp);
        if (read == length) {
            return forwardFromContext(ws, x, saved.context, saved);
        }
        SelectedTokens first = SelectedTokens.first(batch, length, read);
        Tensor residual = first.forward(ws, x);
        Tensor context = first.forward(ws, saved.context);
        Tensor y = forwardFromContext(ws, residual, context, saved);
        ws.release(residual);
        ws.release(context);
        return y;
    }

    private Tensor forwardFromContext(Workspace ws, Tensor x, Tensor context, Saved saved) {
        Ops ops = ws.ops();
        int batch = x.shape().dim(0);
        int length = x.shape().dim(1);
        int hidden = x.shape().dim(2);
        saved.sum = ws.tensor(batch, length, hidden);
        attentionOutput.forward(ops, context, saved.sum);
        saved.stats2 = ws.exact(batch * length, 2);
        Tensor normalised = ws.tensor(batch, length, hidden);
        normAfter.forward(ops, x, saved.sum, normalised, saved.stats2);

        saved.dense = ws.tensor(batch, length, intermediate.outputs());
        Tensor active = ws.tensor(batch, length, intermediate.outputs());
        intermediate.forward(ops, normalised, activation, saved.dense, active);
        Tensor y = normalised;
        output.forward(ops, active, y);
        ws.release(active);
        ops.add(saved.sum, y);
        return y;
    }

    /**
     * {@code dY} (B, R, C), which is handed back to the workspace, to the returned {@code dX} (B, T, C): forward, read upwards.
     *
     * @param context is shown the gradient (B, T, C) of attention's context, and may not keep it
     */
    Tensor backwardInput(Workspace ws, Tensor dY, Saved saved, Consumer<Tensor> context) {
        Ops ops = ws.ops();
        int batch = dY.shape().dim(0);
        int read = dY.shape().dim(1);
        int length = saved.x.shape().dim(1);
        int hidden = dY.shape().dim(2);

        Tensor dDense = ws.tensor(batch, read, intermediate.outputs());
        output.backwardInput(ops, dY, activation, saved.dense, dDense);
        Tensor dNormalised = ws.tensor(batch, read, hidden);
        intermediate.backwardInput(ops, dDense, dNormalised);
        ws.release(dDense);
        Tensor dSum = ws.tensor(batch, read, hidden);
        normAfter.backwardInput(ops, dNormalised, saved.sum, saved.stats2, dSum);
        ops.add(dY, dSum);
        Tensor dContext = dNormalised;
        attentionOutput.backwardInput(ops, dSum, dContext);
        Tensor dX = dY;
        if (read < length) {
            SelectedTokens first = SelectedTokens.first(batch, length, read);
            dContext = first.backwardInput(ws, dNormalised);
            ws.release(dNormalised);
            Tensor dRead = dSum;
            dSum = first.backwardInput(ws, dRead);
            ws.release(dRead);
            ws.release(dY);
            dX = ws.tensor(batch, length, hidden);
        }
        context.accept(dContext);

        Tensor dQkv = ws.tensor(batch, length, 3 * hidden);
        ops.attentionBackwardInput(dContext, saved.context, saved.qkv, null, heads, saved.logSumExp, dQkv);
        dNormalised = dContext;
        qkv.backwardInput(ops, dQkv, dNormalised);
        ws.release(dQkv);
        normBefore.backwardInput(ops, dNormalised, saved.x, saved.stats1, dX);
        ws.release(dNormalised);
        ops.add(dSum, dX);
        ws.release(dSum);
        return dX;
    }
}
