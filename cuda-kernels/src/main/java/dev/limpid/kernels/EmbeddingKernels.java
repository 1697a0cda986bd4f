package dev.limpid.kernels;

import dev.limpid.kernels.Pointer.Ints;
import dev.limpid.kernels.Pointer.Stored;

/** The kernels of {@code embeddings.cl.cu}: rows of tables and patches of images. */
interface EmbeddingKernels {
    /**
     * {@code y[n] = table[rows[n]]}, added to what y holds when {@code accumulate} is not 0.
     *
     * @param grid (N, columns over four times the group's size)
     * @param table (V, C)
     * @param rows (N)
     * @param y (N, C)
     * @param columns C
     */
    void gatherRowsFwd(Grid grid, Stored table, Ints rows, @Out Stored y, int columns, int accumulate);

    /**
     * The gradient of {@link #gatherRowsFwd} with respect to the table, {@code dTable[v] = Σ dY[n]} over the n that looked v up, in their order.
     *
     * @param grid (V, columns over four times the group's size)
     * @param dY (N, C)
     * @param starts (V + 1): where the n of each v begin among {@code positions}
     * @param positions (N): the n, those of one v side by side
     * @param dTable (V, C)
     */
    void gatherRowsBwdInput(Grid grid, Stored dY, Ints starts, Ints positions, @Out Stored dTable, int columns);

    /**
     * Cuts images into patches, {@code patches[b, p, (k·ph + i)·pw + j] = pixels[b, k, r·ph + i, q·pw + j]}.
     *
     * @param grid (B·P, K·ph·pw over the group's size)
     * @param pixels (B, K, H, W)
     * @param patches (B, P, K·ph·pw)
     */
    void patchifyFwd(Grid grid, Stored pixels, @Out Stored patches, int channels, int height, int width,
            int patchHeight, int patchWidth);

    /**
     * The gradient of {@link #patchifyFwd}, 0 for a pixel that is in no patch.
     *
     * @param grid (B·K·H, W over the group's size)
     */
    void patchifyBwdInput(Grid grid, Stored dPatches, @Out Stored dPixels, int channels, int height, int width,
            int patchHeight, int patchWidth);
}
