// Attention, backward: from dContext (B,T,C) to dQkv (B,T,3C), with the probabilities P = exp(scale·q·kᵀ - logSumExp) computed again tile by tile:
// dV = Pᵀ·dContext, dS = P∘(dContext·vᵀ - dots), dQ = scale·dS·k, dK = scale·dSᵀ·q, where dots = Σ dContext∘context over a head.
// One kernel walks over keys for its queries' dQ, another over queries for its keys' dK and dV, so that no sum depends on the order in which groups run.
#define BACKWARD
#include "attention.h"

#if !defined(PRECISION_BF16)
// Left to itself, the compiler spills a register or two to have one group more.
#undef RESIDENT
#define RESIDENT , 2
#endif

// dots (B,H,T): one work-item each; `rows` is B·T.
KERNEL GROUP_SIZE(BLOCK, 1) attention_dots(GLOBAL const STORED *restrict dContext,
        GLOBAL const STORED *restrict context, GLOBAL float *restrict dots, int rows, int length, int heads,
        int headSize) {
    const I64 i = (I64) GX * BLOCK + TX;
    if (i < (I64) rows * heads) {
        const I64 row = i / heads;
        float sum = 0.0f;
        for (int d = 0; d < headSize; d++)
            sum = fmaf(LOAD(dContext, i * headSize + d), LOAD(context, i * headSize + d), sum);
        dots[((row / length) * heads + i % heads) * length + row % length] = sum;
    }
}

KERNEL GROUP_SIZE(BLOCK, 1) attention_query_gradient(GLOBAL const STORED *restrict dContext,
        GLOBAL const STORED *restrict qkv, GLOBAL const float *restrict mask, GLOBAL const float *restrict logSumExp,
        GLOBAL const float *restrict dots, GLOBAL STORED *restrict dQkv, int masked, int length, int heads, int headSize,
        float scale) {
    SHARED_CHUNKS STORED tiles[STAGES * 2 * TILE];
    SHARED float kept[STAGES * COLUMNS];
    SHARED float weights[WEIGHTS];
    OWN_ROWS(queries);
    OWN_ROWS(dOuts);
    const int channels = heads * headSize, first = GX * ROWS;
    const size_t head = ((size_t) GZ * heads + GY) * length;
    qkv += (size_t) GZ * length * 3 * channels + GY * headSize;
    dQkv += (size_t) GZ * length * 3 * channels + GY * headSize;
    dContext += (size_t) GZ * length * channels + GY * headSize;
    if (masked) mask += (size_t) GZ * length;
    const int aligned = in_chunks(qkv, headSize) && in_chunks(dContext, headSize);
    const int end = end_of_keys(mask, masked, length, weights);
    float dQueries[OUTS], total[SLOTS], dot[SLOTS];
    UNROLL for (int x = 0; x < OUTS; x++) dQueries[x] = 0.0f;
    UNROLL for (int i = 0; i < SLOTS; i++) {
        const int row = first + ROW(i);
        total[i] = row < length ? logSumExp[head + row] * LOG2E : 0.0f;
        dot[i] = row < length ? dots[head + row] : 0.0f;
    }
    int stage = 0;
#if STAGES == 2
    load_keys_and_values(tiles, kept, qkv, mask, masked, 0, end, channels, headSize, aligned);
#endif
    load_own(queries, qkv, 3 * channels, first, length, headSize, aligned);
    load_own(dOuts, dContext, channels, first, length, headSize, aligned);
    ROLLED for (int c = 0; c < end; c += COLUMNS) {
#if STAGES == 1
        BARRIER();
        load_keys_and_values(tiles, kept, qkv, mask, masked, c, end, channels, headSize, aligned);
#endif
        ASYNC_WAIT(0);
        BARRIER();
#if STAGES == 2
        if (c + COLUMNS < end)
            load_keys_and_values(tiles + (stage ^ 1) * 2 * TILE, kept + (stage ^ 1) * COLUMNS, qkv, mask, masked,
                c + COLUMNS, end, channels, headSize, aligned);
#endif
        float scores[SCORES], slopes[SCORES];
        product_nt(scores, queries, tiles + stage * 2 * TILE);
        product_nt(slopes, dOuts, tiles + stage * 2 * TILE + TILE);
        UNROLL for (int x = 0; x < SCORES; x++) {
            const int i = SCORE_SLOT(x);
            const float p = kept[stage * COLUMNS + SCORE_COLUMN(x)] != 0.0f
                ? exp2f(scores[x] * (scale * LOG2E) - total[i]) : 0.0f;
            slopes[x] = p * (slopes[x] - dot[i]) * scale;
        }
        product_nn(dQueries, slopes, weights, tiles + stage * 2 * TILE);
#if STAGES == 2
        stage ^= 1;
#endif
    }
    UNROLL for (int x = 0; x < OUTS; x++) {
        const int row = first + ROW(OUT_SLOT(x));
        if (row < length && OUT_COLUMN(x) < headSize)
            STORE(dQkv, (size_t) row * 3 * channels + OUT_COLUMN(x), dQueries[x]);
    }
}

