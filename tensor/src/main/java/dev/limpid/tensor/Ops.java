package dev.limpid.tensor;

/**
 * The operations of the library, each forward with its {@code backwardInput} beside it.
 *
 * <p>This class checks shapes, types, devices and aliasing, and says tensor, expected and actual when it refuses; the arithmetic is in an
 * {@link OpsBackend}. Outputs are the last arguments and are overwritten unless the operation says it adds. No operation has a gradient for
 * weights: explanations need gradients of inputs only. All methods may be called from several threads at once, on different outputs.
 *
 * <p>The specification of every operation is {@code dev.limpid.tensor.cpu.ReferenceOps}: plain loops in double precision.
 */
public final class Ops implements AutoCloseable {
    private final String device;
    private final OpsBackend backend;
    private volatile boolean closed;

    Ops(String device, OpsBackend backend) {
        this.device = device;
        this.backend = backend;
    }

    /** The name the device was asked for by. */
    public String device() {
        return device;
    }

    /** What the device is and how it computes. */
    public String description() {
        return backend.description();
    }

    /** The type of every tensor made here. */
    public DType computeType() {
        return backend.computeType();
    }

    /** A new workspace of this device. */
    public Workspace workspace() {
        return new Workspace(this);
    }

    Storage allocate(long size) {
        open();
        return backend.allocate(size);
    }

    void release(Storage storage) {
        backend.release(storage);
    }

    /** A tensor of its own, for weights; it lives until the device is closed. The array belongs to the tensor from now on. */
    public Tensor tensor(Shape shape, float[] values) {
        open();
        if (values.length != shape.size()) {
            throw new IllegalArgumentException(
                    "a tensor of shape " + shape + " needs " + shape.size() + " values, not " + values.length);
        }
        return new Tensor(shape, backend.storage(values), 0);
    }

    /** Copies {@code values} into {@code x}, rounding to the device's type. */
    public void upload(double[] values, Tensor x) {
        open();
        length("x", x, values.length);
        backend.upload(values, x);
    }

    /** Copies {@code values} into {@code x}. */
    public void upload(float[] values, Tensor x) {
        open();
        length("x", x, values.length);
        backend.upload(values, x);
    }

    /** The elements of {@code x}, waited for. */
    public double[] download(Tensor x) {
        open();
        double[] values = new double[Math.toIntExact(x.size())];
        backend.download(x, values);
        return values;
    }

    /** {@code x = value} everywhere. */
    public void fill(Tensor x, double value) {
        open();
        mine("x", x);
        backend.fill(x, value);
    }

    /** {@code y = x}. */
    public void copy(Tensor x, Tensor y) {
        open();
        mine("x", x);
        same("y", y, x.shape());
        apart("x", x, "y", y);
        backend.copy(x, y);
    }

    /** {@code y = y + x}; its own gradient. */
    public void add(Tensor x, Tensor y) {
        open();
        mine("x", x);
        same("y", y, x.shape());
        apart("x", x, "y", y);
        backend.add(x, y);
    }

    /**
     * A linear layer: {@code y = x·weightᵀ + bias}.
     *
     * @param x (…, K)
     * @param weight (M, K), as PyTorch stores it
     * @param bias (M), or null for none
     * @param y (…, M)
     */
    public void linear(Tensor x, Tensor weight, Tensor bias, Tensor y) {
        open();
        mine("x", x);
        same("weight", weight, Shape.of(y.shape().columns(), x.shape().columns()));
        if (bias != null) {
            same("bias", bias, Shape.of(y.shape().columns()));
        }
        sameRows("y", y, x);
        apart("x", x, "y", y);
        backend.linear(x, weight, bias, y);
    }

