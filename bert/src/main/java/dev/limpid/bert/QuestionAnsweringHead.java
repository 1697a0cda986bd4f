package dev.limpid.bert;

import dev.limpid.nn.Linear;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;

/**
 * {@code BertForQuestionAnswering}: a start and an end logit for every token.
 *
 * @param outputs (2, C)
 */
record QuestionAnsweringHead(Linear outputs) implements TaskHead {
    @Override
    public String architecture() {
        return "BertForQuestionAnswering";
    }

    @Override
    public int logitsPerRow(int length) {
        return length * outputs.outputs();
    }

    /** {@code hidden} (B, T, C) to logits (B, T, 2): start, end. */
    @Override
    public Output forward(Workspace ws, Tensor hidden) {
        int batch = hidden.shape().dim(0);
        int length = hidden.shape().dim(1);
        Tensor logits = ws.tensor(batch, length, outputs.outputs());
        outputs.forward(ws.ops(), hidden, logits);
        return new Output(logits, new NothingSaved(batch, length));
    }

    @Override
    public Tensor backwardInput(Workspace ws, Tensor dLogits, Saved saved) {
        Tensor dHidden = ws.tensor(dLogits.shape().dim(0), dLogits.shape().dim(1), outputs.inputs());
        outputs.backwardInput(ws.ops(), dLogits, dHidden);
        return dHidden;
    }
}
