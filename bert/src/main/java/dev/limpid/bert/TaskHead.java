package dev.limpid.bert;

import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;

/** What stands on the encoder and makes logits of its output. */
public sealed interface TaskHead permits TokenwiseHead, SequenceClassificationHead, MaskedLmHead, PoolingHead {
    /** The architecture's name in {@code config.json}. */
    String architecture();

    /** How many logits a row has of which {@code tokens} tokens are {@linkplain Packing.Group#wanted wanted}: all T, if nothing else is said. */
    int logitsPerRow(int tokens);

    /** Which tokens of each row it reads, or null for all; only these are in what {@link #forward} is given. */
    default int[] tokensRead(Packing.Group rows) {
        return rows.tokens();
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

    /**
     * {@code hidden} (B, R, C), the tokens of each row that it reads, to logits; of a packing of several groups (1, N, C).
     *
     * @param packing how the rows lay before tokens were selected
     */
    Output forward(Workspace ws, Tensor hidden, Packing packing);

    /** The gradient of the logits to {@code dHidden}, in the shape of what {@link #forward} was given. */
    Tensor backwardInput(Workspace ws, Tensor dLogits, Saved saved);
}