    /**
     * Gradient of {@link #linear} with respect to its input: {@code dX = dY·weight}.
     *
     * @param dY (…, M)
     * @param weight (M, K)
     * @param dX (…, K)
     */
    public void linearBackwardInput(Tensor dY, Tensor weight, Tensor dX) {
        open();
        mine("dY", dY);
        same("weight", weight, Shape.of(dY.shape().columns(), dX.shape().columns()));
        sameRows("dX", dX, dY);
        apart("dY", dY, "dX", dX);
        backend.linearBackwardInput(dY, weight, dX);
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
        mine("x", x);
        same("gamma", gamma, Shape.of(x.shape().columns()));
        same("beta", beta, Shape.of(x.shape().columns()));
        same("y", y, x.shape());
        same("stats", stats, statsShape(x));
        apart("x", x, "y", y);
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("epsilon must not be negative: " + epsilon);
        }
        backend.layerNorm(x, gamma, beta, epsilon, y, stats);
    }

    /**
     * Gradient of {@link #layerNorm} with respect to its input: with {@code x̂ = (x − mean)·rstd} and {@code g = dY·gamma},
     * {@code dX = rstd·(g − mean(g) − x̂·mean(g·x̂))}.
     */
    public void layerNormBackwardInput(Tensor dY, Tensor x, Tensor gamma, Tensor stats, Tensor dX) {
        open();
        mine("dY", dY);
        same("x", x, dY.shape());
        same("gamma", gamma, Shape.of(x.shape().columns()));
        same("stats", stats, statsShape(x));
        same("dX", dX, dY.shape());
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
        mine("x", x);
        same("y", y, x.shape());
        apart("x", x, "y", y);
        backend.activation(f, x, y);
    }

    /** Gradient of {@link #activation}: {@code dX = dY·f′(x)}; {@code dX} may be {@code dY}. */
    public void activationBackwardInput(Activation f, Tensor dY, Tensor x, Tensor dX) {
        open();
        mine("dY", dY);
        same("x", x, dY.shape());
        same("dX", dX, dY.shape());
        apart("dX", dX, "x", x);
        backend.activationBackwardInput(f, dY, x, dX);
    }

    /**
     * Multi-head self-attention of projected queries, keys and values (Vaswani et al. 2017, arXiv 1706.03762): for each row and head,
     * {@code context = softmax(q·kᵀ/√D + (mask − 1)·∞)·v}.
     *
     * @param qkv (B, T, 3C): query, key, value side by side, each with the heads side by side
     * @param mask (B, T): 1 for a key that may be attended to, 0 for one that may not; null when all may. Each row has at least one 1
     * @param heads H, a divisor of C
     * @param context (B, T, C)
     * @param probabilities (B, H, T, T): the softmax, for the backward pass and for views of attention
     */
    public void attention(Tensor qkv, Tensor mask, int heads, Tensor context, Tensor probabilities) {
        open();
        mine("qkv", qkv);
        int batch = context.shape().dim(0);
        int length = context.shape().dim(1);
        attentionShapes(qkv, heads, batch, length, context.shape().columns(), probabilities);
        same("context", context, Shape.of(batch, length, qkv.shape().columns() / 3));
        if (mask != null) {
            same("mask", mask, Shape.of(batch, length));
        }
        apart("qkv", qkv, "context", context);
        backend.attention(qkv, mask, heads, context, probabilities);
    }

    /**
     * Gradient of {@link #attention} with respect to {@code qkv}. With {@code P} the probabilities and {@code S} the scaled scores:
     * {@code dV = Pᵀ·dContext}, {@code dP = dContext·vᵀ}, {@code dS = P·(dP − Σ dP·P)/√D}, {@code dQ = dS·k}, {@code dK = dSᵀ·q}.
     */
    public void attentionBackwardInput(Tensor dContext, Tensor qkv, int heads, Tensor probabilities, Tensor dQkv) {
        open();
        mine("dContext", dContext);
        int batch = dContext.shape().dim(0);
        int length = dContext.shape().dim(1);
        attentionShapes(qkv, heads, batch, length, dContext.shape().columns(), probabilities);
        same("dQkv", dQkv, qkv.shape());
        apart("dQkv", dQkv, "qkv", qkv);
        apart("dQkv", dQkv, "dContext", dContext);
        backend.attentionBackwardInput(dContext, qkv, heads, probabilities, dQkv);
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
        mine("dContext", dContext);
        int batch = dContext.shape().dim(0);
        int length = dContext.shape().dim(1);
        attentionShapes(qkv, heads, batch, length, dContext.shape().columns(), dProbabilities);
        apart("dContext", dContext, "dProbabilities", dProbabilities);
        apart("qkv", qkv, "dProbabilities", dProbabilities);
        backend.attentionBackwardProbabilities(dContext, qkv, heads, dProbabilities);
    }

    private void attentionShapes(Tensor qkv, int heads, int batch, int length, int hidden, Tensor probabilities) {
        if (heads < 1 || hidden % heads != 0) {
            throw new IllegalArgumentException(
                    "a hidden size of " + hidden + " cannot be split into " + heads + " heads");
        }
        same("qkv", qkv, Shape.of(batch, length, 3 * hidden));
        same("probabilities", probabilities, Shape.of(batch, heads, length, length));
    }

    /**
     * Looks rows up: {@code y[n] = table[rows[n]]}, or {@code y[n] += table[rows[n]]} when accumulating.
     *
     * @param table (V, C)
     * @param rows N indices from 0 to V−1
     * @param y (…, C) with N rows
     */
    public void gatherRows(Tensor table, int[] rows, boolean accumulate, Tensor y) {
        open();
        rowIndices(table, rows, y);
        apart("table", table, "y", y);
        backend.gatherRows(table, rows, accumulate, y);
    }

    /** Gradient of {@link #gatherRows} with respect to the table: {@code dTable = 0}, then {@code dTable[rows[n]] += dY[n]}. */
    public void gatherRowsBackwardInput(Tensor dY, int[] rows, Tensor dTable) {
        open();
        rowIndices(dTable, rows, dY);
        apart("dY", dY, "dTable", dTable);
        backend.gatherRowsBackwardInput(dY, rows, dTable);
    }

    private void rowIndices(Tensor table, int[] rows, Tensor y) {
        mine("table", table);
        mine("y", y);
        if (table.shape().columns() != y.shape().columns() || y.shape().rows() != rows.length) {
            throw new IllegalArgumentException("y must have " + rows.length + " rows of " + table.shape().columns()
                    + " columns, but has shape " + y.shape());
        }
        long count = table.shape().rows();
        for (int n = 0; n < rows.length; n++) {
            if (rows[n] < 0 || rows[n] >= count) {
                throw new IndexOutOfBoundsException(
                        "row index " + rows[n] + " at position " + n + " is outside a table of "
                                + count + " rows");
            }
        }
    }

    /**
     * Cuts images into patches, in the order of a convolution's weights: {@code patches[b, p, (k·ph + i)·pw + j]} is
     * {@code pixels[b, k, r·ph + i, q·pw + j]} for the patch {@code p} in row r and column q. What fills no patch at the lower and right edge is left out.
     *
     * @param pixels (B, K, H, W)
     * @param patches (B, P, K·ph·pw) with P = ⌊H/ph⌋·⌊W/pw⌋
     */
    public void patchify(Tensor pixels, int patchHeight, int patchWidth, Tensor patches) {
        open();
        patchShapes("patches", patches, pixels, patchHeight, patchWidth);
        apart("pixels", pixels, "patches", patches);
        backend.patchify(pixels, patchHeight, patchWidth, patches);
    }

    /** Gradient of {@link #patchify}: each pixel takes that of its place in its patch, and 0 where it is in none. */
    public void patchifyBackwardInput(Tensor dPatches, int patchHeight, int patchWidth, Tensor dPixels) {
        open();
        patchShapes("dPatches", dPatches, dPixels, patchHeight, patchWidth);
        apart("dPatches", dPatches, "dPixels", dPixels);
        backend.patchifyBackwardInput(dPatches, patchHeight, patchWidth, dPixels);
    }

    private void patchShapes(String name, Tensor patches, Tensor pixels, int patchHeight, int patchWidth) {
        mine("pixels", pixels);
        Shape p = pixels.shape();
        if (p.rank() != 4 || patchHeight < 1 || patchWidth < 1 || patchHeight > p.dim(2) || patchWidth > p.dim(3)) {
            throw new IllegalArgumentException(
                    "pixels of shape " + p + " cannot be cut into patches of " + patchHeight + " × " + patchWidth);
        }
        int count = p.dim(2) / patchHeight * (p.dim(3) / patchWidth);
        same(name, patches, Shape.of(p.dim(0), count, p.dim(1) * patchHeight * patchWidth));
    }

    /**
     * Points on the straight path: {@code points[k] = baseline + alphas[k]·(input − baseline)}.
     *
     * @param baseline (T, C)
     * @param input (T, C)
     * @param points (n, T, C)
     */
    public void lerp(Tensor baseline, Tensor input, double[] alphas, Tensor points) {
        open();
        mine("baseline", baseline);
        same("input", input, baseline.shape());
        pathShape("points", points, input, alphas.length);
        backend.lerp(baseline, input, alphas, points);
    }

    /**
     * The quadrature sum over the path: {@code sum += Σ_k weights[k]·dPoints[k]}.
     *
     * @param dPoints (n, T, C)
     * @param sum (T, C)
     */
    public void weightedSum(Tensor dPoints, double[] weights, Tensor sum) {
        open();
        mine("sum", sum);
        pathShape("dPoints", dPoints, sum, weights.length);
        backend.weightedSum(dPoints, weights, sum);
    }

    /**
     * What each token adds at each node: {@code totals[k, t] = Σ_c difference[t, c]·dPoints[k, t, c]}, summed in double precision.
     *
     * @param dPoints (n, T, C)
     * @param difference (T, C): input − baseline
     * @param totals (n, T)
     */
    public void tokenTotals(Tensor dPoints, Tensor difference, Tensor totals) {
        open();
        mine("difference", difference);
        int nodes = dPoints.shape().dim(0);
        pathShape("dPoints", dPoints, difference, nodes);
        same("totals", totals, Shape.of(nodes, difference.shape().dim(0)));
        backend.tokenTotals(dPoints, difference, totals);
    }

    private void pathShape(String name, Tensor points, Tensor input, int nodes) {
        if (input.shape().rank() != 2) {
            throw new IllegalArgumentException("a path is over a (T, C) tensor, not one of shape " + input.shape());
        }
        same(name, points, Shape.of(nodes, input.shape().dim(0), input.shape().dim(1)));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            backend.close();
        }
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("the device " + device + " is closed");
        }
    }

    private void mine(String name, Tensor x) {
        if (x.dtype() != backend.computeType()) {
            throw new IllegalArgumentException(
                    name + " is " + x + ", but " + device + " computes in " + backend.computeType());
        }
    }

    private void same(String name, Tensor x, Shape expected) {
        if (!x.shape().equals(expected)) {
            throw new IllegalArgumentException(name + " must have shape " + expected + ", but has " + x.shape());
        }
        mine(name, x);
    }

    private void sameRows(String name, Tensor y, Tensor x) {
        mine(name, y);
        if (y.shape().rows() != x.shape().rows()) {
            throw new IllegalArgumentException(
                    name + " of shape " + y.shape() + " must have as many rows as " + x.shape());
        }
    }

    private static void length(String name, Tensor x, int length) {
        if (x.size() != length) {
            throw new IllegalArgumentException(
                    name + " of shape " + x.shape() + " needs " + x.size() + " values, not " + length);
        }
    }

    private static void apart(String nameX, Tensor x, String nameY, Tensor y) {
        if (x.overlaps(y)) {
            throw new IllegalArgumentException(nameX + " and " + nameY + " must not share memory");
        }
    }
}
