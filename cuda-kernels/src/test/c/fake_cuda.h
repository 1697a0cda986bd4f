// What the fake libraries share.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef int (*fake_function)(const void *data);

// Does work, or records it if the stream is captured; the data is copied.
int fake_enqueue(fake_function function, const void *data, size_t bytes);
int fake_is_device_memory(const void *p, size_t bytes);
float fake_activated(int kind, float x);
float fake_slope(int kind, float x);

static inline float fake_load(const void *p, int64_t i, int bytes) {
    if (bytes == 4) return ((const float *) p)[i];
    uint32_t bits = (uint32_t) ((const uint16_t *) p)[i] << 16;
    float v;
    memcpy(&v, &bits, 4);
    return v;
}

static inline void fake_store(void *p, int64_t i, int bytes, float v) {
    if (bytes == 4) {
        ((float *) p)[i] = v;
        return;
    }
    uint32_t bits;
    memcpy(&bits, &v, 4);
    ((uint16_t *) p)[i] = (uint16_t) ((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
