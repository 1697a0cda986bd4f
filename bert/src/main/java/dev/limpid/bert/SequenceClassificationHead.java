package dev.limpid.bert;

import dev.limpid.nn.Linear;
import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;

/**
 * {@code BertForSequenceClassification}: the pooler ({@code tanh} of a dense layer over the first token) and a linear classifier.
 *
 * @param pooler (C, C)
 * @param classifier (labels, C)
 */
record SequenceClassificationHead(Linear pooler, Linear classifier) implements TaskHead {
    /** The pooler's pre-activation (B, 1, C). */
    record Pooled(Tensor dense) implements Saved {}

    @Override
    public String architecture() {
        return "BertForSequenceClassification";
    }

    @Override
    public int logitsPerRow(int tokens) {
        return classifier.outputs();
    }

    @Override
    public int[] tokensRead(Packing.Group rows) {
        return new int[]{0};
    }

    /** {@code hidden} (B, 1, C) to logits (B, labels). */
    @Override
    public Output forward(Workspace ws, Tensor hidden, Packing packing) {
        Tensor dense = like(ws, hidden);
        pooler.forward(ws.ops(), hidden, dense);
        Tensor pooled = like(ws, hidden);
        ws.ops().activation(Activation.TANH, dense, pooled);
        Tensor logits = ws.exact(packing.rows(), classifier.outputs());
        classifier.forward(ws.ops(), pooled, logits);
        ws.release(pooled);
        return new Output(logits, new Pooled(dense));
    }

    @Override
    public Tensor backwardInput(Workspace ws, Tensor dLogits, Saved saved) {
        Tensor dense = ((Pooled) saved).dense();
        Tensor dPooled = like(ws, dense);
        classifier.backwardInput(ws.ops(), dLogits, dPooled);
        Tensor dDense = dPooled;
        ws.ops().activationBackwardInput(Activation.TANH, dPooled, dense, dDense);
        Tensor dHidden = like(ws, dense);
        pooler.backwardInput(ws.ops(), dDense, dHidden);
        ws.release(dDense);
        return dHidden;
    }

    private static Tensor like(Workspace ws, Tensor x) {
        return ws.tensor(x.shape().dim(0), x.shape().dim(1), x.shape().dim(2));
    }
}
