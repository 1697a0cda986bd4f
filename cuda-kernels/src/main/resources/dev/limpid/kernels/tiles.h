// Tiles of matrices in a group's shared memory, moved and read in chunks of 16 bytes, and the products of tensor cores. What only CUDA has stands here and in
// the tile products that call it, nowhere else.
#if defined(PRECISION_BF16)
#define CHUNK 8
#else
#define CHUNK 4
#endif

#if defined(__CUDA_ARCH__) && (defined(PRECISION_TF32) || defined(PRECISION_BF16))
#if __CUDA_ARCH__ < 800
#error "compute capability 7.5 has neither TF32 nor BF16 tensor cores: compute in f32"
#endif
#define HAS_TENSOR_CORES
#endif

// Where chunk `c` of row `r` lies in a row of `width` chunks (a power of two): eight rows below each other have their chunk `c` in different banks.
#define SWIZZLED(r, c, width) \
    ((width) >= 8 ? (c) ^ ((r) & 7) : (c) ^ (((r) / (8 / ((width) >= 8 ? 8 : (width)))) & ((width) - 1)))
// The place of element `e` of row `r` in a tile whose rows have `width` chunks.
#define TILE_AT(r, e, width) (((r) * (width) + SWIZZLED(r, (e) / CHUNK, width)) * CHUNK + (e) % CHUNK)

#if defined(__CUDA_ARCH__)
#define SHARED_CHUNKS __shared__ __align__(16)

#if !defined(CUDA_ON_HOST)
DEVICE unsigned shared_address(const void *p) {
    unsigned address;
    asm("{ .reg .u64 a; cvta.to.shared.u64 a, %1; cvt.u32.u64 %0, a; }" : "=r"(address) : "l"(p));
    return address;
}

#if __CUDA_ARCH__ >= 800
DEVICE void async_copy(void *to, const void *from, int bytes) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" :: "r"(shared_address(to)), "l"(from), "r"(bytes) : "memory");
}
#define ASYNC_COMMIT()       asm volatile("cp.async.commit_group;" ::: "memory")
#define ASYNC_WAIT(groups)   asm volatile("cp.async.wait_group %0;" :: "n"(groups) : "memory")
#else
DEVICE void async_copy(void *to, const void *from, int bytes) {
    uint4 v = make_uint4(0u, 0u, 0u, 0u);
    if (bytes > 0) v = *(const uint4 *) from;
    *(uint4 *) to = v;
}
#define ASYNC_COMMIT()
#define ASYNC_WAIT(groups)
#endif

#if defined(HAS_TENSOR_CORES)
// Four matrices of 8 rows of 16 bytes, whose rows' addresses the lanes 0-7, 8-15, 16-23 and 24-31 give; lane 4r+c gets the c-th 4 bytes of row r of each.
DEVICE void load_matrices(unsigned r[4], const STORED *row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
        : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3]) : "r"(shared_address(row)) : "memory");
}
#if defined(PRECISION_BF16)
// The same for 8x8 matrices of 2 bytes, transposed: lane 4c+r gets rows 2r and 2r+1 of column c.
DEVICE void load_matrices_transposed(unsigned r[4], const STORED *row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
        : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3]) : "r"(shared_address(row)) : "memory");
}
DEVICE unsigned packed(float low, float high) {
    unsigned r;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(r) : "f"(high), "f"(low));
    return r;
}
// c (16x8) += a (16x16) b (16x8)
DEVICE void mma(float c[4], const unsigned a[4], unsigned b0, unsigned b1) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}
#else
DEVICE unsigned tf32(float v) {
    unsigned r;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(r) : "f"(v));
    return r;
}
// c (16x8) += a (16x8) b (8x8)
DEVICE void mma(float c[4], const unsigned a[4], unsigned b0, unsigned b1) {
    asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}
#endif
#endif
#endif

#if defined(HAS_TENSOR_CORES)
#define LANE (TX & 31)
#define WARP (TX >> 5)
// What the tensor cores take of a chunk that load_matrices brought: TF32 is rounded to the nearest here, where the hardware would cut.
#if defined(PRECISION_BF16)
DEVICE void rounded(unsigned r[4]) {}
#else
DEVICE void rounded(unsigned r[4]) {
    UNROLL for (int i = 0; i < 4; i++) r[i] = tf32(FLOAT_OF(r[i]));
}
#endif
#endif

// Whether chunks of rows of `stride` elements from `p` on begin at multiples of 16 bytes.
DEVICE int in_chunks(const STORED *p, int stride) {
    return stride % CHUNK == 0 && ((size_t) p & 15) == 0;
}
// Copies a chunk into a tile, zeros from its element `valid` on. With `aligned` it arrives after ASYNC_WAIT, and `valid` <= 0 or >= CHUNK.
DEVICE void copy_chunk(STORED *to, const STORED *from, int valid, int aligned) {
    if (aligned) {
        async_copy(to, from, valid > 0 ? 16 : 0);
    } else {
        UNROLL for (int e = 0; e < CHUNK; e++) to[e] = e < valid ? from[e] : (STORED) 0;
    }
}
#else
#define SHARED_CHUNKS SHARED
#define ASYNC_COMMIT()
#define ASYNC_WAIT(groups)
DEVICE int in_chunks(GLOBAL const STORED *p, int stride) { return 0; }
DEVICE void copy_chunk(LOCAL STORED *to, GLOBAL const STORED *from, int valid, int aligned) {
    for (int e = 0; e < CHUNK; e++) to[e] = e < valid ? from[e] : (STORED) 0;
}
#endif
