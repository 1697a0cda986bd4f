// c = epilogue(a·op(b)), row-major: a (m,k), c (m,n); with TRANSPOSE_B b is (n,k), as a linear layer's weights are, otherwise (k,n).
// A group of 256 work-items makes a tile of TILE_M x TILE_N results from tiles of a and b, 64 bytes of k deep, in a ring of STAGES.
// EPILOGUE: 0 none; 1 c = f(x), aux = x; 2 c = x·f'(aux), with f = ACTIVATION, by the name that the prelude has for it.
#include "tiles.h"

#ifndef TRANSPOSE_B
#define TRANSPOSE_B 1
#endif
#ifndef EPILOGUE
#define EPILOGUE 0
#endif
#ifndef ACTIVATION
#define ACTIVATION GELU
#endif
#ifndef TILE_M
#define TILE_M 64
#endif
#ifndef TILE_N
#define TILE_N 64
#endif
#ifndef STAGES
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
#define STAGES 3
#else
#define STAGES 2
#endif
#endif
#define ITEMS 256
#undef RESIDENT
#define RESIDENT , 2
#define DEPTH (4 * CHUNK)
#define A_TILE (TILE_M * DEPTH)
#define B_TILE (TILE_N * DEPTH)
#define RESULTS (TILE_M * TILE_N / ITEMS)

// The place of element (row, p) of a tile of rows that lie along k, and of element (p, column) of one of rows that lie along n.
#define ALONG_K(row, p) TILE_AT(row, p, 4)
#if defined(PRECISION_TF32)
// The four rows that a tensor core's lanes read together lie in different banks.
#define ALONG_N(p, column) (((p) * (TILE_N / CHUNK) + (((column) / CHUNK) ^ (((p) & 3) << 1))) * CHUNK + (column) % CHUNK)
#else
#define ALONG_N(p, column) TILE_AT(p, column, TILE_N / CHUNK)
#endif
#if TRANSPOSE_B
#define B_AT(p, column) ALONG_K(column, p)
#else
#define B_AT(p, column) ALONG_N(p, column)
#endif

