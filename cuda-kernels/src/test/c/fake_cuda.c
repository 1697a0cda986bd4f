// A driver without a GPU: the functions of cuda.h that Limpid calls, over the host's memory, for tests of the host's code.
// It does work at once, records it while a stream is captured, and refuses what a real driver refuses: memory that is not allocated, allocations and waits during
// a capture, unknown kernels.
#include "fake_cuda.h"
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

// ---- What a test sets, and what it reads.
EXPORT int fake_version = 13000, fake_started = 0, fake_count = 1, fake_capability = 90, fake_pools = 1;
EXPORT long fake_total_bytes = 256L << 20;
EXPORT long fake_reserved_bytes, fake_launches, fake_graph_launches, fake_graphs, fake_contexts, fake_streams, fake_events, fake_pinned,
    fake_modules, fake_pool_count;
static char failing[64];
static int failing_code;

EXPORT void fake_fail(const char *function, int code) {
    snprintf(failing, sizeof failing, "%s", function);
    failing_code = code;
}

static int failed(const char *function) {
    if (strcmp(failing, function)) return 0;
    failing[0] = 0;
    return failing_code;
}
#define MAY_FAIL() do { int code_ = failed(__func__); if (code_) return code_; } while (0)

// ---- Memory: what is allocated, so that nothing else is used.
struct block { char *at; size_t bytes; struct block *next; };
static struct block *blocks;
static size_t freed_bytes;

static int inside(const void *p, size_t bytes) {
    for (struct block *b = blocks; b; b = b->next)
        if ((char *) p >= b->at && (char *) p + bytes <= b->at + b->bytes) return 1;
    return 0;
}

EXPORT int fake_is_device_memory(const void *p, size_t bytes) { return inside(p, bytes); }

// ---- Work: done at once, or recorded.
struct work { fake_function function; size_t bytes; struct work *next; char data[]; };
struct graph { struct work *first, **last; };
static struct graph *capturing;

EXPORT int fake_enqueue(fake_function function, const void *data, size_t bytes) {
    if (!capturing) return function(data);
    struct work *w = malloc(sizeof *w + bytes);
    w->function = function;
    w->bytes = bytes;
    w->next = NULL;
    memcpy(w->data, data, bytes);
    *capturing->last = w;
    capturing->last = &w->next;
    return 0;
}

// ---- Start and devices
EXPORT int cuInit(unsigned flags) { return fake_started; }
EXPORT int cuDriverGetVersion(int *version) { *version = fake_version; return 0; }
EXPORT int cuDeviceGetCount(int *count) { *count = fake_count; return 0; }
EXPORT int cuDeviceGet(int *device, int index) { *device = index; return index < fake_count ? 0 : 101; }
EXPORT int cuDeviceGetName(char *name, int bytes, int device) { snprintf(name, bytes, "Fake GPU %d", device); return 0; }
EXPORT int cuDeviceGetAttribute(int *value, int attribute, int device) {
    *value = attribute == 75 ? fake_capability / 10 : attribute == 76 ? fake_capability % 10 : attribute == 115 ? fake_pools : 0;
    return 0;
}
EXPORT int cuDevicePrimaryCtxRetain(void **context, int device) {
    MAY_FAIL();
    fake_contexts++;
    *context = (void *) (intptr_t) (1000 + device);
    return 0;
}
EXPORT int cuDevicePrimaryCtxRelease_v2(int device) { fake_contexts--; return 0; }
static _Thread_local void *current;
EXPORT int cuCtxSetCurrent(void *context) { current = context; return 0; }
#define NEEDS_CONTEXT() do { if (!current) return 201; } while (0)

EXPORT int cuMemGetInfo_v2(size_t *free, size_t *total) {
    NEEDS_CONTEXT();
    *free = fake_total_bytes - fake_reserved_bytes;
    *total = fake_total_bytes;
    return 0;
}

// ---- Streams and events
EXPORT int cuStreamCreate(void **stream, unsigned flags) { NEEDS_CONTEXT(); fake_streams++; *stream = malloc(1); return 0; }
EXPORT int cuStreamDestroy_v2(void *stream) { fake_streams--; free(stream); return 0; }
EXPORT int cuStreamSynchronize(void *stream) { NEEDS_CONTEXT(); MAY_FAIL(); return capturing ? 900 : 0; }
EXPORT int cuEventCreate(void **event, unsigned flags) { NEEDS_CONTEXT(); fake_events++; *event = malloc(1); return 0; }
EXPORT int cuEventRecord(void *event, void *stream) { NEEDS_CONTEXT(); return capturing ? 900 : 0; }
EXPORT int cuEventSynchronize(void *event) { NEEDS_CONTEXT(); return capturing ? 900 : 0; }
EXPORT int cuEventDestroy_v2(void *event) { fake_events--; free(event); return 0; }

