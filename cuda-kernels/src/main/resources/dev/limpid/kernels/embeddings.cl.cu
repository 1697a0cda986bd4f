// Rows of tables and patches of images, and their gradients. Nothing is added atomically: who writes an element gathers what belongs there, in a fixed order.

// y[n] = table[rows[n]], or y[n] += table[rows[n]]; groups: (N, columns / (4·BLOCK))
KERNEL GROUP_SIZE(BLOCK, 1) gather_rows_fwd(GLOBAL const STORED *restrict table, GLOBAL const int *restrict rows,
        GLOBAL STORED *restrict y, int columns, int accumulate) {
    const int c = (GY * BLOCK + TX) * 4;
    float v[4], w[4];
    table += (size_t) rows[GX] * columns;
    y += (size_t) GX * columns;
    if (c >= columns) return;
    load_four(table, c, columns, v);
    if (accumulate) {
        load_four(y, c, columns, w);
        UNROLL for (int j = 0; j < 4; j++) v[j] += w[j];
    }
    store_four(y, c, columns, v);
}

// dTable[v] = Σ dY[n] over the n with rows[n] = v, which are positions[starts[v]] to positions[starts[v + 1] − 1]; groups: (V, columns / (4·BLOCK))
KERNEL GROUP_SIZE(BLOCK, 1) gather_rows_bwd_input(GLOBAL const STORED *restrict dy, GLOBAL const int *restrict starts,
        GLOBAL const int *restrict positions, GLOBAL STORED *restrict dtable, int columns) {
    const int c = (GY * BLOCK + TX) * 4;
    float sum[4] = {0.0f, 0.0f, 0.0f, 0.0f}, v[4];
    if (c >= columns) return;
    for (int p = starts[GX]; p < starts[GX + 1]; p++) {
        load_four(dy + (size_t) positions[p] * columns, c, columns, v);
        UNROLL for (int j = 0; j < 4; j++) sum[j] += v[j];
    }
    store_four(dtable + (size_t) GX * columns, c, columns, sum);
}

// patches[b, p, (k·ph + i)·pw + j] = pixels[b, k, r·ph + i, q·pw + j], patch p in row r and column q; groups: (B·P, K·ph·pw / BLOCK)
KERNEL GROUP_SIZE(BLOCK, 1) patchify_fwd(GLOBAL const STORED *restrict pixels, GLOBAL STORED *restrict patches,
        int channels, int height, int width, int patchHeight, int patchWidth) {
    const int columns = channels * patchHeight * patchWidth;
    const int across = width / patchWidth, count = height / patchHeight * across;
    const int c = GY * BLOCK + TX;
    if (c >= columns) return;
    const int image = GX / count, patch = GX % count;
    const int k = c / (patchHeight * patchWidth), inside = c % (patchHeight * patchWidth);
    const int row = patch / across * patchHeight + inside / patchWidth;
    const int column = patch % across * patchWidth + inside % patchWidth;
    patches[(size_t) GX * columns + c] = pixels[(((size_t) image * channels + k) * height + row) * width + column];
}

// The same element's gradient, and 0 for a pixel that is in no patch; groups: (B·K·H, W / BLOCK)
KERNEL GROUP_SIZE(BLOCK, 1) patchify_bwd_input(GLOBAL const STORED *restrict dpatches, GLOBAL STORED *restrict dpixels,
        int channels, int height, int width, int patchHeight, int patchWidth) {
    const int across = width / patchWidth, down = height / patchHeight;
    const int column = GY * BLOCK + TX;
    if (column >= width) return;
    const int row = GX % height, k = GX / height % channels, image = GX / height / channels;
    float v = 0.0f;
    if (row < down * patchHeight && column < across * patchWidth) {
        const size_t patch = ((size_t) image * down + row / patchHeight) * across + column / patchWidth;
        v = LOAD(dpatches, ((patch * channels + k) * patchHeight + row % patchHeight) * patchWidth
                + column % patchWidth);
    }
    STORE(dpixels, (size_t) GX * width + column, v);
}
