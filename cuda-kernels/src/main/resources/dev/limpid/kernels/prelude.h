// One dialect for two compilers: CUDA C++ (nvcc, NVRTC) and OpenCL C 1.2.
// Kernel text uses only the words defined here, C99, and float mathematics by its C names.
#if defined(__OPENCL_VERSION__)                       // ---- OpenCL C
  #define KERNEL           __kernel void
  #define DEVICE           inline static
  #define GLOBAL           __global                   // qualifier of a pointer into device memory
  #define SHARED           __local                    // declares an array shared by a group, at kernel scope only
  #define LOCAL            __local                    // qualifier of a pointer to such an array
  #define GROUP_SIZE(x, y) __attribute__((reqd_work_group_size(x, y, 1)))
  #define BARRIER()        barrier(CLK_LOCAL_MEM_FENCE)
  #define TX ((int) get_local_id(0))
  #define TY ((int) get_local_id(1))
  #define GX ((int) get_group_id(0))
  #define GY ((int) get_group_id(1))
  #define GZ ((int) get_group_id(2))
  #define I64 long
  #define UNROLL
  #define ROLLED                                      // a loop that is long enough as it is
  #define BITS_OF(f)       as_uint(f)
  #define FLOAT_OF(u)      as_float(u)
  // OpenCL overloads the functions that C names by their type.
  #define expf exp
  #define exp2f exp2
  #define logf log
  #define log2f log2
  #define erff erf
  #define sqrtf sqrt
  #define rsqrtf rsqrt
  #define tanhf tanh
  #define fmaxf fmax
  #define fminf fmin
  #define fabsf fabs
  #define fmaf fma
  typedef ushort BFLOAT16;
#else                                                 // ---- CUDA C++
  #define KERNEL           extern "C" __global__ void
  #define DEVICE           static __device__ __forceinline__
  #define GLOBAL
  #define SHARED           __shared__
  #define LOCAL
  #define GROUP_SIZE(x, y) __launch_bounds__((x) * (y) RESIDENT)
  #define RESIDENT                                    // a text may define it anew, as ", 2": so many groups at least share a multiprocessor's registers
  #define BARRIER()        __syncthreads()
  #define TX ((int) threadIdx.x)
  #define TY ((int) threadIdx.y)
  #define GX ((int) blockIdx.x)
  #define GY ((int) blockIdx.y)
  #define GZ ((int) blockIdx.z)
  #define I64 long long
  #define UNROLL           _Pragma("unroll")
  #define ROLLED           _Pragma("unroll 1")
  #define BITS_OF(f)       __float_as_uint(f)
  #define FLOAT_OF(u)      __uint_as_float(u)
  #define restrict         __restrict__
  typedef unsigned short BFLOAT16;
#endif

// ---- bfloat16: the upper half of a float's bits, rounded to the nearest, ties to even; a NaN stays one.
DEVICE float widened(BFLOAT16 v) { return FLOAT_OF((unsigned) v << 16); }
DEVICE BFLOAT16 narrowed(float v) {
    const unsigned u = BITS_OF(v);
    if ((u & 0x7fffffffu) > 0x7f800000u) return (BFLOAT16) ((u >> 16) | 64u);
    return (BFLOAT16) ((u + 0x7fffu + ((u >> 16) & 1u)) >> 16);
}

// ---- What weights and activations are stored in: STORED, read by LOAD and written by STORE, computed with as float.
// PRECISION_BF16 and PRECISION_TF32 are given with -D; without them everything is float.
#if defined(PRECISION_BF16)
  #define STORED BFLOAT16
  #define LOAD(p, i)       widened((p)[i])
  #define STORE(p, i, v)   ((p)[i] = narrowed(v))
  #define ROUNDED(v)       widened(narrowed(v))       // what LOAD gives after STORE
#else
  #define STORED float
  #define LOAD(p, i)       ((p)[i])
  #define STORE(p, i, v)   ((p)[i] = (v))
  #define ROUNDED(v)       (v)
#endif

// ---- Four neighbours at once: elements i to i + 3 of a row of n at p; what lies behind the row's end reads as 0 and is not written.
// One transaction of 8 or 16 bytes where all four are in the row and, on CUDA, the address is a multiple of that.
#if defined(__OPENCL_VERSION__)
  #define FOUR_ALIGNED(p)  1
  #define READ_FOUR_FLOATS(p, v)  { const float4 q = vload4(0, p); v[0] = q.x; v[1] = q.y; v[2] = q.z; v[3] = q.w; }
  #define WRITE_FOUR_FLOATS(p, v) vstore4((float4) (v[0], v[1], v[2], v[3]), 0, p)
  #define READ_FOUR_HALVES(p, v)  { const ushort4 q = vload4(0, p); \
      v[0] = widened(q.x); v[1] = widened(q.y); v[2] = widened(q.z); v[3] = widened(q.w); }
  #define WRITE_FOUR_HALVES(p, v) \
      vstore4((ushort4) (narrowed(v[0]), narrowed(v[1]), narrowed(v[2]), narrowed(v[3])), 0, p)
