// cuBLASLt's products as its documentation defines them: matrices by columns, a bias for each row of D, the GELU with tanh. Written from the documentation, not
// from the code that calls it, so that a mistake in either shows.
#include "fake_cuda.h"
#include <stdlib.h>

enum { R_32F = 0, R_16BF = 14, OP_T = 1, NOT_SUPPORTED = 15, INVALID_VALUE = 7 };
enum { TRANSA = 3, TRANSB = 4, EPILOGUE = 7, BIAS_POINTER = 8, AUX_POINTER = 11, AUX_LD = 12, AUX_TYPE = 22, BIAS_TYPE = 26 };
enum { WITH_BIAS = 4, WITH_GELU = 32, WITH_AUX = 128, SLOPE = 64 + 128 };

int fake_wide_bias_allowed = 0, fake_products_allowed = 1;
long fake_heuristics, fake_alignment_a, fake_alignment_b, fake_handles, fake_descriptions, fake_last_compute, fake_last_workspace;

struct product { int compute, transposed_a, transposed_b, epilogue, bias_type; void *bias, *aux; int64_t aux_ld; };
struct layout { int type; uint64_t rows, columns; int64_t ld; };
struct preference { uint64_t workspace; uint32_t alignment[4]; };
struct found { uint64_t algorithm[8]; size_t workspace; int status; float waves; int reserved[4]; };

size_t cublasLtGetVersion(void) { return 130203; }
int cublasLtCreate(void **handle) { fake_handles++; *handle = malloc(1); return 0; }
int cublasLtDestroy(void *handle) { fake_handles--; free(handle); return 0; }
int cublasLtMatmulDescCreate(struct product **p, int compute, int scale) {
    *p = calloc(1, sizeof **p);
    (*p)->compute = compute;
    (*p)->bias_type = -1;
    fake_descriptions++;
    return scale == R_32F ? 0 : NOT_SUPPORTED;
}
int cublasLtMatmulDescDestroy(struct product *p) { fake_descriptions--; free(p); return 0; }
int cublasLtMatmulDescSetAttribute(struct product *p, int attribute, const void *value, size_t bytes) {
    switch (attribute) {
        case TRANSA: memcpy(&p->transposed_a, value, 4); return bytes == 4 ? 0 : INVALID_VALUE;
        case TRANSB: memcpy(&p->transposed_b, value, 4); return bytes == 4 ? 0 : INVALID_VALUE;
        case EPILOGUE: memcpy(&p->epilogue, value, 4); return bytes == 4 ? 0 : INVALID_VALUE;
        case BIAS_TYPE: memcpy(&p->bias_type, value, 4); return bytes == 4 ? 0 : INVALID_VALUE;
        case BIAS_POINTER: memcpy(&p->bias, value, 8); return bytes == 8 ? 0 : INVALID_VALUE;
        case AUX_POINTER: memcpy(&p->aux, value, 8); return bytes == 8 ? 0 : INVALID_VALUE;
        case AUX_LD: memcpy(&p->aux_ld, value, 8); return bytes == 8 ? 0 : INVALID_VALUE;
        default: return INVALID_VALUE;
    }
}
int cublasLtMatrixLayoutCreate(struct layout **l, int type, uint64_t rows, uint64_t columns, int64_t ld) {
    *l = malloc(sizeof **l);
    **l = (struct layout) {type, rows, columns, ld};
    fake_descriptions++;
    return 0;
}
int cublasLtMatrixLayoutDestroy(struct layout *l) { fake_descriptions--; free(l); return 0; }
int cublasLtMatmulPreferenceCreate(struct preference **p) { *p = calloc(1, sizeof **p); fake_descriptions++; return 0; }
int cublasLtMatmulPreferenceDestroy(struct preference *p) { fake_descriptions--; free(p); return 0; }
int cublasLtMatmulPreferenceSetAttribute(struct preference *p, int attribute, const void *value, size_t bytes) {
    if (attribute == 1 && bytes == 8) memcpy(&p->workspace, value, 8);
    else if (attribute >= 5 && attribute <= 8 && bytes == 4) memcpy(&p->alignment[attribute - 5], value, 4);
    else return INVALID_VALUE;
    return 0;
}

