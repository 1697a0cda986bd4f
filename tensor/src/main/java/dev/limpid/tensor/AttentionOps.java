package dev.limpid.tensor;

/**
 * Multi-head self-attention (Vaswani et al. 2017, arXiv 1706.03762), which keeps one number for each row and head for its backward pass, not the T×T probabilities:
 * these are computed again from queries, keys and that number (Dao et al. 2022, arXiv 2205.14135), and given to whoever asks for them.
 */
abstract sealed class AttentionOps extends LayerOps permits Ops {
    AttentionOps(String device, OpsBackend backend) {
        super(device, backend);
    }

    /**
     * Self-attention of projected queries, keys and values: for each row and head, with the scores {@code S = q·kᵀ/√D + (mask − 1)·∞},
     * {@code context = softmax(S)·v}.
     *
     * @param qkv (B, T, 3C): query, key, value side by side, each with the heads side by side
     * @param mask (B, T): 1 for a key that may be attended to, 0 for one that may not; null when all may. Each row has at least one 1
     * @param heads H, a divisor of C
     * @param context (B, T, C)
     * @param logSumExp (B, H, T): {@code log Σ_s exp S[t, s]}, for the backward pass
     */
    public void attention(Tensor qkv, Tensor mask, int heads, Tensor context, Tensor logSumExp) {
        open();
        int batch = context.shape().dim(0);
        int length = context.shape().dim(1);
        stored("context", context);
        queries(qkv, mask, heads, batch, length, context.shape().columns());
        exact("logSumExp", logSumExp, Shape.of(batch, heads, length));
        apart("qkv", qkv, "context", context);
        backend.attention(qkv, mask, heads, context, logSumExp);
    }

    /**
     * Gradient of {@link #attention} with respect to {@code qkv}. With the probabilities {@code P = exp(S − logSumExp)}:
     * {@code dV = Pᵀ·dContext}, {@code dP = dContext·vᵀ}, {@code dS = P·(dP − Σ dP·P)/√D}, {@code dQ = dS·k}, {@code dK = dSᵀ·q};
     * {@code Σ_s dP·P} is {@code Σ_d dContext·context}.
     *
     * @param context (B, T, C), the forward pass's
     */
    public void attentionBackwardInput(Tensor dContext, Tensor context, Tensor qkv, Tensor mask, int heads,
            Tensor logSumExp, Tensor dQkv) {
        open();
        int batch = dContext.shape().dim(0);
        int length = dContext.shape().dim(1);
        stored("dContext", dContext);
        stored("context", context, dContext.shape());
        queries(qkv, mask, heads, batch, length, dContext.shape().columns());
        exact("logSumExp", logSumExp, Shape.of(batch, heads, length));
        stored("dQkv", dQkv, qkv.shape());
        apart("dQkv", dQkv, "qkv", qkv);
        apart("dQkv", dQkv, "dContext", dContext);
        apart("dQkv", dQkv, "context", context);
        backend.attentionBackwardInput(dContext, context, qkv, mask, heads, logSumExp, dQkv);
    }

    /**
     * The probabilities of {@link #attention}, {@code softmax(S)}, for views of them.
     *
     * @param probabilities (B, H, T, T)
     */
    public void attentionProbabilities(Tensor qkv, Tensor mask, int heads, Tensor probabilities) {
        open();
        int batch = qkv.shape().dim(0);
        int length = qkv.shape().dim(1);
        queries(qkv, mask, heads, batch, length, qkv.shape().columns() / 3);
        exact("probabilities", probabilities, Shape.of(batch, heads, length, length));
        backend.attentionProbabilities(qkv, mask, heads, probabilities);
    }

    /**
     * Gradient of {@link #attention}'s context with respect to the probabilities, each taken as a variable of its own: {@code dP = dContext·vᵀ} for each row and head.
     *
     * <p>It is what methods that weigh attention by its gradient read (Chefer et al. 2021, arXiv 2103.15679); {@link #attentionBackwardInput} goes on from it through
     * the softmax.
     *
     * @param dContext (B, T, C)
     * @param qkv (B, T, 3C), as in the forward pass
     * @param dProbabilities (B, H, T, T)
     */
    public void attentionBackwardProbabilities(Tensor dContext, Tensor qkv, int heads, Tensor dProbabilities) {
        open();
        int batch = dContext.shape().dim(0);
        int length = dContext.shape().dim(1);
        stored("dContext", dContext);
        queries(qkv, null, heads, batch, length, dContext.shape().columns());
        exact("dProbabilities", dProbabilities, Shape.of(batch, heads, length, length));
        backend.attentionBackwardProbabilities(dContext, qkv, heads, dProbabilities);
    }

    private void queries(Tensor qkv, Tensor mask, int heads, int batch, int length, int hidden) {
        if (heads < 1 || hidden % heads != 0) {
            throw new IllegalArgumentException(
                    "a hidden size of " + hidden + " cannot be split into " + heads + " heads");
        }
        stored("qkv", qkv, Shape.of(batch, length, 3 * hidden));
        if (mask != null) {
            exact("mask", mask, Shape.of(batch, length));
        }
    }
}
