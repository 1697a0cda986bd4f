package dev.limpid.kernels;

import dev.limpid.kernels.Pointer.Floats;
import dev.limpid.kernels.Pointer.Stored;

/** The kernels of {@code path.cl.cu}: the straight path between two points of n elements, and the sum over it. */
interface PathKernels {
    /**
     * {@code points[k] = baseline + alphas[k]·(input − baseline)}.
     *
     * @param grid (n over four times the group's size, nodes)
     * @param baseline (n), likewise {@code input}
     * @param alphas (nodes)
     * @param points (nodes, n)
     */
    void lerpFwd(Grid grid, Stored baseline, Stored input, Floats alphas, @Out Stored points, long n);

    /**
     * {@code total += Σ_k weights[k]·dPoints[k]}, in one fixed order and compensated.
     *
     * @param grid n over four times the group's size
     * @param dPoints (nodes, n)
     * @param weights (nodes)
     * @param total (n), read and written
     */
    void weightedSum(Grid grid, Stored dPoints, Floats weights, @Out Floats total, int nodes, long n);
}
