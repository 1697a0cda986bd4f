package dev.limpid.nn;

import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;

/**
 * Layer normalisation over the last dimension.
 *
 * @param gamma (C)
 * @param beta (C)
 * @param epsilon added to the variance
 */
public record LayerNorm(Tensor gamma, Tensor beta, double epsilon) {
    /** {@code x} (…, C) to {@code y} (…, C); {@code stats} (N, 2) keeps mean and 1/σ of each row. */
    public void forward(Ops ops, Tensor x, Tensor y, Tensor stats) {
        ops.layerNorm(x, gamma, beta, epsilon, y, stats);
    }

    /** {@code sum = sum + residual} (…, C), which is kept, and its norm {@code y} (…, C). */
    public void forward(Ops ops, Tensor residual, Tensor sum, Tensor y, Tensor stats) {
        ops.addLayerNorm(residual, sum, gamma, beta, epsilon, y, stats);
    }

    /** {@code dY} to {@code dX}, from the input {@code x} and the {@code stats} of the forward pass. */
    public void backwardInput(Ops ops, Tensor dY, Tensor x, Tensor stats, Tensor dX) {
        ops.layerNormBackwardInput(dY, x, gamma, stats, dX);
    }
}
