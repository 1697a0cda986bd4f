package dev.limpid.tensor;

/** The operations of a network's layers, but for attention. */
abstract sealed class LayerOps extends DeviceMemory permits AttentionOps {
    LayerOps(String device, OpsBackend backend) {
        super(device, backend);
    }

    /** {@code y = y + x}, of one type; its own gradient. */
    public void add(Tensor x, Tensor y) {
        open();
        mine("x", x);
        shape("y", y, x.shape());
        if (y.dtype() != x.dtype()) {
            throw new IllegalArgumentException("y is " + y + " and x is " + x + ": a sum is of one type");
        }
        apart("x", x, "y", y);
        backend.add(x, y);
    }

    /**
     * A linear layer: {@code y = x·weightᵀ + bias}.
     *
     * @param x (…, K)
     * @param weight (M, K), as PyTorch stores it
     * @param bias (M), or null for none
     * @param y (…, M), of either type: logits are kept exact
     */
    public void linear(Tensor x, Tensor weight, Tensor bias, Tensor y) {
        open();
        linearArguments(x, weight, bias, y);
        backend.linear(x, weight, bias, y);
    }

    private void linearArguments(Tensor x, Tensor weight, Tensor bias, Tensor y) {
        stored("x", x);
        stored("weight", weight, Shape.of(y.shape().columns(), x.shape().columns()));
        if (bias != null) {
            exact("bias", bias, Shape.of(y.shape().columns()));
        }
        mine("y", y);
        sameRows("y", y, x);
        apart("x", x, "y", y);
    }

    /**
     * Gradient of {@link #linear} with respect to its input: {@code dX = dY·weight}, or {@code dX += dY·weight} when accumulating.
     *
     * @param dY (…, M)
     * @param weight (M, K)
     * @param dX (…, K)
     */
    public void linearBackwardInput(Tensor dY, Tensor weight, boolean accumulate, Tensor dX) {
        open();
        linearBackwardArguments(dY, weight, dX);
        backend.linearBackwardInput(dY, weight, accumulate, dX);
    }

    private void linearBackwardArguments(Tensor dY, Tensor weight, Tensor dX) {
        stored("dY", dY);
        stored("weight", weight, Shape.of(dY.shape().columns(), dX.shape().columns()));
        stored("dX", dX);
        sameRows("dX", dX, dY);
        apart("dY", dY, "dX", dX);
    }

    /**
     * A linear layer with an activation behind it: {@code dense = x·weightᵀ + bias}, {@code y = f(dense)}.
     *
     * @param x (…, K)
     * @param weight (M, K)
     * @param bias (M), or null for none
     * @param dense (…, M), for the backward pass
     * @param y (…, M)
     */
    public void linearActivation(Tensor x, Tensor weight, Tensor bias, Activation f, Tensor dense, Tensor y) {
        open();
        linearArguments(x, weight, bias, dense);
        stored("dense", dense);
        stored("y", y, dense.shape());
        apart("x", x, "y", y);
        apart("dense", dense, "y", y);
        backend.linearActivation(x, weight, bias, f, dense, y);
    }

    /**
     * Gradient through a linear layer and the activation before it: {@code dX = (dY·weight)∘f′(dense)}, for {@code y = f(dense)·weightᵀ}.
     *
     * @param dY (…, M)
     * @param weight (M, K)
     * @param dense (…, K)
     * @param dX (…, K)
     */
    public void linearActivationBackwardInput(Tensor dY, Tensor weight, Activation f, Tensor dense, Tensor dX) {
        open();
        linearBackwardArguments(dY, weight, dX);
        stored("dense", dense, dX.shape());
        apart("dX", dX, "dense", dense);
        backend.linearActivationBackwardInput(dY, weight, f, dense, dX);
    }

    /**
     * Layer normalisation over the last dimension: {@code y = (x − mean)·rstd·gamma + beta} with
     * {@code rstd = 1/√(Σ(x − mean)²/C + epsilon)}, in two passes (Ba et al. 2016, arXiv 1607.06450).
     *
     * @param x (…, C)
     * @param gamma (C)
     * @param beta (C)
     * @param y (…, C)
     * @param stats (rows of x, 2): mean and rstd, for the backward pass
     */
    public void layerNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon, Tensor y, Tensor stats) {
        open();
        layerNormArguments(x, gamma, beta, epsilon, y, stats);
        backend.layerNorm(x, gamma, beta, epsilon, y, stats);
    }

    /**
     * {@link #layerNorm} of a sum: {@code sum = sum + residual}, {@code y = layerNorm(sum)}.
     *
     * @param residual (…, C)
     * @param sum (…, C), which is written too: the backward pass reads it
     */
    public void addLayerNorm(Tensor residual, Tensor sum, Tensor gamma, Tensor beta, double epsilon, Tensor y,
            Tensor stats) {
        open();
        layerNormArguments(sum, gamma, beta, epsilon, y, stats);
        stored("residual", residual, sum.shape());
        apart("residual", residual, "sum", sum);
        apart("residual", residual, "y", y);
        backend.addLayerNorm(residual, sum, gamma, beta, epsilon, y, stats);
    }

    private void layerNormArguments(Tensor x, Tensor gamma, Tensor beta, double epsilon, Tensor y, Tensor stats) {
        stored("x", x);
        exact("gamma", gamma, Shape.of(x.shape().columns()));
        exact("beta", beta, Shape.of(x.shape().columns()));
        stored("y", y, x.shape());
        exact("stats", stats, statsShape(x));
        apart("x", x, "y", y);
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("epsilon must not be negative: " + epsilon);
        }
    }

    /**
     * Gradient of {@link #layerNorm} with respect to its input: with {@code x̂ = (x − mean)·rstd} and {@code g = dY·gamma},
     * {@code dX = rstd·(g − mean(g) − x̂·mean(g·x̂))}.
     */
    public void layerNormBackwardInput(Tensor dY, Tensor x, Tensor gamma, Tensor stats, Tensor dX) {
        open();
        stored("dY", dY);
        stored("x", x, dY.shape());
        exact("gamma", gamma, Shape.of(x.shape().columns()));
        exact("stats", stats, statsShape(x));
        stored("dX", dX, dY.shape());
        apart("dX", dX, "dY", dY);
        apart("dX", dX, "x", x);
        backend.layerNormBackwardInput(dY, x, gamma, stats, dX);
    }

    private static Shape statsShape(Tensor x) {
        return Shape.of(Math.toIntExact(x.shape().rows()), 2);
    }

    /** {@code y = f(x)}, element by element. */
    public void activation(Activation f, Tensor x, Tensor y) {
        open();
        stored("x", x);
        stored("y", y, x.shape());
        apart("x", x, "y", y);
        backend.activation(f, x, y);
    }

    /** Gradient of {@link #activation}: {@code dX = dY·f′(x)}; {@code dX} may be {@code dY}. */
    public void activationBackwardInput(Activation f, Tensor dY, Tensor x, Tensor dX) {
        open();
        stored("dY", dY);
        stored("x", x, dY.shape());
        stored("dX", dX, dY.shape());
        apart("dX", dX, "x", x);
        backend.activationBackwardInput(f, dY, x, dX);
    }
}
