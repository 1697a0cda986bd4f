// Rows of (N, C): one group of BLOCK work-items for each. A work-item keeps its first HELD times four columns in registers, and reads what is wider again.
#define HELD 2
#define FIRST(k) (((k) * BLOCK + TX) * 4)
#define SUM_OF_FOUR(v) (((v)[0] + (v)[1]) + ((v)[2] + (v)[3]))

// Σ (x − mean)² of four columns, those behind the row's end left out.
DEVICE float squares(const float v[4], int c, int columns, float mean) {
    float sum = 0.0f;
    UNROLL for (int j = 0; j < 4; j++) {
        const float centred = c + j < columns ? v[j] - mean : 0.0f;
        sum += centred * centred;
    }
    return sum;
}

DEVICE void write_normed(const float v[4], GLOBAL const float *gamma, GLOBAL const float *beta, GLOBAL STORED *y, int c,
        int columns, float mean, float rstd) {
    float g[4], b[4], out[4];
    load_four_floats(gamma, c, columns, g);
    load_four_floats(beta, c, columns, b);
    UNROLL for (int j = 0; j < 4; j++) out[j] = (v[j] - mean) * rstd * g[j] + b[j];
    store_four(y, c, columns, out);
}

// Normalises the row x, whose first columns are in `held` and whose sum over this work-item's columns is `sum`.
DEVICE void normalise(float held[HELD][4], float sum, GLOBAL const STORED *x, GLOBAL const float *gamma,
        GLOBAL const float *beta, GLOBAL STORED *y, GLOBAL float *stats, int columns, float epsilon, LOCAL float *scratch) {
    float v[4];
    const float mean = group_sum(sum, scratch) / columns;
    float q = 0.0f;
    UNROLL for (int k = 0; k < HELD; k++) q += squares(held[k], FIRST(k), columns, mean);
    for (int c = FIRST(HELD); c < columns; c += BLOCK * 4) {
        load_four(x, c, columns, v);
        q += squares(v, c, columns, mean);
    }
    const float rstd = 1.0f / sqrtf(group_sum(q, scratch) / columns + epsilon);
    UNROLL for (int k = 0; k < HELD; k++)
        if (FIRST(k) < columns) write_normed(held[k], gamma, beta, y, FIRST(k), columns, mean, rstd);
    for (int c = FIRST(HELD); c < columns; c += BLOCK * 4) {
        load_four(x, c, columns, v);
        write_normed(v, gamma, beta, y, c, columns, mean, rstd);
    }
    if (TX == 0) {
        stats[0] = mean;
        stats[1] = rstd;
    }
}

// y = (x − mean)·rstd·gamma + beta; stats (N, 2): mean and rstd. The variance is taken around the mean, in a second pass.
KERNEL GROUP_SIZE(BLOCK, 1) layer_norm_fwd(GLOBAL const STORED *restrict x, GLOBAL const float *restrict gamma,
        GLOBAL const float *restrict beta, GLOBAL STORED *restrict y, GLOBAL float *restrict stats, int columns,
        float epsilon) {
    SHARED float scratch[BLOCK];
    float held[HELD][4], v[4];
    x += (size_t) GX * columns;
    float sum = 0.0f;
    UNROLL for (int k = 0; k < HELD; k++) {
        load_four(x, FIRST(k), columns, held[k]);
        sum += SUM_OF_FOUR(held[k]);
    }
    for (int c = FIRST(HELD); c < columns; c += BLOCK * 4) {
        load_four(x, c, columns, v);
        sum += SUM_OF_FOUR(v);
    }
    normalise(held, sum, x, gamma, beta, y + (size_t) GX * columns, stats + (size_t) GX * 2, columns, epsilon, scratch);
}

// total += residual, and y = layer_norm(total) of the sum as it is stored, which the way back reads.
KERNEL GROUP_SIZE(BLOCK, 1) add_layer_norm_fwd(GLOBAL const STORED *restrict residual, GLOBAL STORED *restrict total,
        GLOBAL const float *restrict gamma, GLOBAL const float *restrict beta, GLOBAL STORED *restrict y,
        GLOBAL float *restrict stats, int columns, float epsilon) {
    SHARED float scratch[BLOCK];
    float held[HELD][4], v[4], r[4];
    residual += (size_t) GX * columns;
    total += (size_t) GX * columns;
    float sum = 0.0f;
    UNROLL for (int k = 0; k < HELD; k++) {
        load_four(residual, FIRST(k), columns, r);
        load_four(total, FIRST(k), columns, held[k]);
        UNROLL for (int j = 0; j < 4; j++) held[k][j] = ROUNDED(held[k][j] + r[j]);
        store_four(total, FIRST(k), columns, held[k]);
        sum += SUM_OF_FOUR(held[k]);
    }
    for (int c = FIRST(HELD); c < columns; c += BLOCK * 4) {
        load_four(residual, c, columns, r);
        load_four(total, c, columns, v);
        UNROLL for (int j = 0; j < 4; j++) v[j] = ROUNDED(v[j] + r[j]);
        store_four(total, c, columns, v);
        sum += SUM_OF_FOUR(v);
    }
    normalise(held, sum, total, gamma, beta, y + (size_t) GX * columns, stats + (size_t) GX * 2, columns, epsilon,
            scratch);
}