// ---- Memory pools: what is freed stays reserved until it is trimmed.
struct properties { int allocation, handles, location, device; };
EXPORT int cuMemPoolCreate(void **pool, const struct properties *properties) {
    NEEDS_CONTEXT();
    if (properties->allocation != 1 || properties->handles != 0 || properties->location != 1) return 1;
    fake_pool_count++;
    *pool = malloc(1);
    return 0;
}
EXPORT int cuMemPoolSetAttribute(void *pool, int attribute, void *value) { return attribute == 4 && *(uint64_t *) value == UINT64_MAX ? 0 : 1; }
EXPORT int cuMemPoolTrimTo(void *pool, size_t bytes) {
    NEEDS_CONTEXT();
    fake_reserved_bytes -= freed_bytes;
    freed_bytes = 0;
    return 0;
}
EXPORT int cuMemAllocFromPoolAsync(void **address, size_t bytes, void *pool, void *stream) {
    NEEDS_CONTEXT();
    MAY_FAIL();
    if (capturing) return 900;
    if (bytes > fake_total_bytes - fake_reserved_bytes) return 2;
    struct block *b = malloc(sizeof *b);
    b->at = aligned_alloc(512, (bytes + 511) / 512 * 512);
    b->bytes = bytes;
    b->next = blocks;
    blocks = b;
    memset(b->at, 0xff, bytes);
    fake_reserved_bytes += bytes;
    *address = b->at;
    return 0;
}
EXPORT int cuMemFreeAsync(void *address, void *stream) {
    NEEDS_CONTEXT();
    if (capturing) return 900;
    for (struct block **b = &blocks; *b; b = &(*b)->next) {
        if ((*b)->at != address) continue;
        struct block *gone = *b;
        *b = gone->next;
        freed_bytes += gone->bytes;
        free(gone->at);
        free(gone);
        return 0;
    }
    return 1;
}
EXPORT int cuMemPoolDestroy(void *pool) {
    while (blocks) cuMemFreeAsync(blocks->at, NULL);
    fake_pool_count--;
    free(pool);
    return cuMemPoolTrimTo(pool, 0);
}
EXPORT int cuMemHostAlloc(void **address, size_t bytes, unsigned flags) { NEEDS_CONTEXT(); fake_pinned++; *address = malloc(bytes); return 0; }
EXPORT int cuMemFreeHost(void *address) { fake_pinned--; free(address); return 0; }

// ---- Copies
EXPORT int cuMemcpyHtoDAsync_v2(void *target, const void *source, size_t bytes, void *stream) {
    NEEDS_CONTEXT();
    MAY_FAIL();
    if (capturing) return 900;
    if (!inside(target, bytes)) return 700;
    memcpy(target, source, bytes);
    return 0;
}
EXPORT int cuMemcpyDtoHAsync_v2(void *target, const void *source, size_t bytes, void *stream) {
    NEEDS_CONTEXT();
    MAY_FAIL();
    if (capturing) return 900;
    if (!inside(source, bytes)) return 700;
    memcpy(target, source, bytes);
    return 0;
}
struct copy { void *target; const void *source; size_t bytes; };
static int copied(const void *data) {
    const struct copy *c = data;
    if (!inside(c->target, c->bytes) || !inside(c->source, c->bytes)) return 700;
    memmove(c->target, c->source, c->bytes);
    return 0;
}
EXPORT int cuMemcpyDtoDAsync_v2(void *target, const void *source, size_t bytes, void *stream) {
    NEEDS_CONTEXT();
    struct copy c = {target, source, bytes};
    return fake_enqueue(copied, &c, sizeof c);
}

// ---- Kernels: those of the family elementwise, written again in C; others can be found and not be started. An image is the options it was compiled with.
struct module { int bf16; };
struct function { const char *name; int parameters, bf16; };
static const struct { const char *name; int parameters; } known[] = {{"fill_floats", 3}, {"fill_stored", 3}, {"widen", 3}, {"narrow", 3},
    {"add_stored", 3}, {"add_floats", 3}, {"activation_fwd", 4}, {"activation_bwd_input", 5}};

EXPORT int cuModuleLoadData(void **module, const char *image) {
    NEEDS_CONTEXT();
    if (strncmp(image, "fake cubin", 10)) return 200;
    struct module *m = malloc(sizeof *m);
    m->bf16 = strstr(image, "-DPRECISION_BF16=1") != NULL;
    fake_modules++;
    *module = m;
    return 0;
}
EXPORT int cuModuleUnload(void *module) { fake_modules--; free(module); return 0; }
EXPORT int cuModuleGetFunction(void **function, struct module *module, const char *name) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].name, name)) continue;
        struct function *f = malloc(sizeof *f);
        f->name = known[i].name;
        f->parameters = known[i].parameters;
        f->bf16 = module->bf16;
        *function = f;
        return 0;
    }
    *function = calloc(1, sizeof(struct function));
    return name[0] ? 0 : 500;
}

