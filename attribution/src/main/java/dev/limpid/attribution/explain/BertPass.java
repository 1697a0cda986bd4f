package dev.limpid.attribution.explain;

import dev.limpid.attribution.PathModel;
import dev.limpid.bert.BertModel;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;

/** A BERT's forward pass, whose last layer goes back for those tokens only that a gradient comes from. */
record BertPass(BertModel bert, BertModel.Pass pass) implements PathModel.Pass {
    @Override
    public Tensor logits() {
        return pass.logits();
    }

    @Override
    public Tensor backward(Workspace ws, Tensor dLogits) {
        return bert.backwardTo(ws, dLogits, pass);
    }

    @Override
    public Tensor backward(Workspace ws, double[] dLogits) {
        return bert.backwardTo(ws, dLogits, pass);
    }
}
