package dev.limpid.bert;

import dev.limpid.nn.Linear;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;

/**
 * {@code BertForTokenClassification}: a logit for every token and label.
 *
 * @param classifier (labels, C)
 */
record TokenClassificationHead(Linear classifier) implements TaskHead {
    @Override
    public String architecture() {
        return "BertForTokenClassification";
    }

    @Override
    public int logitsPerRow(int length) {
        return length * classifier.outputs();
    }

    /** {@code hidden} (B, T, C) to logits (B, T, labels). */
    @Override
    public Output forward(Workspace ws, Tensor hidden) {
        int batch = hidden.shape().dim(0);
        int length = hidden.shape().dim(1);
        Tensor logits = ws.tensor(batch, length, classifier.outputs());
        classifier.forward(ws.ops(), hidden, logits);
        return new Output(logits, new NothingSaved(batch, length));
    }

    @Override
    public Tensor backwardInput(Workspace ws, Tensor dLogits, Saved saved) {
        Tensor dHidden = ws.tensor(dLogits.shape().dim(0), dLogits.shape().dim(1), classifier.inputs());
        classifier.backwardInput(ws.ops(), dLogits, dHidden);
        return dHidden;
    }
}
