// What is done element by element: each work-item has four neighbours of the n elements.
#define FIRST (((I64) GX * BLOCK + TX) * 4)

KERNEL GROUP_SIZE(BLOCK, 1) fill_floats(GLOBAL float *restrict x, float value, I64 n) {
    const float v[4] = {value, value, value, value};
    store_four_floats(x, FIRST, n, v);
}

KERNEL GROUP_SIZE(BLOCK, 1) fill_stored(GLOBAL STORED *restrict x, float value, I64 n) {
    const float v[4] = {value, value, value, value};
    store_four(x, FIRST, n, v);
}

// y = x, in 32 bits
KERNEL GROUP_SIZE(BLOCK, 1) widen(GLOBAL const STORED *restrict x, GLOBAL float *restrict y, I64 n) {
    float v[4];
    load_four(x, FIRST, n, v);
    store_four_floats(y, FIRST, n, v);
}

// y = x, rounded to what is stored
KERNEL GROUP_SIZE(BLOCK, 1) narrow(GLOBAL const float *restrict x, GLOBAL STORED *restrict y, I64 n) {
    float v[4];
    load_four_floats(x, FIRST, n, v);
    store_four(y, FIRST, n, v);
}

// y = y + x
KERNEL GROUP_SIZE(BLOCK, 1) add_stored(GLOBAL const STORED *restrict x, GLOBAL STORED *restrict y, I64 n) {
    float v[4], w[4];
    load_four(x, FIRST, n, v);
    load_four(y, FIRST, n, w);
    UNROLL for (int j = 0; j < 4; j++) w[j] += v[j];
    store_four(y, FIRST, n, w);
}

// y = y + x, both in 32 bits
KERNEL GROUP_SIZE(BLOCK, 1) add_floats(GLOBAL const float *restrict x, GLOBAL float *restrict y, I64 n) {
    float v[4], w[4];
    load_four_floats(x, FIRST, n, v);
    load_four_floats(y, FIRST, n, w);
    UNROLL for (int j = 0; j < 4; j++) w[j] += v[j];
    store_four_floats(y, FIRST, n, w);
}

// y = f(x); kind numbers the activation as the prelude does
KERNEL GROUP_SIZE(BLOCK, 1) activation_fwd(GLOBAL const STORED *restrict x, GLOBAL STORED *restrict y, int kind, I64 n) {
    float v[4];
    load_four(x, FIRST, n, v);
    UNROLL for (int j = 0; j < 4; j++) v[j] = activated(kind, v[j]);
    store_four(y, FIRST, n, v);
}

// dX = dY·f′(x); dX may be dY
KERNEL GROUP_SIZE(BLOCK, 1) activation_bwd_input(GLOBAL const STORED *dy, GLOBAL const STORED *restrict x, GLOBAL STORED *dx,
        int kind, I64 n) {
    float g[4], v[4];
    load_four(dy, FIRST, n, g);
    load_four(x, FIRST, n, v);
    UNROLL for (int j = 0; j < 4; j++) g[j] *= activation_slope(kind, v[j]);
    store_four(dx, FIRST, n, g);
}