#else
  #define FOUR_ALIGNED(p)  (((size_t) (p) & (4 * sizeof(*(p)) - 1)) == 0)
  #define READ_FOUR_FLOATS(p, v)  { const float4 q = *(const float4 *) (p); v[0] = q.x; v[1] = q.y; v[2] = q.z; v[3] = q.w; }
  #define WRITE_FOUR_FLOATS(p, v) *(float4 *) (p) = make_float4(v[0], v[1], v[2], v[3])
  #define READ_FOUR_HALVES(p, v)  { const uint2 q = *(const uint2 *) (p); \
      v[0] = FLOAT_OF(q.x << 16); v[1] = FLOAT_OF(q.x & 0xffff0000u); \
      v[2] = FLOAT_OF(q.y << 16); v[3] = FLOAT_OF(q.y & 0xffff0000u); }
  #define WRITE_FOUR_HALVES(p, v) \
      *(uint2 *) (p) = make_uint2(narrowed(v[0]) | (unsigned) narrowed(v[1]) << 16, \
                                  narrowed(v[2]) | (unsigned) narrowed(v[3]) << 16)
#endif
DEVICE void load_four_floats(GLOBAL const float *p, I64 i, I64 n, float v[4]) {
    if (i + 4 <= n && FOUR_ALIGNED(p + i)) READ_FOUR_FLOATS(p + i, v)
    else UNROLL for (int j = 0; j < 4; j++) v[j] = i + j < n ? p[i + j] : 0.0f;
}
DEVICE void store_four_floats(GLOBAL float *p, I64 i, I64 n, const float v[4]) {
    if (i + 4 <= n && FOUR_ALIGNED(p + i)) WRITE_FOUR_FLOATS(p + i, v);
    else UNROLL for (int j = 0; j < 4; j++) if (i + j < n) p[i + j] = v[j];
}
#if defined(PRECISION_BF16)
DEVICE void load_four(GLOBAL const STORED *p, I64 i, I64 n, float v[4]) {
    if (i + 4 <= n && FOUR_ALIGNED(p + i)) READ_FOUR_HALVES(p + i, v)
    else UNROLL for (int j = 0; j < 4; j++) v[j] = i + j < n ? LOAD(p, i + j) : 0.0f;
}
DEVICE void store_four(GLOBAL STORED *p, I64 i, I64 n, const float v[4]) {
    if (i + 4 <= n && FOUR_ALIGNED(p + i)) WRITE_FOUR_HALVES(p + i, v);
    else UNROLL for (int j = 0; j < 4; j++) if (i + j < n) STORE(p, i + j, v[j]);
}
#else
  #define load_four load_four_floats
  #define store_four store_four_floats
#endif

// ---- Reductions over a group of BLOCK work-items along x (BLOCK: a power of two from 32 on, given with -D).
// All work-items call; all get the result. `scratch` holds BLOCK floats.
#ifndef BLOCK
#define BLOCK 128
#endif
#if defined(__CUDACC__) || defined(__CUDACC_RTC__) || defined(CUDA_ON_HOST)
#define REDUCE(NAME, OP)                                                             \
DEVICE float NAME(float v, LOCAL float *scratch) {                                   \
    UNROLL for (int o = 16; o > 0; o >>= 1) v = OP(v, __shfl_xor_sync(0xffffffffu, v, o)); \
    if (BLOCK > 32) {                                                                \
        BARRIER();                                                                   \
        if ((TX & 31) == 0) scratch[TX >> 5] = v;                                    \
        BARRIER();                                                                   \
        v = scratch[0];                                                              \
        UNROLL for (int w = 1; w < BLOCK / 32; w++) v = OP(v, scratch[w]);           \
    }                                                                                \
    return v;                                                                        \
}
#else
#define REDUCE(NAME, OP)                                                             \
DEVICE float NAME(float v, LOCAL float *scratch) {                                   \
    BARRIER();                                                                       \
    scratch[TX] = v;                                                                 \
    BARRIER();                                                                       \
    for (int o = BLOCK / 2; o > 0; o >>= 1) {                                        \
        if (TX < o) scratch[TX] = OP(scratch[TX], scratch[TX + o]);                  \
        BARRIER();                                                                   \
    }                                                                                \
    return scratch[0];                                                               \
}
#endif
#define ADD(a, b) ((a) + (b))
REDUCE(group_sum, ADD)
REDUCE(group_max, fmaxf)

// ---- Activation functions, whose numbers DeviceOps gives.
#define GELU 0
#define GELU_TANH 1
#define RELU 2
#define TANH 3
// With e = exp(−2|u|), tanh u = ±(1 − e)/(1 + e) and 1 − tanh² u = 4e/(1 + e)², which loses nothing where tanh is near ±1; (1 + tanh u)/2 = 1/(1 + e) or e/(1 + e).
#define TANH_GATE(x) (0.79788456080286536f * ((x) + 0.044715f * (x) * (x) * (x)))
DEVICE float activated(int kind, float x) {
    if (kind == GELU) return 0.5f * x * (1.0f + erff(x * 0.70710678118654752f));
    if (kind == GELU_TANH) {
        const float u = TANH_GATE(x), e = expf(-2.0f * fabsf(u));
        return x * (u > 0.0f ? 1.0f : e) / (1.0f + e);
    }
    if (kind == RELU) return fmaxf(x, 0.0f);
    return tanhf(x);
}
DEVICE float activation_slope(int kind, float x) {
    if (kind == GELU)
        return 0.5f * (1.0f + erff(x * 0.70710678118654752f)) + x * 0.39894228040143268f * expf(-0.5f * x * x);
    if (kind == RELU) return x > 0.0f ? 1.0f : 0.0f;
    const float u = kind == TANH ? x : TANH_GATE(x), e = expf(-2.0f * fabsf(u)), r = 1.0f / (1.0f + e);
    if (kind == TANH) return 4.0f * e * r * r;
    return (u > 0.0f ? r : e * r) + 2.0f * x * e * r * r * 0.79788456080286536f * (1.0f + 0.134145f * x * x);
}
