package dev.limpid.bert;

import dev.limpid.nn.LayerNorm;
import dev.limpid.nn.Linear;
import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;

/**
 * {@code BertForMaskedLM}: dense layer, activation and layer norm, then a decoder to the vocabulary.
 *
 * @param transform (C, C)
 * @param decoder (V, C), usually the word embeddings themselves, with a bias of its own
 */
record MaskedLmHead(Linear transform, Activation activation, LayerNorm norm, Linear decoder) implements TaskHead {
    /** Inputs of the activation and of the layer norm, (B, R, C) each, and the norm's stats. */
    record Transformed(Tensor dense, Tensor active, Tensor stats) implements Saved {}

    @Override
    public String architecture() {
        return "BertForMaskedLM";
    }

    @Override
    public int logitsPerRow(int tokens) {
        return tokens * decoder.outputs();
    }

    /** {@code hidden} (B, R, C) to logits (B, R, V). */
    @Override
    public Output forward(Workspace ws, Tensor hidden, Packing packing) {
        int batch = hidden.shape().dim(0);
        int length = hidden.shape().dim(1);
        int size = hidden.shape().dim(2);
        Tensor dense = ws.tensor(batch, length, size);
        transform.forward(ws.ops(), hidden, dense);
        Tensor active = ws.tensor(batch, length, size);
        ws.ops().activation(activation, dense, active);
        Tensor normed = ws.tensor(batch, length, size);
        Tensor stats = ws.exact(batch * length, 2);
        norm.forward(ws.ops(), active, normed, stats);
        Tensor logits = ws.exact(batch, length, decoder.outputs());
        decoder.forward(ws.ops(), normed, logits);
        ws.release(normed);
        return new Output(logits, new Transformed(dense, active, stats));
    }

    @Override
    public Tensor backwardInput(Workspace ws, Tensor dLogits, Saved saved) {
        Transformed forward = (Transformed) saved;
        int batch = forward.dense().shape().dim(0);
        int length = forward.dense().shape().dim(1);
        int size = forward.dense().shape().dim(2);
        Tensor dNormed = ws.tensor(batch, length, size);
        decoder.backwardInput(ws.ops(), dLogits, dNormed);
        Tensor dActive = ws.tensor(batch, length, size);
        norm.backwardInput(ws.ops(), dNormed, forward.active(), forward.stats(), dActive);
        Tensor dDense = dActive;
        ws.ops().activationBackwardInput(activation, dActive, forward.dense(), dDense);
        Tensor dHidden = dNormed;
        transform.backwardInput(ws.ops(), dDense, dHidden);
        ws.release(dDense);
        return dHidden;
    }
}