// statistics: COLUMNS times logSumExp, in the unit of exp2f, then COLUMNS times dots.
DEVICE void load_queries(LOCAL STORED *tiles, LOCAL float *statistics, GLOBAL const STORED *dContext,
        GLOBAL const STORED *qkv, GLOBAL const float *logSumExp, GLOBAL const float *dots, int first, int length,
        int channels, int headSize, int aligned) {
    load_rows(tiles, qkv, 3 * channels, first, COLUMNS, length, headSize, aligned);
    load_rows(tiles + TILE, dContext, channels, first, COLUMNS, length, headSize, aligned);
    ASYNC_COMMIT();
    for (int q = TX; q < COLUMNS; q += BLOCK) {
        statistics[q] = first + q < length ? logSumExp[first + q] * LOG2E : -HIDDEN;
        statistics[COLUMNS + q] = first + q < length ? dots[first + q] : 0.0f;
    }
}

KERNEL GROUP_SIZE(BLOCK, 1) attention_key_gradient(GLOBAL const STORED *restrict dContext,
        GLOBAL const STORED *restrict qkv, GLOBAL const float *restrict mask, GLOBAL const float *restrict logSumExp,
        GLOBAL const float *restrict dots, GLOBAL STORED *restrict dQkv, int masked, int length, int heads, int headSize,
        float scale) {
    SHARED_CHUNKS STORED tiles[STAGES * 2 * TILE];
    SHARED float statistics[STAGES * 2 * COLUMNS];
    SHARED float weights[WEIGHTS];
    OWN_ROWS(keys);
    OWN_ROWS(values);
    const int channels = heads * headSize, first = GX * ROWS;
    const size_t head = ((size_t) GZ * heads + GY) * length;
    qkv += (size_t) GZ * length * 3 * channels + GY * headSize;
    dQkv += (size_t) GZ * length * 3 * channels + GY * headSize;
    dContext += (size_t) GZ * length * channels + GY * headSize;
    logSumExp += head;
    dots += head;
    if (masked) mask += (size_t) GZ * length;
    const int aligned = in_chunks(qkv, headSize) && in_chunks(dContext, headSize);
    // Nothing depends on keys that are not seen.
    const int end = first < end_of_keys(mask, masked, length, weights) ? length : 0;
    float dKeys[OUTS], dValues[OUTS], kept[SLOTS];
    UNROLL for (int x = 0; x < OUTS; x++) {
        dKeys[x] = 0.0f;
        dValues[x] = 0.0f;
    }
    UNROLL for (int i = 0; i < SLOTS; i++) {
        const int row = first + ROW(i);
        kept[i] = row < length && (!masked || mask[row] != 0.0f) ? 1.0f : 0.0f;
    }
    int stage = 0;
#if STAGES == 2
    load_queries(tiles, statistics, dContext, qkv, logSumExp, dots, 0, end, channels, headSize, aligned);
#endif
    load_own(keys, qkv + channels, 3 * channels, first, length, headSize, aligned);
    load_own(values, qkv + 2 * channels, 3 * channels, first, length, headSize, aligned);
    ROLLED for (int c = 0; c < end; c += COLUMNS) {
#if STAGES == 1
        BARRIER();
        load_queries(tiles, statistics, dContext, qkv, logSumExp, dots, c, end, channels, headSize, aligned);
#endif
        ASYNC_WAIT(0);
        BARRIER();
#if STAGES == 2
        if (c + COLUMNS < end)
            load_queries(tiles + (stage ^ 1) * 2 * TILE, statistics + (stage ^ 1) * 2 * COLUMNS, dContext, qkv,
                logSumExp, dots, c + COLUMNS, end, channels, headSize, aligned);
#endif
        LOCAL const float *totals = statistics + stage * 2 * COLUMNS;
        float scores[SCORES], slopes[SCORES];
        product_nt(scores, keys, tiles + stage * 2 * TILE);
        UNROLL for (int x = 0; x < SCORES; x++)
            scores[x] = kept[SCORE_SLOT(x)] != 0.0f
                ? exp2f(scores[x] * (scale * LOG2E) - totals[SCORE_COLUMN(x)]) : 0.0f;
        product_nn(dValues, scores, weights, tiles + stage * 2 * TILE + TILE);
        product_nt(slopes, values, tiles + stage * 2 * TILE + TILE);
        UNROLL for (int x = 0; x < SCORES; x++)
            slopes[x] = scores[x] * (slopes[x] - totals[COLUMNS + SCORE_COLUMN(x)]) * scale;
        product_nn(dKeys, slopes, weights, tiles + stage * 2 * TILE);
#if STAGES == 2
        stage ^= 1;
#endif
    }
    UNROLL for (int x = 0; x < OUTS; x++) {
        const int row = first + ROW(OUT_SLOT(x));
        if (row < length && OUT_COLUMN(x) < headSize) {
            const size_t at = (size_t) row * 3 * channels + OUT_COLUMN(x);
            STORE(dQkv, at + channels, dKeys[x]);
            STORE(dQkv, at + 2 * channels, dValues[x]);
        }
    }
}
