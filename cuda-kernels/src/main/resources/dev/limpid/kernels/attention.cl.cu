// Attention, forward: context = softmax(scale·q·kᵀ over the keys that are seen)·v for each head, with an online softmax. qkv (B,T,3C): query, key and value of a
// token side by side, heads side by side in each; context (B,T,C); mask (B,T), read if `masked`, 0 hides a key. logSumExp (B,H,T) is that of the scaled scores.
#include "attention.h"

KERNEL GROUP_SIZE(BLOCK, 1) attention_forward(GLOBAL const STORED *restrict qkv, GLOBAL const float *restrict mask,
        GLOBAL STORED *restrict context, GLOBAL float *restrict logSumExp, int masked, int length, int heads,
        int headSize, float scale) {
    SHARED_CHUNKS STORED tiles[STAGES * 2 * TILE];
    SHARED float kept[STAGES * COLUMNS];
    SHARED float weights[WEIGHTS];
    OWN_ROWS(queries);
    const int channels = heads * headSize, first = GX * ROWS;
    qkv += (size_t) GZ * length * 3 * channels + GY * headSize;
    if (masked) mask += (size_t) GZ * length;
    const int aligned = in_chunks(qkv, headSize);
    const int end = end_of_keys(mask, masked, length, weights);
    float outs[OUTS], top[SLOTS], sum[SLOTS];
    UNROLL for (int x = 0; x < OUTS; x++) outs[x] = 0.0f;
    UNROLL for (int i = 0; i < SLOTS; i++) {
        top[i] = HIDDEN;
        sum[i] = 0.0f;
    }
    int stage = 0;
#if STAGES == 2
    load_keys_and_values(tiles, kept, qkv, mask, masked, 0, end, channels, headSize, aligned);
#endif
    load_own(queries, qkv, 3 * channels, first, length, headSize, aligned);
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
        float scores[SCORES], newTop[SLOTS];
        product_nt(scores, queries, tiles + stage * 2 * TILE);
        UNROLL for (int i = 0; i < SLOTS; i++) newTop[i] = top[i];
        UNROLL for (int x = 0; x < SCORES; x++) {
            scores[x] = kept[stage * COLUMNS + SCORE_COLUMN(x)] != 0.0f ? scores[x] * (scale * LOG2E) : HIDDEN;
            newTop[SCORE_SLOT(x)] = fmaxf(newTop[SCORE_SLOT(x)], scores[x]);
        }
        row_max(newTop, weights);
        UNROLL for (int i = 0; i < SLOTS; i++) {
            const float factor = exp2f(top[i] - newTop[i]);
            top[i] = newTop[i];
            sum[i] *= factor;
            UNROLL for (int x = 0; x < OUTS; x++)
                if (OUT_SLOT(x) == i) outs[x] *= factor;
        }
        UNROLL for (int x = 0; x < SCORES; x++) {
            scores[x] = exp2f(scores[x] - top[SCORE_SLOT(x)]);
            sum[SCORE_SLOT(x)] += scores[x];
        }
        product_nn(outs, scores, weights, tiles + stage * 2 * TILE + TILE);
#if STAGES == 2
        stage ^= 1;
#endif
    }
    row_sum(sum, weights);
    UNROLL for (int i = 0; i < SLOTS; i++) {
        const int row = first + ROW(i);
        if (row < length) {
            const size_t at = ((size_t) GZ * length + row) * channels + GY * headSize;
            const float share = sum[i] > 0.0f ? 1.0f / sum[i] : 0.0f;
            UNROLL for (int x = 0; x < OUTS; x++)
                if (OUT_SLOT(x) == i && OUT_COLUMN(x) < headSize) STORE(context, at + OUT_COLUMN(x), outs[x] * share);
            if (FIRST_OF_ROW)
                logSumExp[((size_t) GZ * heads + GY) * length + row] = (top[i] + log2f(sum[i])) * LN2;
        }
    }
}

// products (B,H,T,T) = scale·left·rightᵀ for each head, where the rows of a head begin at column leftAt (rightAt) of rows leftStride (rightStride) wide.
KERNEL GROUP_SIZE(BLOCK, 1) attention_products(GLOBAL const STORED *restrict left, GLOBAL const STORED *restrict right,
        GLOBAL float *restrict products, int leftStride, int leftAt, int rightStride, int rightAt, int length, int heads,
        int headSize, float scale) {
    SHARED_CHUNKS STORED tile[TILE];
    OWN_ROWS(own);
    const int first = GX * ROWS;
    left += (size_t) GZ * length * leftStride + leftAt + GY * headSize;
    right += (size_t) GZ * length * rightStride + rightAt + GY * headSize;
    load_own(own, left, leftStride, first, length, headSize, in_chunks(left, headSize));
    ROLLED for (int c = 0; c < length; c += COLUMNS) {
        load_rows(tile, right, rightStride, c, COLUMNS, length, headSize, in_chunks(right, headSize));
        ASYNC_COMMIT();
        ASYNC_WAIT(0);
        BARRIER();
        float scores[SCORES];
        product_nt(scores, own, tile);
        UNROLL for (int x = 0; x < SCORES; x++) {
            const int row = first + ROW(SCORE_SLOT(x)), column = c + SCORE_COLUMN(x);
            if (row < length && column < length)
                products[(((size_t) GZ * heads + GY) * length + row) * length + column] = scores[x] * scale;
        }
        BARRIER();
    }
}

// Rows of (B,H,T,T), in place: softmax over the keys that are seen, 0 for the others.
KERNEL GROUP_SIZE(BLOCK, 1) attention_softmax(GLOBAL const float *restrict mask, GLOBAL float *restrict scores,
        int masked, int length, int heads) {
    SHARED float scratch[BLOCK];
    scores += (size_t) GX * length;
    if (masked) mask += (size_t) (GX / (heads * length)) * length;
    float top = HIDDEN;
    for (int key = TX; key < length; key += BLOCK)
        if (!masked || mask[key] != 0.0f) top = fmaxf(top, scores[key]);
    top = group_max(top, scratch);
    float sum = 0.0f;
    for (int key = TX; key < length; key += BLOCK)
        if (!masked || mask[key] != 0.0f) sum += expf(scores[key] - top);
    sum = group_sum(sum, scratch);
    for (int key = TX; key < length; key += BLOCK)
        scores[key] = !masked || mask[key] != 0.0f ? expf(scores[key] - top) / sum : 0.0f;
}
