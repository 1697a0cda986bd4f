// What the kernels of attention share. A group of BLOCK work-items has ROWS rows of its own (queries; keys for the gradients of keys and values) and walks over
// tiles of COLUMNS rows of the other side; no array is as large as the square of the length. HEAD is the size of a head, padded to a power of two from 16 on; the
// loops over it are compiled, and elements from headSize on are zeros.
// The method: Dao et al. 2022 (arXiv 2205.14135) and Dao 2023 (arXiv 2307.08691).
#include "tiles.h"

#ifndef HEAD
#define HEAD 64
#endif
#define WIDTH (HEAD / CHUNK)
#define ROW_BYTES (WIDTH * 16)
#define TILE (COLUMNS * HEAD)
#define LOG2E 1.4426950408889634f
#define LN2 0.69314718055994531f
// The score of a key that is not seen; exp2f of it less any other score is 0.
#define HIDDEN (-1e30f)

// Rows first..first+count-1 of `length`, `stride` elements apart, become a tile; zeros outside and from headSize on.
DEVICE void load_rows(LOCAL STORED *tile, GLOBAL const STORED *rows, int stride, int first, int count, int length,
        int headSize, int aligned) {
    UNROLL for (int q = TX; q < count * WIDTH; q += BLOCK) {
        const int row = q / WIDTH, d = q % WIDTH * CHUNK;
        const int valid = first + row < length ? headSize - d : 0;
        copy_chunk(tile + TILE_AT(row, d, WIDTH), rows + (valid > 0 ? (size_t) (first + row) * stride + d : 0), valid,
            aligned);
    }
}

#if defined(HAS_TENSOR_CORES) && HEAD <= 128
// ---- Tensor cores: each warp has 16 rows, each lane two of them, in every fourth pair of columns.
#ifndef ROWS
#define ROWS 64
#endif
#if ROWS * 2 != BLOCK
#error "with tensor cores a group has two work-items for each row"
#endif
#if !defined(COLUMNS) && defined(BACKWARD)
#define COLUMNS (ROW_BYTES <= 128 ? 32 : 16)
#elif !defined(COLUMNS)
#define COLUMNS (ROW_BYTES <= 128 ? 64 : ROW_BYTES <= 256 ? 32 : 16)
#endif
#define STAGES 2
#define SLOTS 2
#define SCORES (COLUMNS / 2)
#define OUTS (HEAD / 2)
#define WEIGHTS BLOCK
#define ROW(slot) (WARP * 16 + (slot) * 8 + (LANE >> 2))
#define SCORE_SLOT(x) ((x) >> 1 & 1)
#define SCORE_COLUMN(x) ((x) / 4 * 8 + (LANE & 3) * 2 + ((x) & 1))
#define OUT_SLOT(x) SCORE_SLOT(x)
#define OUT_COLUMN(x) SCORE_COLUMN(x)
#define LANES 4
#define FIRST_OF_ROW ((LANE & 3) == 0)

// A step of a product is two chunks of a row. The left side stays in registers where they are enough, otherwise it is read again for every tile.
#define STEPS (WIDTH / 2)
#if defined(BACKWARD) && HEAD > 64
#define LEFT_STAYS 0
#define EACH_STEP ROLLED
#else
#define LEFT_STAYS 1
#define EACH_STEP UNROLL
#endif
typedef struct {
    const STORED *rows;
    int stride, first, length, headSize, aligned;
    unsigned left[STEPS][4];
} OWN;
#define OWN_ROWS(name) OWN name[1]

DEVICE void load_left(unsigned left[4], const OWN *own, int step) {
    UNROLL for (int e = 0; e < 4; e++) {
        const int row = own->first + ROW(e & 1), d = (step * 2 + e / 2) * CHUNK + (LANE & 3) * (CHUNK / 4);
        const STORED *at = own->rows + (size_t) row * own->stride + d;
        left[e] = 0u;
#if defined(PRECISION_BF16)
        if (row < own->length && own->aligned) {
            if (d < own->headSize) left[e] = *(const unsigned *) at;
        } else if (row < own->length) {
            if (d < own->headSize) left[e] = at[0];
            if (d + 1 < own->headSize) left[e] |= (unsigned) at[1] << 16;
        }
#else
        if (row < own->length && d < own->headSize) left[e] = tf32(at[0]);
#endif
    }
}

DEVICE void load_own(OWN *own, const STORED *rows, int stride, int first, int length, int headSize, int aligned) {
    own->rows = rows;
    own->stride = stride;
    own->first = first;
    own->length = length;
    own->headSize = headSize;
    own->aligned = aligned;
    if (LEFT_STAYS) {
        UNROLL for (int step = 0; step < STEPS; step++) load_left(own->left[step], own, step);
    }
}

