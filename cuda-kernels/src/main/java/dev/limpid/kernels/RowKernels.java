package dev.limpid.kernels;

import dev.limpid.kernels.Pointer.Floats;
import dev.limpid.kernels.Pointer.Stored;

/** The kernels of {@code rows.cl.cu}: layer normalisation and the totals of tokens, one group for each row of (N, C). */
interface RowKernels {
    /**
     * {@code y = (x − mean)·rstd·gamma + beta}.
     *
     * @param rows N groups
     * @param x (N, C)
     * @param gamma (C), likewise {@code beta}
     * @param y (N, C)
     * @param stats (N, 2): mean and rstd
     * @param columns C
     */
    void layerNormFwd(Grid rows, Stored x, Floats gamma, Floats beta, @Out Stored y, @Out Floats stats, int columns,
            float epsilon);

    /**
     * {@code total += residual}, then {@link #layerNormFwd} of it.
     *
     * @param residual (N, C)
     * @param total (N, C), read and written
     */
    void addLayerNormFwd(Grid rows, Stored residual, @Out Stored total, Floats gamma, Floats beta, @Out Stored y,
            @Out Floats stats, int columns, float epsilon);

    /**
     * The gradient of {@link #layerNormFwd} with respect to x, {@code dX = rstd·(g − mean(g) − x̂·mean(g·x̂))} with {@code g = dY·gamma}.
     *
     * @param dY (N, C), likewise {@code x} and {@code dX}
     * @param stats (N, 2) of the forward pass
     */
    void layerNormBwdInput(Grid rows, Stored dY, Stored x, Floats gamma, Floats stats, @Out Stored dX, int columns);

    /**
     * {@code totals[k, t] = Σ_c difference[t, c]·dPoints[k, t, c]}.
     *
     * @param rows n·T groups
     * @param dPoints (n, T, C)
     * @param difference (T, C)
     * @param totals (n, T)
     * @param tokens T
     * @param columns C
     */
    void tokenTotals(Grid rows, Stored dPoints, Floats difference, @Out Floats totals, int tokens, int columns);
}
