package dev.limpid.bert;

import dev.limpid.nn.FirstTokens;
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
    /** The pooler's pre-activation (B, C), and T. */
    record Pooled(Tensor dense, int length) implements Saved {}

    @Override
    public String architecture() {
        return "BertForSequenceClassification";
    }

    @Override
    public int logitsPerRow(int length) {
        return classifier.outputs();
    }

    @Override
    public int tokensRead(int length) {
        return 1;
    }

    /** {@code hidden} (B, T, C) to logits (B, labels). */
    @Override
    public Output forward(Workspace ws, Tensor hidden) {
        int batch = hidden.shape().dim(0);
        int length = hidden.shape().dim(1);
        int size = hidden.shape().dim(2);
        Tensor first = new FirstTokens(batch, length, 1).forward(ws, hidden).reshape(batch, size);
        Tensor dense = ws.tensor(batch, size);
        pooler.forward(ws.ops(), first, dense);
        Tensor pooled = first;
        ws.ops().activation(Activation.TANH, dense, pooled);
        Tensor logits = ws.exact(batch, classifier.outputs());
        classifier.forward(ws.ops(), pooled, logits);
        ws.release(pooled);
        return new Output(logits, new Pooled(dense, length));
    }

    @Override
    public Tensor backwardInput(Workspace ws, Tensor dLogits, Saved saved) {
        Pooled forward = (Pooled) saved;
        int batch = forward.dense().shape().dim(0);
        int size = forward.dense().shape().dim(1);
        Tensor dPooled = ws.tensor(batch, size);
        classifier.backwardInput(ws.ops(), dLogits, dPooled);
        Tensor dDense = dPooled;
        ws.ops().activationBackwardInput(Activation.TANH, dPooled, forward.dense(), dDense);
        Tensor dFirst = ws.tensor(batch, size);
        pooler.backwardInput(ws.ops(), dDense, dFirst);
        Tensor dHidden = new FirstTokens(batch, forward.length(), 1).backwardInput(ws, dFirst.reshape(batch, 1, size));
        ws.release(dFirst);
        ws.release(dDense);
        return dHidden;
    }
}
