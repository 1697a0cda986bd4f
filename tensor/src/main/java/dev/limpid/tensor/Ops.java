package dev.limpid.tensor;

/**
 * The operations of the library, each forward with its {@code backwardInput} beside it.
 *
 * <p>The facade checks shapes, types, devices and aliasing, and says tensor, expected and actual when it refuses; the arithmetic is in an
 * {@link OpsBackend}. Outputs are the last arguments and are overwritten unless the operation says it adds. No operation has a gradient for
 * weights: explanations need gradients of inputs only. All methods may be called from several threads at once, on different outputs.
 *
 * <p>The specification of every operation is {@code dev.limpid.tensor.cpu.ReferenceOps}: plain loops in double precision.
 */
public final class Ops extends AttentionOps {
    Ops(String device, OpsBackend backend) {
        super(device, backend);
    }

    /** A new workspace of this device. */
    public Workspace workspace() {
        return new Workspace(this);
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
        stored("table", table);
        stored("y", y);
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
        stored("pixels", pixels);
        Shape p = pixels.shape();
        if (p.rank() != 4 || patchHeight < 1 || patchWidth < 1 || patchHeight > p.dim(2) || patchWidth > p.dim(3)) {
            throw new IllegalArgumentException(
                    "pixels of shape " + p + " cannot be cut into patches of " + patchHeight + " × " + patchWidth);
        }
        int count = p.dim(2) / patchHeight * (p.dim(3) / patchWidth);
        stored(name, patches, Shape.of(p.dim(0), count, p.dim(1) * patchHeight * patchWidth));
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
        stored("baseline", baseline);
        stored("input", input, baseline.shape());
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
        exact("sum", sum, sum.shape());
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
        exact("difference", difference, difference.shape());
        int nodes = dPoints.shape().dim(0);
        pathShape("dPoints", dPoints, difference, nodes);
        exact("totals", totals, Shape.of(nodes, difference.shape().dim(0)));
        backend.tokenTotals(dPoints, difference, totals);
    }

    private void pathShape(String name, Tensor points, Tensor input, int nodes) {
        if (input.shape().rank() != 2) {
            throw new IllegalArgumentException("a path is over a (T, C) tensor, not one of shape " + input.shape());
        }
        stored(name, points, Shape.of(nodes, input.shape().dim(0), input.shape().dim(1)));
    }
}
