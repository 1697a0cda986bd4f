package dev.limpid.bert;

import dev.limpid.nn.Linear;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;

/**
 * A linear layer over every token: {@code BertForQuestionAnswering}, with a start and an end logit for each, and
 * {@code BertForTokenClassification}, with a logit for each label.
 *
 * @param architecture which of the two
 * @param outputs (2, C) or (labels, C)
 */
record TokenwiseHead(String architecture, Linear outputs) implements TaskHead {
    @Override
    public int logitsPerRow(int tokens) {
        return tokens * outputs.outputs();
    }

    /** {@code hidden} (B, R, C) to logits (B, R, 2) or (B, R, labels). */
    @Override
    public Output forward(Workspace ws, Tensor hidden, Packing packing) {
        Tensor logits = ws.exact(hidden.shape().dim(0), hidden.shape().dim(1), outputs.outputs());
        outputs.forward(ws.ops(), hidden, logits);
        return new Output(logits, NothingSaved.NOTHING);
    }

    @Override
    public Tensor backwardInput(Workspace ws, Tensor dLogits, Saved saved) {
        Tensor dHidden = ws.tensor(dLogits.shape().dim(0), dLogits.shape().dim(1), outputs.inputs());
        outputs.backwardInput(ws.ops(), dLogits, dHidden);
        return dHidden;
    }
}