static float activated(int kind, float x) {
    switch (kind) {
        case 0: return 0.5f * x * (1 + erff(x * 0.70710678f));
        case 1: return 0.5f * x * (1 + tanhf(0.7978845608f * (x + 0.044715f * x * x * x)));
        case 2: return x > 0 ? x : 0;
        default: return tanhf(x);
    }
}
static float slope(int kind, float x) {
    const float h = 1e-3f;
    return kind == 2 ? x > 0 : (activated(kind, x + h) - activated(kind, x - h)) / (2 * h);
}
struct launch { struct function function; unsigned grid[3], group[3]; uint64_t arguments[8]; };
#define POINTER(i) ((void *) l->arguments[i])
static int launched(const void *data) {
    const struct launch *l = data;
    const char *name = l->function.name;
    const int bf16 = l->function.bf16, stored = bf16 ? 2 : 4;
    const int64_t n = l->arguments[l->function.parameters - 1];
    float value;
    memcpy(&value, &l->arguments[1], 4);
    if ((int64_t) l->grid[0] * l->group[0] * 4 < n) return 1;
    for (int i = 0; i < l->function.parameters - 1; i++)
        if (l->arguments[i] > 4096 && !(i == 1 && !strncmp(name, "fill", 4)) && !inside(POINTER(i), n * 2)) return 700;
    fake_launches++;
    for (int64_t i = 0; i < n; i++) {
        if (!strcmp(name, "fill_floats")) ((float *) POINTER(0))[i] = value;
        else if (!strcmp(name, "fill_stored")) fake_store(POINTER(0), i, stored, value);
        else if (!strcmp(name, "widen")) ((float *) POINTER(1))[i] = fake_load(POINTER(0), i, stored);
        else if (!strcmp(name, "narrow")) fake_store(POINTER(1), i, stored, ((float *) POINTER(0))[i]);
        else if (!strcmp(name, "add_stored")) fake_store(POINTER(1), i, stored, fake_load(POINTER(1), i, stored) + fake_load(POINTER(0), i, stored));
        else if (!strcmp(name, "add_floats")) ((float *) POINTER(1))[i] += ((float *) POINTER(0))[i];
        else if (!strcmp(name, "activation_fwd")) fake_store(POINTER(1), i, stored, activated((int) l->arguments[2], fake_load(POINTER(0), i, stored)));
        else fake_store(POINTER(2), i, stored, fake_load(POINTER(0), i, stored) * slope((int) l->arguments[3], fake_load(POINTER(1), i, stored)));
    }
    return 0;
}
EXPORT float fake_activated(int kind, float x) { return activated(kind, x); }
EXPORT float fake_slope(int kind, float x) { return slope(kind, x); }
EXPORT int cuLaunchKernel(struct function *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
        unsigned shared, void *stream, void **arguments, void **extra) {
    NEEDS_CONTEXT();
    MAY_FAIL();
    if (!function->name) return 98;
    struct launch l = {*function, {gx, gy, gz}, {bx, by, bz}};
    for (int i = 0; i < function->parameters; i++) memcpy(&l.arguments[i], arguments[i], 8);
    return fake_enqueue(launched, &l, sizeof l);
}

// ---- Graphs
EXPORT int cuStreamBeginCapture_v2(void *stream, int mode) {
    NEEDS_CONTEXT();
    MAY_FAIL();
    if (capturing) return 900;
    capturing = malloc(sizeof *capturing);
    capturing->first = NULL;
    capturing->last = &capturing->first;
    return 0;
}
EXPORT int cuStreamEndCapture(void *stream, struct graph **graph) {
    *graph = capturing;
    capturing = NULL;
    return *graph ? 0 : 901;
}
EXPORT int cuGraphInstantiateWithFlags(struct graph **executable, struct graph *graph, unsigned long long flags) {
    MAY_FAIL();
    *executable = malloc(sizeof **executable);
    (*executable)->first = graph->first;
    graph->first = NULL;
    fake_graphs++;
    return 0;
}
static void forget(struct work *w) {
    while (w) {
        struct work *next = w->next;
        free(w);
        w = next;
    }
}
EXPORT int cuGraphDestroy(struct graph *graph) { forget(graph->first); free(graph); return 0; }
EXPORT int cuGraphExecDestroy(struct graph *executable) { fake_graphs--; return cuGraphDestroy(executable); }
EXPORT int cuGraphLaunch(struct graph *executable, void *stream) {
    NEEDS_CONTEXT();
    MAY_FAIL();
    fake_graph_launches++;
    for (struct work *w = executable->first; w; w = w->next) {
        int code = w->function(w->data);
        if (code) return code;
    }
    return 0;
}