// scores = own · tileᵀ
DEVICE void product_nt(float scores[SCORES], const OWN *own, const STORED *tile) {
    UNROLL for (int x = 0; x < SCORES; x++) scores[x] = 0.0f;
    EACH_STEP for (int step = 0; step < STEPS; step++) {
        unsigned left[4];
        if (LEFT_STAYS) {
            UNROLL for (int e = 0; e < 4; e++) left[e] = own->left[step][e];
        } else {
            load_left(left, own, step);
        }
        UNROLL for (int j = 0; j < COLUMNS / 8; j += 2) {
            unsigned right[4];
            load_matrices(right, tile + TILE_AT(j * 8 + (LANE & 7) + (LANE >> 4) * 8,
                (step * 2 + (LANE >> 3 & 1)) * CHUNK, WIDTH));
            rounded(right);
            mma(scores + j * 4, left, right[0], right[1]);
            mma(scores + j * 4 + 4, left, right[2], right[3]);
        }
    }
}

// outs += scores · tile. What a lane holds of scores is what it has to give as the left side, when columns are counted in the right order.
DEVICE void product_nn(float outs[OUTS], const float scores[SCORES], float *weights, const STORED *tile) {
#if defined(PRECISION_BF16)
    UNROLL for (int c = 0; c < COLUMNS / 16; c++) {
        unsigned left[4];
        UNROLL for (int e = 0; e < 4; e++) left[e] = packed(scores[c * 8 + e * 2], scores[c * 8 + e * 2 + 1]);
        UNROLL for (int j = 0; j < HEAD / 8; j += 2) {
            unsigned right[4];
            load_matrices_transposed(right, tile + TILE_AT(c * 16 + (LANE & 15), (j + (LANE >> 4)) * 8, WIDTH));
            mma(outs + j * 4, left, right[0], right[1]);
            mma(outs + j * 4 + 4, left, right[2], right[3]);
        }
    }
#else
    // A lane's columns 2t and 2t+1 are elements t and t+4 of the sum here; the tile's rows are taken in the same order.
    UNROLL for (int c = 0; c < COLUMNS / 8; c++) {
        const unsigned left[4] = { tf32(scores[c * 4]), tf32(scores[c * 4 + 2]), tf32(scores[c * 4 + 1]),
            tf32(scores[c * 4 + 3]) };
        UNROLL for (int j = 0; j < HEAD / 8; j++) {
            const int row = c * 8 + (LANE & 3) * 2, d = j * 8 + (LANE >> 2);
            mma(outs + j * 4, left, tf32(tile[TILE_AT(row, d, WIDTH)]), tf32(tile[TILE_AT(row + 1, d, WIDTH)]));
        }
    }
#endif
}
#else
// ---- Scalar: LANES work-items share rows, each has every LANES-th column.
#ifndef ROWS
#define ROWS 32
#endif
#define COLUMNS (HEAD <= 64 ? 32 : HEAD == 128 ? 16 : 8)
#define STAGES 1
#define LANES (HEAD <= 128 ? 16 : 8)
#define TEAMS (BLOCK / LANES)
#define SLOTS (ROWS / TEAMS)
#define SCORES (SLOTS * (COLUMNS / LANES))
#define OUTS (SLOTS * (HEAD / LANES))
#define WEIGHTS (ROWS * COLUMNS)
#define ROW(slot) (TX / LANES + (slot) * TEAMS)
#define SCORE_SLOT(x) ((x) / (COLUMNS / LANES))
#define SCORE_COLUMN(x) (TX % LANES + (x) % (COLUMNS / LANES) * LANES)
#define OUT_SLOT(x) ((x) / (HEAD / LANES))
#define OUT_COLUMN(x) (TX % LANES + (x) % (HEAD / LANES) * LANES)
#define FIRST_OF_ROW (TX % LANES == 0)

#define OWN_ROWS(name) SHARED_CHUNKS STORED name[ROWS * HEAD]

DEVICE void load_own(LOCAL STORED *own, GLOBAL const STORED *rows, int stride, int first, int length, int headSize,
        int aligned) {
    load_rows(own, rows, stride, first, ROWS, length, headSize, aligned);
}

