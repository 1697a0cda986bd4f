package dev.limpid.vit;

import dev.limpid.nn.LayerNorm;
import dev.limpid.nn.Linear;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * The last layer norm and a linear classifier over the first token; with a DeiT teacher two classifiers, over [CLS] and over the distillation token, whose logits are
 * averaged.
 *
 * <p>No other token's output is used, so no other is normalised.
 *
 * @param norm over C
 * @param classifiers (labels, C): one for each special token that is read, divided by their number
 */
record ClassificationHead(LayerNorm norm, List<Linear> classifiers) {
    /** What the backward pass reads: the rows (B, C) of each special token before the norm, their statistics (B, 2), and T. */
    record Saved(List<Tensor> tokens, List<Tensor> stats, int length) {}

    /** Logits (B, labels) and what their gradient needs. */
    record Output(Tensor logits, Saved saved) {}

    int labels() {
        return classifiers.getFirst().outputs();
    }

    /** How many of the first tokens it reads. */
    int tokensRead() {
        return classifiers.size();
    }

    /** {@code hidden} (B, T, C), or the tokens of each image that are read, to logits. */
    Output forward(Workspace ws, Tensor hidden) {
        Ops ops = ws.ops();
        int batch = hidden.shape().dim(0);
        int length = hidden.shape().dim(1);
        int size = hidden.shape().dim(2);
        Tensor logits = ws.exact(batch, labels());
        ops.fill(logits, 0);
        Saved saved = new Saved(new ArrayList<>(), new ArrayList<>(), length);
        Tensor normalised = ws.tensor(batch, size);
        Tensor part = ws.exact(batch, labels());
        for (int t = 0; t < classifiers.size(); t++) {
            Tensor token = ws.tensor(batch, size);
            Tensor stats = ws.exact(batch, 2);
            ops.gatherRows(hidden.reshape(batch * length, size), rows(batch, length, t), false, token);
            norm.forward(ops, token, normalised, stats);
            classifiers.get(t).forward(ops, normalised, part);
            ops.add(part, logits);
            saved.tokens().add(token);
            saved.stats().add(stats);
        }
        ws.release(normalised);
        ws.release(part);
        return new Output(logits, saved);
    }

    /** {@code dLogits} (B, labels) to {@code dHidden}, in the shape of what {@link #forward} was given: 0 for all tokens that are not read. */
    Tensor backwardInput(Workspace ws, Tensor dLogits, Saved saved) {
        Ops ops = ws.ops();
        int batch = dLogits.shape().dim(0);
        int size = saved.tokens().getFirst().shape().dim(1);
        int count = classifiers.size();
        // The rows of all tokens that are read, one token after the other, go back in one step.
        Tensor dTokens = ws.tensor(count * batch, size);
        int[] rows = new int[count * batch];
        Tensor dNormalised = ws.tensor(batch, size);
        for (int t = 0; t < count; t++) {
            classifiers.get(t).backwardInput(ops, dLogits, dNormalised);
            norm.backwardInput(ops, dNormalised, saved.tokens().get(t), saved.stats().get(t),
                    dTokens.rows(t * batch, (t + 1) * batch));
            System.arraycopy(rows(batch, saved.length(), t), 0, rows, t * batch, batch);
        }
        ws.release(dNormalised);
        Tensor dHidden = ws.tensor(batch, saved.length(), size);
        ops.gatherRowsBackwardInput(dTokens, rows, dHidden.reshape(batch * saved.length(), size));
        ws.release(dTokens);
        return dHidden;
    }

    /** The row of special token {@code t} of each image among B·T tokens. */
    private static int[] rows(int batch, int length, int t) {
        int[] rows = new int[batch];
        for (int b = 0; b < batch; b++) {
            rows[b] = b * length + t;
        }
        return rows;
    }
}
