// CUDA's words on a processor, for the kernel texts only: they run, with what only CUDA compiles of them, in a test without a GPU. A work-item is a fiber; it is
// left at a barrier and at whatever a warp does together, and the others run up to there. The layouts of fragments are those of the PTX ISA ("Matrix
// Fragments for mma.m16n8k8", "... mma.m16n8k16", "ldmatrix"). It is slow, and it says nothing about speed.
#pragma once
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <functional>
#include <vector>

#define CUDA_ON_HOST
#define __CUDA_ARCH__ 800
#define __global__
#define __device__
#define __forceinline__ inline
#define __shared__ static
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __launch_bounds__(items)
#define __syncthreads() host::meet(host::BARRIER_MET)
#define ASYNC_COMMIT() host::commit()
#define ASYNC_WAIT(groups) host::wait(groups)

struct Index3 {
    unsigned x, y, z;
};
inline Index3 threadIdx, blockIdx;

struct float4 {
    float x, y, z, w;
};
struct uint2 {
    unsigned x, y;
};
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }
inline float __uint_as_float(unsigned u) { float f; memcpy(&f, &u, 4); return f; }
inline unsigned __float_as_uint(float f) { unsigned u; memcpy(&u, &f, 4); return u; }
inline float rsqrtf(float v) { return 1.0f / sqrtf(v); }

namespace host {
enum Meeting { NONE, BARRIER_MET, SHUFFLE_MET, LOAD_MET, MMA_MET, FINISHED };

struct Copy {
    void *to;
    const void *from;
    int bytes;
};
struct Item {
    ucontext_t context;
    std::vector<char> stack;
    Meeting at = NONE;
    int turn = 0;
    std::vector<std::vector<Copy>> groups{1};  // the last one is not committed yet
};
// What a work-item shows the others of its warp; two, so that one may be written while the other is still read.
struct Shown {
    unsigned words[6];
    const void *address;
};
inline std::vector<Item> items;
inline std::vector<Shown> shown[2];
inline ucontext_t scheduler;
inline std::function<void()> body;

inline Item &self() { return items[threadIdx.x]; }
inline void meet(Meeting what) {
    Item &item = self();
    item.at = what;
    swapcontext(&item.context, &scheduler);
}
// Shows something to the warp; afterwards everybody's can be read.
inline const Shown *exchange(Meeting what, const Shown &mine) {
    const int turn = self().turn ^= 1;
    shown[turn][threadIdx.x] = mine;
    meet(what);
    return &shown[turn][threadIdx.x & ~31u];
}
inline void commit() { self().groups.emplace_back(); }
inline void wait(int open) {
    auto &groups = self().groups;
    while ((int) groups.size() - 1 > open) {
        for (const Copy &copy : groups.front()) {
            memset(copy.to, 0, 16);
            memcpy(copy.to, copy.from, copy.bytes);
        }
        groups.erase(groups.begin());
    }
}
inline void run() {
    body();
    self().at = FINISHED;
    swapcontext(&self().context, &scheduler);
}
// Runs a kernel for groups of `size` work-items, one group after the other.
inline void launch(int gx, int gy, int gz, int size, std::function<void()> kernel) {
    body = kernel;
    shown[0].resize(size);
    shown[1].resize(size);
    for (int g = 0; g < gx * gy * gz; g++) {
        blockIdx = {(unsigned) (g % gx), (unsigned) (g / gx % gy), (unsigned) (g / gx / gy)};
        items.clear();
        items.resize(size);
        for (Item &item : items) {
            item.stack.resize(1 << 16);
            getcontext(&item.context);
            item.context.uc_stack.ss_sp = item.stack.data();
            item.context.uc_stack.ss_size = item.stack.size();
            item.context.uc_link = nullptr;
            makecontext(&item.context, run, 0);
        }
        for (bool more = true; more;) {
            for (int i = 0; i < size; i++) {
                threadIdx = {(unsigned) i, 0, 0};
                swapcontext(&scheduler, &items[i].context);
                if (items[i].at != items[0].at) {
                    fprintf(stderr, "work-item %d came to meeting %d, the first one to %d\n", i, items[i].at, items[0].at);
                    exit(2);
                }
            }
            more = items[0].at != FINISHED;
        }
    }
}
}  // namespace host

inline float __shfl_xor_sync(unsigned, float v, int mask) {
    const host::Shown *warp = host::exchange(host::SHUFFLE_MET, {{__float_as_uint(v)}, nullptr});
    return __uint_as_float(warp[(threadIdx.x & 31) ^ mask].words[0]);
}
inline void async_copy(void *to, const void *from, int bytes) { host::self().groups.back().push_back({to, from, bytes}); }

inline void load_matrices(unsigned r[4], const void *row) {
    const host::Shown *warp = host::exchange(host::LOAD_MET, {{}, row});
    const int lane = threadIdx.x & 31;
    for (int i = 0; i < 4; i++) memcpy(&r[i], (const char *) warp[i * 8 + lane / 4].address + lane % 4 * 4, 4);
}
inline void load_matrices_transposed(unsigned r[4], const void *row) {
    const host::Shown *warp = host::exchange(host::LOAD_MET, {{}, row});
    const int lane = threadIdx.x & 31;
    for (int i = 0; i < 4; i++) {
        uint16_t low, high;
        memcpy(&low, (const char *) warp[i * 8 + lane % 4 * 2].address + lane / 4 * 2, 2);
        memcpy(&high, (const char *) warp[i * 8 + lane % 4 * 2 + 1].address + lane / 4 * 2, 2);
        r[i] = low | (unsigned) high << 16;
    }
}
// cvt.rn.bf16x2.f32: to the nearest, ties to even.
inline unsigned packed(float low, float high) {
    const auto narrow = [](float v) {
        const unsigned u = __float_as_uint(v);
        return (u + 0x7fffu + (u >> 16 & 1)) >> 16;
    };
    return narrow(low) | narrow(high) << 16;
}
// cvt.rna.tf32.f32: 10 bits of fraction, to the nearest, ties away from zero.
inline unsigned tf32(float v) { return (__float_as_uint(v) + 0x1000u) & ~0x1fffu; }

// Element k of a row of a that lanes 4·row.. hold, and of a column of b likewise; `half` is whether it is in the second half of the registers.
#if defined(PRECISION_BF16)
#define MMA_DEPTH 16
inline float element(const host::Shown *warp, int line, int k, int first, int second) {
    const unsigned word = warp[line * 4 + k % 8 / 2].words[k < 8 ? first : second];
    return __uint_as_float(k % 2 ? word & 0xffff0000u : word << 16);
}
#else
#define MMA_DEPTH 8
// The hardware does not look at the last 13 bits.
inline float element(const host::Shown *warp, int line, int k, int first, int second) {
    return __uint_as_float(warp[line * 4 + k % 4].words[k < 4 ? first : second] & ~0x1fffu);
}
#endif
inline void mma(float c[4], const unsigned a[4], unsigned b0, unsigned b1) {
    const host::Shown *warp = host::exchange(host::MMA_MET, {{a[0], a[1], a[2], a[3], b0, b1}, nullptr});
    const int lane = threadIdx.x & 31;
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < MMA_DEPTH; k++)
            c[i] += element(warp, lane / 4, k, i / 2, 2 + i / 2) * element(warp, lane % 4 * 2 + i % 2, k, 4, 5);
}