// g = dY·gamma and x̂ = (x − mean)·rstd of four columns, 0 behind the row's end.
DEVICE void gradient_terms(GLOBAL const STORED *dy, GLOBAL const STORED *x, GLOBAL const float *gamma, int c, int columns,
        float mean, float rstd, float g[4], float normed[4]) {
    float w[4];
    load_four(dy, c, columns, g);
    load_four(x, c, columns, normed);
    load_four_floats(gamma, c, columns, w);
    UNROLL for (int j = 0; j < 4; j++) {
        g[j] *= w[j];
        normed[j] = c + j < columns ? (normed[j] - mean) * rstd : 0.0f;
    }
}

DEVICE void write_gradient(const float g[4], const float normed[4], GLOBAL STORED *dx, int c, int columns, float meanG,
        float meanGx, float rstd) {
    float out[4];
    UNROLL for (int j = 0; j < 4; j++) out[j] = rstd * (g[j] - meanG - normed[j] * meanGx);
    store_four(dx, c, columns, out);
}

// dX = rstd·(g − mean(g) − x̂·mean(g·x̂))
KERNEL GROUP_SIZE(BLOCK, 1) layer_norm_bwd_input(GLOBAL const STORED *restrict dy, GLOBAL const STORED *restrict x,
        GLOBAL const float *restrict gamma, GLOBAL const float *restrict stats, GLOBAL STORED *restrict dx, int columns) {
    SHARED float scratch[BLOCK];
    float g[HELD][4], normed[HELD][4], h[4], n[4];
    const float mean = stats[(size_t) GX * 2], rstd = stats[(size_t) GX * 2 + 1];
    dy += (size_t) GX * columns;
    x += (size_t) GX * columns;
    dx += (size_t) GX * columns;
    float sumG = 0.0f, sumGx = 0.0f;
    UNROLL for (int k = 0; k < HELD; k++) {
        gradient_terms(dy, x, gamma, FIRST(k), columns, mean, rstd, g[k], normed[k]);
        UNROLL for (int j = 0; j < 4; j++) {
            sumG += g[k][j];
            sumGx += g[k][j] * normed[k][j];
        }
    }
    for (int c = FIRST(HELD); c < columns; c += BLOCK * 4) {
        gradient_terms(dy, x, gamma, c, columns, mean, rstd, h, n);
        UNROLL for (int j = 0; j < 4; j++) {
            sumG += h[j];
            sumGx += h[j] * n[j];
        }
    }
    const float meanG = group_sum(sumG, scratch) / columns;
    const float meanGx = group_sum(sumGx, scratch) / columns;
    UNROLL for (int k = 0; k < HELD; k++)
        if (FIRST(k) < columns) write_gradient(g[k], normed[k], dx, FIRST(k), columns, meanG, meanGx, rstd);
    for (int c = FIRST(HELD); c < columns; c += BLOCK * 4) {
        gradient_terms(dy, x, gamma, c, columns, mean, rstd, h, n);
        write_gradient(h, n, dx, c, columns, meanG, meanGx, rstd);
    }
}

// totals[k·T + t] = Σ_c difference[t, c]·dPoints[k, t, c], where row GX is node k and token t of T.
KERNEL GROUP_SIZE(BLOCK, 1) token_totals(GLOBAL const STORED *restrict dpoints, GLOBAL const float *restrict difference,
        GLOBAL float *restrict totals, int tokens, int columns) {
    SHARED float scratch[BLOCK];
    float d[4], p[4];
    dpoints += (size_t) GX * columns;
    difference += (size_t) (GX % tokens) * columns;
    float sum = 0.0f;
    for (int c = TX * 4; c < columns; c += BLOCK * 4) {
        load_four(dpoints, c, columns, p);
        load_four_floats(difference, c, columns, d);
        UNROLL for (int j = 0; j < 4; j++) sum = fmaf(d[j], p[j], sum);
    }
    sum = group_sum(sum, scratch);
    if (TX == 0) totals[GX] = sum;
}
