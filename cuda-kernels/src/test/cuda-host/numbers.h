// Random numbers as the texts store them, and how far results are from those computed with double precision.
#pragma once
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <random>
#include <vector>

#if defined(PRECISION_BF16)
typedef uint16_t Number;
inline float wide(Number v) { uint32_t u = (uint32_t) v << 16; float f; memcpy(&f, &u, 4); return f; }
inline Number stored(float v) { uint32_t u; memcpy(&u, &v, 4); return (Number) ((u + 0x7fff + (u >> 16 & 1)) >> 16); }
#else
typedef float Number;
inline float wide(Number v) { return v; }
inline Number stored(float v) { return v; }
#endif

inline std::vector<Number> random_numbers(size_t n, std::mt19937 &random) {
    std::normal_distribution<float> normal;
    std::vector<Number> v(n);
    for (Number &x : v) x = stored(normal(random));
    return v;
}

// Prints the largest difference over the largest value that was expected.
template <typename T> void report(const char *name, const std::vector<double> &expected, const std::vector<T> &actual) {
    double largest = 1e-30, worst = 0;
    for (double v : expected) largest = fmax(largest, fabs(v));
    for (size_t i = 0; i < expected.size(); i++) {
        double got = sizeof(T) == sizeof(Number) ? (double) wide((Number) actual[i]) : (double) actual[i];
        double difference = fabs(got - expected[i]) / largest;
        if (!(difference <= worst)) worst = difference;
    }
    printf("%s %.9g\n", name, worst);
}
