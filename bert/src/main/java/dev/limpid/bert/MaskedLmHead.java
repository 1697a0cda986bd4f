package dev.limpid.bert;

import dev.limpid.nn.LayerNorm;
import dev.limpid.nn.Linear;
import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.Arrays;

/**
 * {@code BertForMaskedLM}: dense layer, activation and layer norm, then a decoder to the vocabulary.
 *
 * @param transform (C, C)
 * @param decoder (V, C), usually the word embeddings themselves, with a bias of its own
 * @param token position of the only token that has logits, or −1 for all
 */
record MaskedLmHead(Linear transform, Activation activation, LayerNorm norm, Linear decoder, int token)
        implements
            TaskHead {
    /** Inputs of the activation and of the layer norm, (B, T, C) or (B, 1, C) each, the norm's stats, and T. */
    record Transformed(Tensor dense, Tensor active, Tensor stats, int length) implements Saved {}

    /** The same with logits at one token only. */
    MaskedLmHead at(int position) {
        return new MaskedLmHead(transform, activation, norm, decoder, position);
    }

    @Override
    public String architecture() {
        return "BertForMaskedLM";
    }

    @Override
    public int logitsPerRow(int length) {
        return token < 0 ? length * decoder.outputs() : decoder.outputs();
    }

    /** {@code hidden} (B, T, C) to logits (B, T, V), or (B, 1, V) of one token. */
    @Override
    public Output forward(Workspace ws, Tensor hidden) {
        int batch = hidden.shape().dim(0);
        int length = token < 0 ? hidden.shape().dim(1) : 1;
        int size = hidden.shape().dim(2);
        Tensor dense = ws.tensor(batch, length, size);
        if (token < 0) {
            transform.forward(ws.ops(), hidden, dense);
        } else {
            Tensor one = ws.tensor(batch, 1, size);
            ws.ops().gatherRows(hidden.reshape(batch * hidden.shape().dim(1), size),
                    tokens(batch, hidden.shape().dim(1)), false, one.reshape(batch, size));
            transform.forward(ws.ops(), one, dense);
            ws.release(one);
        }
        Tensor active = ws.tensor(batch, length, size);
        ws.ops().activation(activation, dense, active);
        Tensor normed = ws.tensor(batch, length, size);
        Tensor stats = ws.exact(batch * length, 2);
        norm.forward(ws.ops(), active, normed, stats);
        Tensor logits = ws.exact(batch, length, decoder.outputs());
        decoder.forward(ws.ops(), normed, logits);
        ws.release(normed);
        return new Output(logits, new Transformed(dense, active, stats, hidden.shape().dim(1)));
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
        if (token < 0) {
            return dHidden;
        }
        Tensor dTokens = ws.tensor(batch, forward.length(), size);
        ws.ops().gatherRowsBackwardInput(dHidden.reshape(batch, size), tokens(batch, forward.length()),
                dTokens.reshape(batch * forward.length(), size));
        ws.release(dHidden);
        return dTokens;
    }

    private int[] tokens(int batch, int length) {
        int[] rows = new int[batch];
        Arrays.setAll(rows, b -> b * length + token);
        return rows;
    }
}
