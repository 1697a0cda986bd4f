// The straight path from a baseline to an input of n elements, and the sum over it. Each work-item has four neighbours.
#define FIRST (((I64) GX * BLOCK + TX) * 4)

// points[k] = baseline + alphas[k]·(input − baseline); groups: (n / (4·BLOCK), nodes)
KERNEL GROUP_SIZE(BLOCK, 1) lerp_fwd(GLOBAL const STORED *restrict baseline, GLOBAL const STORED *restrict input,
        GLOBAL const float *restrict alphas, GLOBAL STORED *restrict points, I64 n) {
    const float alpha = alphas[GY];
    float from[4], to[4];
    load_four(baseline, FIRST, n, from);
    load_four(input, FIRST, n, to);
    UNROLL for (int j = 0; j < 4; j++) from[j] = from[j] + alpha * (to[j] - from[j]);
    store_four(points + GY * n, FIRST, n, from);
}

// total += Σ_k weights[k]·dPoints[k], node by node, with what each addition rounds off carried along (Knuth's two-sum) and the products' own error (fma).
KERNEL GROUP_SIZE(BLOCK, 1) weighted_sum(GLOBAL const STORED *restrict dpoints, GLOBAL const float *restrict weights,
        GLOBAL float *restrict total, int nodes, I64 n) {
    float sum[4], lost[4] = {0.0f, 0.0f, 0.0f, 0.0f}, v[4];
    load_four_floats(total, FIRST, n, sum);
    for (int k = 0; k < nodes; k++) {
        const float w = weights[k];
        load_four(dpoints + k * n, FIRST, n, v);
        UNROLL for (int j = 0; j < 4; j++) {
            const float product = w * v[j], next = sum[j] + product, back = next - sum[j];
            lost[j] += (sum[j] - (next - back)) + (product - back) + fmaf(w, v[j], -product);
            sum[j] = next;
        }
    }
    UNROLL for (int j = 0; j < 4; j++) sum[j] += lost[j];
    store_four_floats(total, FIRST, n, sum);
}