static int supported(const struct product *p, const struct layout *a, const struct layout *b, const struct layout *d) {
    const uint64_t m = p->transposed_a ? a->columns : a->rows, k = p->transposed_a ? a->rows : a->columns;
    const uint64_t k_of_b = p->transposed_b ? b->columns : b->rows, n = p->transposed_b ? b->rows : b->columns;
    if (!fake_products_allowed || m != d->rows || n != d->columns || k != k_of_b || a->type != b->type) return 0;
    if (p->compute != 68 && !(p->compute == 77 && a->type == R_32F)) return 0;
    if (a->type == R_32F && d->type != R_32F) return 0;
    if (p->epilogue & WITH_BIAS) {
        const int type = p->bias_type == -1 ? d->type : p->bias_type;
        if (type != d->type && !fake_wide_bias_allowed) return 0;
    }
    return !(p->epilogue & WITH_AUX) || (p->aux_ld % 8 == 0 && p->aux_ld >= (int64_t) m && a->type == d->type);
}
int cublasLtMatmulAlgoGetHeuristic(void *handle, struct product *p, struct layout *a, struct layout *b, struct layout *c, struct layout *d,
        struct preference *preference, int wanted, struct found *found, int *count) {
    fake_heuristics++;
    fake_alignment_a = preference->alignment[0];
    fake_alignment_b = preference->alignment[1];
    *count = 0;
    if (!supported(p, a, b, d)) return NOT_SUPPORTED;
    memset(found, 0, sizeof *found);
    found->algorithm[0] = 0xa160;
    found->workspace = preference->workspace;
    *count = 1;
    return 0;
}

struct call { struct product p; struct layout a, b, d; const void *A, *B, *C; void *D; float alpha, beta; };
static int bytes_of(int type) { return type == R_16BF ? 2 : 4; }
static int multiplied(const void *data) {
    const struct call *c = data;
    const struct product *p = &c->p;
    const int stored = bytes_of(c->a.type), result = bytes_of(c->d.type);
    const int64_t m = c->d.rows, n = c->d.columns, k = p->transposed_a ? c->a.rows : c->a.columns;
    const int bias = bytes_of(p->bias_type == -1 ? c->d.type : p->bias_type);
    if (!fake_is_device_memory(c->A, c->a.ld * c->a.columns * stored) || !fake_is_device_memory(c->B, c->b.ld * c->b.columns * stored)
        || !fake_is_device_memory(c->D, c->d.ld * n * result)
        || ((p->epilogue & WITH_BIAS) && !fake_is_device_memory(p->bias, m * bias))
        || ((p->epilogue & WITH_AUX) && !fake_is_device_memory(p->aux, p->aux_ld * n * result))) return 13;
    for (int64_t j = 0; j < n; j++) for (int64_t i = 0; i < m; i++) {
        double sum = 0;
        for (int64_t l = 0; l < k; l++) {
            const int64_t at_a = p->transposed_a ? l + i * c->a.ld : i + l * c->a.ld;
            const int64_t at_b = p->transposed_b ? j + l * c->b.ld : l + j * c->b.ld;
            sum += (double) fake_load(c->A, at_a, stored) * fake_load(c->B, at_b, stored);
        }
        float v = c->alpha * (float) sum;
        if (c->beta != 0) v += c->beta * fake_load(c->C, i + j * c->d.ld, result);
        if (p->epilogue & WITH_BIAS) v += fake_load(p->bias, i, bias);
        if (p->epilogue == SLOPE) v *= fake_slope(1, fake_load(p->aux, i + j * p->aux_ld, result));
        else if (p->epilogue & WITH_GELU) {
            fake_store(p->aux, i + j * p->aux_ld, result, v);
            v = fake_activated(1, v);
        }
        fake_store(c->D, i + j * c->d.ld, result, v);
    }
    return 0;
}
int cublasLtMatmul(void *handle, struct product *p, const float *alpha, const void *A, struct layout *a, const void *B, struct layout *b,
        const float *beta, const void *C, struct layout *c, void *D, struct layout *d, const uint64_t *algorithm, void *workspace,
        size_t workspace_bytes, void *stream) {
    if (algorithm[0] != 0xa160 || !fake_is_device_memory(workspace, workspace_bytes)) return INVALID_VALUE;
    fake_last_compute = p->compute;
    fake_last_workspace = workspace_bytes;
    struct call call = {*p, *a, *b, *d, A, B, C, D, *alpha, *beta};
    return fake_enqueue(multiplied, &call, sizeof call) ? 13 : 0;
}
