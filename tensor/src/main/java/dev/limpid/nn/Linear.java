package dev.limpid.nn;

import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;

/**
 * A linear layer, {@code y = x·weightᵀ + bias}.
 *
 * @param weight (M, K)
 * @param bias (M), or null
 */
public record Linear(Tensor weight, Tensor bias) {
    /** Input size K. */
    public int inputs() {
        return weight.shape().dim(1);
    }

    /** Output size M. */
    public int outputs() {
        return weight.shape().dim(0);
    }

    /** {@code x} (…, K) to {@code y} (…, M). */
    public void forward(Ops ops, Tensor x, Tensor y) {
        ops.linear(x, weight, bias, y);
    }

    /** {@code dY} (…, M) to {@code dX} (…, K); nothing of the forward pass is needed. */
    public void backwardInput(Ops ops, Tensor dY, Tensor dX) {
        ops.linearBackwardInput(dY, weight, false, dX);
    }

    /** {@code dY} (…, M), whose gradient is added to {@code dX} (…, K): where a residual connection meets. */
    public void backwardInputAdding(Ops ops, Tensor dY, Tensor dX) {
        ops.linearBackwardInput(dY, weight, true, dX);
    }

    /** {@code x} (…, K) to {@code dense} (…, M), which is kept, and {@code y = f(dense)}. */
    public void forward(Ops ops, Tensor x, Activation f, Tensor dense, Tensor y) {
        ops.linearActivation(x, weight, bias, f, dense, y);
    }

    /** {@code dY} (…, M) to the gradient (…, K) of {@code dense}, for a layer that took {@code f(dense)}. */
    public void backwardInput(Ops ops, Tensor dY, Activation f, Tensor dense, Tensor dDense) {
        ops.linearActivationBackwardInput(dY, weight, f, dense, dDense);
    }
}