// ---- The product of two tiles, added to a work-item's RESULTS: which of the tile's elements these are is RESULT_ROW and RESULT_COLUMN.
#if defined(HAS_TENSOR_CORES)
// 2 x 4 warps, each with blocks of 16 x 8.
#define WARP_M (TILE_M / 2)
#define WARP_N (TILE_N / 4)
#define DOWN (WARP_M / 16)
#define ACROSS (WARP_N / 8)
#define WARP_ROW ((WARP >> 2) * WARP_M)
#define WARP_COLUMN ((WARP & 3) * WARP_N)
#define RESULT_ROW(x) (WARP_ROW + (x) / 4 / ACROSS * 16 + ((x) & 2) * 4 + (LANE >> 2))
#define RESULT_COLUMN(x) (WARP_COLUMN + (x) / 4 % ACROSS * 8 + (LANE & 3) * 2 + ((x) & 1))
DEVICE void tile_product(float results[RESULTS], const STORED *a, const STORED *b) {
    UNROLL for (int p = 0; p < DEPTH; p += 2 * CHUNK) {
        unsigned left[DOWN][4], right[ACROSS][2];
        UNROLL for (int i = 0; i < DOWN; i++) {
            load_matrices(left[i], a + ALONG_K(WARP_ROW + i * 16 + (LANE & 15), p + (LANE >> 4) * CHUNK));
            rounded(left[i]);
        }
        UNROLL for (int j = 0; j < ACROSS; j += 2) {
            unsigned r[4];
#if TRANSPOSE_B
            load_matrices(r, b + ALONG_K(WARP_COLUMN + j * 8 + (LANE & 7) + (LANE >> 4) * 8, p + (LANE >> 3 & 1) * CHUNK));
            rounded(r);
#elif defined(PRECISION_BF16)
            load_matrices_transposed(r, b + ALONG_N(p + (LANE & 15), WARP_COLUMN + j * 8 + (LANE >> 4) * CHUNK));
#else
            UNROLL for (int e = 0; e < 4; e++)
                r[e] = tf32(b[ALONG_N(p + (e & 1) * 4 + (LANE & 3), WARP_COLUMN + (j + e / 2) * 8 + (LANE >> 2))]);
#endif
            right[j][0] = r[0];
            right[j][1] = r[1];
            right[j + 1][0] = r[2];
            right[j + 1][1] = r[3];
        }
        UNROLL for (int i = 0; i < DOWN; i++)
            UNROLL for (int j = 0; j < ACROSS; j++)
                mma(results + (i * ACROSS + j) * 4, left[i], right[j][0], right[j][1]);
    }
}
#else
// 16 x 16 work-items; the 32 that run together are 4 x 8 of them.
#define DOWN (TILE_M / 16)
#define ACROSS (TILE_N / 16)
#define ITEM_ROW ((TX >> 6) * 4 + (TX >> 3 & 3))
#define ITEM_COLUMN ((TX >> 5 & 1) * 8 + (TX & 7))
#define RESULT_ROW(x) (ITEM_ROW + (x) / ACROSS * 16)
// Elements along k that are read at once: a chunk where both sides lie along k, fewer where registers are short.
#if TRANSPOSE_B
#define COLUMN(j) (ITEM_COLUMN + (j) * 16)
#define AT_ONCE 4
#else
#define AT_ONCE 2
#define COLUMN(j) (ITEM_COLUMN * 4 + (j) % 4 + (j) / 4 * 64)
#endif
#define RESULT_COLUMN(x) COLUMN((x) % ACROSS)
DEVICE void tile_product(float results[RESULTS], LOCAL const STORED *a, LOCAL const STORED *b) {
    ROLLED for (int p = 0; p < DEPTH; p += AT_ONCE) {
        float left[DOWN][AT_ONCE];
        UNROLL for (int i = 0; i < DOWN; i++)
            UNROLL for (int e = 0; e < AT_ONCE; e++) left[i][e] = LOAD(a, ALONG_K(ITEM_ROW + i * 16, p + e));
        UNROLL for (int j = 0; j < ACROSS; j++) {
            float right[AT_ONCE];
            UNROLL for (int e = 0; e < AT_ONCE; e++) right[e] = LOAD(b, B_AT(p + e, COLUMN(j)));
            UNROLL for (int i = 0; i < DOWN; i++)
                UNROLL for (int e = 0; e < AT_ONCE; e++)
                    results[i * ACROSS + j] = fmaf(left[i][e], right[e], results[i * ACROSS + j]);
        }
    }
}
#endif

// Elements p..p+DEPTH-1 of `height` of `count` rows of k elements; zeros outside.
DEVICE void load_along_k(LOCAL STORED *tile, GLOBAL const STORED *rows, int first, int height, int count, int p, int k,
        int aligned) {
    UNROLL for (int e = 0; e < height * 4 / ITEMS; e++) {
        const int q = TX + e * ITEMS, row = q / 4, at = p + q % 4 * CHUNK;
        const int valid = first + row < count ? k - at : 0;
        copy_chunk(tile + ALONG_K(row, q % 4 * CHUNK), rows + (valid > 0 ? (size_t) (first + row) * k + at : 0), valid,
            aligned);
    }
}

// Columns first..first+TILE_N-1 of the rows p..p+DEPTH-1 of b (k,n); zeros outside.
DEVICE void load_along_n(LOCAL STORED *tile, GLOBAL const STORED *b, int first, int n, int p, int k, int aligned) {
    UNROLL for (int e = 0; e < TILE_N * 4 / ITEMS; e++) {
        const int q = TX + e * ITEMS, row = q / (TILE_N / CHUNK), column = q % (TILE_N / CHUNK) * CHUNK;
        const int valid = p + row < k ? n - first - column : 0;
        copy_chunk(tile + ALONG_N(row, column), b + (valid > 0 ? (size_t) (p + row) * n + first + column : 0), valid,
            aligned);
    }
}