// scores = own · tileᵀ
DEVICE void product_nt(float scores[SCORES], LOCAL const STORED *own, LOCAL const STORED *tile) {
    UNROLL for (int x = 0; x < SCORES; x++) scores[x] = 0.0f;
    ROLLED for (int d = 0; d < HEAD; d += 4) {
        float left[SLOTS][4];
        UNROLL for (int i = 0; i < SLOTS; i++)
            UNROLL for (int e = 0; e < 4; e++) left[i][e] = LOAD(own, TILE_AT(ROW(i), d + e, WIDTH));
        UNROLL for (int j = 0; j < COLUMNS / LANES; j++) {
            float right[4];
            UNROLL for (int e = 0; e < 4; e++)
                right[e] = LOAD(tile, TILE_AT(TX % LANES + j * LANES, d + e, WIDTH));
            UNROLL for (int i = 0; i < SLOTS; i++)
                UNROLL for (int e = 0; e < 4; e++)
                    scores[i * (COLUMNS / LANES) + j] =
                        fmaf(left[i][e], right[e], scores[i * (COLUMNS / LANES) + j]);
        }
    }
}

// outs += scores · tile
DEVICE void product_nn(float outs[OUTS], const float scores[SCORES], LOCAL float *weights, LOCAL const STORED *tile) {
    BARRIER();
    UNROLL for (int x = 0; x < SCORES; x++) weights[ROW(SCORE_SLOT(x)) * COLUMNS + SCORE_COLUMN(x)] = scores[x];
    BARRIER();
    ROLLED for (int c = 0; c < COLUMNS; c += 4) {
        float left[SLOTS][4];
        UNROLL for (int i = 0; i < SLOTS; i++)
            UNROLL for (int e = 0; e < 4; e++) left[i][e] = weights[ROW(i) * COLUMNS + c + e];
        UNROLL for (int j = 0; j < HEAD / LANES; j++) {
            float right[4];
            UNROLL for (int e = 0; e < 4; e++)
                right[e] = LOAD(tile, TILE_AT(c + e, TX % LANES + j * LANES, WIDTH));
            UNROLL for (int i = 0; i < SLOTS; i++)
                UNROLL for (int e = 0; e < 4; e++)
                    outs[i * (HEAD / LANES) + j] = fmaf(left[i][e], right[e], outs[i * (HEAD / LANES) + j]);
        }
    }
}
#endif

// ---- Reductions of a value for each of a work-item's rows over the work-items that share the row.
#if defined(__CUDACC__) || defined(__CUDACC_RTC__) || defined(CUDA_ON_HOST)
#define ROW_REDUCE(NAME, OP)                                                         \
DEVICE void NAME(float v[SLOTS], LOCAL float *scratch) {                             \
    UNROLL for (int i = 0; i < SLOTS; i++)                                           \
        UNROLL for (int o = LANES / 2; o > 0; o >>= 1) v[i] = OP(v[i], __shfl_xor_sync(0xffffffffu, v[i], o)); \
}
#else
#define ROW_REDUCE(NAME, OP)                                                         \
DEVICE void NAME(float v[SLOTS], LOCAL float *scratch) {                             \
    BARRIER();                                                                       \
    for (int i = 0; i < SLOTS; i++) scratch[i * BLOCK + TX] = v[i];                  \
    BARRIER();                                                                       \
    for (int i = 0; i < SLOTS; i++) {                                                \
        LOCAL const float *row = scratch + i * BLOCK + TX / LANES * LANES;           \
        v[i] = row[0];                                                               \
        for (int o = 1; o < LANES; o++) v[i] = OP(v[i], row[o]);                     \
    }                                                                                \
    BARRIER();                                                                       \
}
#endif
ROW_REDUCE(row_sum, ADD)
ROW_REDUCE(row_max, fmaxf)

// One more than the last key that is seen; what lies behind is never read.
DEVICE int end_of_keys(GLOBAL const float *mask, int masked, int length, LOCAL float *scratch) {
    float last = masked ? 0.0f : (float) length;
    if (masked)
        for (int key = TX; key < length; key += BLOCK)
            if (mask[key] != 0.0f) last = (float) (key + 1);
    last = group_max(last, scratch);
    BARRIER();
    return (int) last;
}

// The keys first..first+COLUMNS-1 and their values as two tiles, and whether each is seen.
DEVICE void load_keys_and_values(LOCAL STORED *tiles, LOCAL float *kept, GLOBAL const STORED *qkv,
        GLOBAL const float *mask, int masked, int first, int end, int channels, int headSize, int aligned) {
    load_rows(tiles, qkv + channels, 3 * channels, first, COLUMNS, end, headSize, aligned);
    load_rows(tiles + TILE, qkv + 2 * channels, 3 * channels, first, COLUMNS, end, headSize, aligned);
    ASYNC_COMMIT();
    for (int q = TX; q < COLUMNS; q += BLOCK)
        kept[q] = first + q < end && (!masked || mask[first + q] != 0.0f) ? 1.0f : 0.0f;
}
