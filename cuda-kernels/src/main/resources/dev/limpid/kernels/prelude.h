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
  #define BITS_OF(f)       as_uint(f)
  #define FLOAT_OF(u)      as_float(u)
  // OpenCL overloads the functions that C names by their type.
  #define expf exp
  #define logf log
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
  #define GROUP_SIZE(x, y) __launch_bounds__((x) * (y))
  #define BARRIER()        __syncthreads()
  #define TX ((int) threadIdx.x)
  #define TY ((int) threadIdx.y)
  #define GX ((int) blockIdx.x)
  #define GY ((int) blockIdx.y)
  #define GZ ((int) blockIdx.z)
  #define I64 long long
  #define UNROLL           _Pragma("unroll")
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
#else
  #define STORED float
  #define LOAD(p, i)       ((p)[i])
  #define STORE(p, i, v)   ((p)[i] = (v))
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

// ---- Activation functions, numbered as dev.limpid.tensor.Activation orders them.
#define GELU 0
#define GELU_TANH 1
#define RELU 2
#define TANH 3
DEVICE float activated(int kind, float x) {
    if (kind == GELU) return 0.5f * x * (1.0f + erff(x * 0.70710678118654752f));
    if (kind == GELU_TANH) return 0.5f * x * (1.0f + tanhf(0.79788456080286536f * (x + 0.044715f * x * x * x)));
    if (kind == RELU) return fmaxf(x, 0.0f);
    return tanhf(x);
}
DEVICE float activation_slope(int kind, float x) {
    if (kind == GELU)
        return 0.5f * (1.0f + erff(x * 0.70710678118654752f)) + x * 0.39894228040143268f * expf(-0.5f * x * x);
    if (kind == GELU_TANH) {
        const float t = tanhf(0.79788456080286536f * (x + 0.044715f * x * x * x));
        return 0.5f * (1.0f + t) + 0.5f * x * (1.0f - t * t) * 0.79788456080286536f * (1.0f + 0.134145f * x * x);
    }
    if (kind == RELU) return x > 0.0f ? 1.0f : 0.0f;
    const float t = tanhf(x);
    return 1.0f - t * t;
}