DEVICE void load_stage(LOCAL STORED *stage, GLOBAL const STORED *a, GLOBAL const STORED *b, int m, int n, int k, int p,
        int alignedA, int alignedB) {
    if (p < k) {
        load_along_k(stage, a, GY * TILE_M, TILE_M, m, p, k, alignedA);
#if TRANSPOSE_B
        load_along_k(stage + A_TILE, b, GX * TILE_N, TILE_N, n, p, k, alignedB);
#else
        load_along_n(stage + A_TILE, b, GX * TILE_N, n, p, k, alignedB);
#endif
    }
    ASYNC_COMMIT();
}

// The group's tile of a·op(b). Stage s holds the tiles of the s-th step modulo STAGES; STAGES - 1 steps are on their way while one is computed.
DEVICE void product(float results[RESULTS], LOCAL STORED *stages, GLOBAL const STORED *a, GLOBAL const STORED *b, int m,
        int n, int k) {
    const int alignedA = in_chunks(a, k), alignedB = in_chunks(b, TRANSPOSE_B ? k : n);
    UNROLL for (int x = 0; x < RESULTS; x++) results[x] = 0.0f;
    UNROLL for (int s = 0; s < STAGES - 1; s++)
        load_stage(stages + s * (A_TILE + B_TILE), a, b, m, n, k, s * DEPTH, alignedA, alignedB);
    int now = 0, next = STAGES - 1;
    for (int p = 0; p < k; p += DEPTH) {
        ASYNC_WAIT(STAGES - 2);
        // What this step reads has arrived for everybody, and everybody is done with the stage that is loaded next.
        BARRIER();
        load_stage(stages + next * (A_TILE + B_TILE), a, b, m, n, k, p + (STAGES - 1) * DEPTH, alignedA, alignedB);
        tile_product(results, stages + now * (A_TILE + B_TILE), stages + now * (A_TILE + B_TILE) + A_TILE);
        now = now + 1 == STAGES ? 0 : now + 1;
        next = next + 1 == STAGES ? 0 : next + 1;
    }
}

#if EPILOGUE == 1
#define FOLLOWED(v, at) STORE(aux, at, v); v = activated(ACTIVATION, v);
#elif EPILOGUE == 2
#define FOLLOWED(v, at) v *= activation_slope(ACTIVATION, LOAD(aux, at));
#else
#define FOLLOWED(v, at)
#endif
#define FINISH(GET, PUT)                                                             \
    UNROLL for (int x = 0; x < RESULTS; x++) {                                       \
        const int row = GY * TILE_M + RESULT_ROW(x), column = GX * TILE_N + RESULT_COLUMN(x); \
        if (row < m && column < n) {                                                 \
            const size_t at = (size_t) row * n + column;                             \
            float v = results[x];                                                    \
            if (biased) v += bias[column];                                           \
            FOLLOWED(v, at)                                                          \
            if (accumulate) v += GET(c, at);                                         \
            PUT(c, at, v);                                                           \
        }                                                                            \
    }

KERNEL GROUP_SIZE(256, 1) gemm(GLOBAL const STORED *restrict a, GLOBAL const STORED *restrict b,
        GLOBAL const float *restrict bias, GLOBAL STORED *restrict aux, GLOBAL STORED *restrict c, int m, int n, int k,
        int biased, int accumulate) {
    SHARED_CHUNKS STORED stages[STAGES * (A_TILE + B_TILE)];
    float results[RESULTS];
    product(results, stages, a, b, m, n, k);
    FINISH(LOAD, STORE)
}

#define LOAD_WIDE(p, i) ((p)[i])
#define STORE_WIDE(p, i, v) ((p)[i] = (v))
KERNEL GROUP_SIZE(256, 1) gemm_wide(GLOBAL const STORED *restrict a, GLOBAL const STORED *restrict b,
        GLOBAL const float *restrict bias, GLOBAL STORED *restrict aux, GLOBAL float *restrict c, int m, int n, int k,
        int biased, int accumulate) {
    SHARED_CHUNKS STORED stages[STAGES * (A_TILE + B_TILE)];
    float results[RESULTS];
    product(results, stages, a, b, m, n, k);
    FINISH(LOAD_WIDE, STORE_WIDE)
}
