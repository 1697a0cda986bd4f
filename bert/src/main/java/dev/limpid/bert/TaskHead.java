package dev.limpid.bert;

import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;

/** What stands on the encoder and makes logits of its output. */
public sealed interface TaskHead permits TokenwiseHead, SequenceClassificationHead, MaskedLmHead, PoolingHead {
    /** The architecture's name in {@code config.json}. */
    String architecture();

    /** Shape of one row's logits, for sequences of length T, flattened by row. */
    int logitsPerRow(int length);

    /** How many of the first of {@code length} tokens it reads; the others may be missing from what {@link #forward} is given. */
    default int tokensRead(int length) {
        return length;
    }

    /** What the backward pass reads of the forward pass. */
    sealed interface Saved
            permits NothingSaved, SequenceClassificationHead.Pooled, MaskedLmHead.Transformed, PoolingHead.Pooled {}

    /** For heads that are one linear layer. */
    enum NothingSaved implements Saved {
        NOTHING
    }

    /** Logits and what their gradient needs. */
    record Output(Tensor logits, Saved saved) {}

    /** {@code hidden} (B, T, C), or the tokens of each row that it reads, to logits. */
    Output forward(Workspace ws, Tensor hidden);

    /** The gradient of the logits to {@code dHidden}, in the shape of what {@link #forward} was given. */
    Tensor backwardInput(Workspace ws, Tensor dLogits, Saved saved);
}
