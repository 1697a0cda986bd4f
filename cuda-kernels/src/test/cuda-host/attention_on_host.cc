// attention_on_host batch length heads headSize masked: runs the kernels of attention, compiled from their texts beside this file, and prints how far they are from the truth.
#include "cuda_on_host.h"
#include "numbers.h"

extern "C" {
void attention_forward(const Number *, const float *, Number *, float *, int, int, int, int, float);
void attention_products(const Number *, const Number *, float *, int, int, int, int, int, int, int, float);
void attention_softmax(const float *, float *, int, int, int);
void attention_dots(const Number *, const Number *, float *, int, int, int, int);
void attention_query_gradient(const Number *, const Number *, const float *, const float *, const float *, Number *, int,
    int, int, int, float);
void attention_key_gradient(const Number *, const Number *, const float *, const float *, const float *, Number *, int,
    int, int, int, float);
}

int main(int, char **v) {
    const int B = atoi(v[1]), T = atoi(v[2]), H = atoi(v[3]), D = atoi(v[4]), masked = atoi(v[5]), C = H * D;
    std::mt19937 random(T * 31 + D);
    std::vector<Number> qkv = random_numbers(B * T * 3 * C, random), dContext = random_numbers(B * T * C, random);
    std::vector<float> mask(B * T);
    for (int i = 0; i < B * T; i++) mask[i] = i % T == T / 2 || random() % 3 == 0;
    std::vector<double> P(B * H * T * T), dP(P.size()), context(B * T * C), lse(B * H * T), dQkv(qkv.size());
    const double scale = 1 / sqrt((double) D);
    const auto at = [&](int b, int t, int part, int h, int d) { return ((b * T + t) * 3 + part) * C + h * D + d; };
    for (int b = 0; b < B; b++)
        for (int h = 0; h < H; h++)
            for (int i = 0; i < T; i++) {
                const size_t row = (b * H + h) * T + i;
                double sum = 0, dot = 0;
                for (int j = 0; j < T; j++) {
                    double s = 0;
                    for (int d = 0; d < D; d++) {
                        s += (double) wide(qkv[at(b, i, 0, h, d)]) * wide(qkv[at(b, j, 1, h, d)]);
                        dP[row * T + j] += (double) wide(dContext[(b * T + i) * C + h * D + d]) * wide(qkv[at(b, j, 2, h, d)]);
                    }
                    sum += P[row * T + j] = masked && mask[b * T + j] == 0 ? 0 : exp(s * scale);
                }
                lse[row] = log(sum);
                for (int j = 0; j < T; j++) {
                    P[row * T + j] /= sum;
                    dot += P[row * T + j] * dP[row * T + j];
                    for (int d = 0; d < D; d++) context[(b * T + i) * C + h * D + d] += P[row * T + j] * wide(qkv[at(b, j, 2, h, d)]);
                }
                for (int j = 0; j < T; j++) {
                    const double dS = P[row * T + j] * (dP[row * T + j] - dot) * scale;
                    for (int d = 0; d < D; d++) {
                        dQkv[at(b, i, 0, h, d)] += dS * wide(qkv[at(b, j, 1, h, d)]);
                        dQkv[at(b, j, 1, h, d)] += dS * wide(qkv[at(b, i, 0, h, d)]);
                        dQkv[at(b, j, 2, h, d)] += P[row * T + j] * wide(dContext[(b * T + i) * C + h * D + d]);
                    }
                }
            }
    std::vector<Number> gotContext(B * T * C), gotQkv(qkv.size());
    std::vector<float> gotLse(B * H * T), dots(B * H * T), gotP(P.size()), gotDp(P.size());
    const int groups = (T + ROWS - 1) / ROWS;
    const float s = (float) scale;
    host::launch(groups, H, B, BLOCK, [&] { attention_forward(qkv.data(), mask.data(), gotContext.data(), gotLse.data(), masked, T, H, D, s); });
    host::launch((B * T * H + BLOCK - 1) / BLOCK, 1, 1, BLOCK, [&] { attention_dots(dContext.data(), gotContext.data(), dots.data(), B * T, T, H, D); });
    host::launch(groups, H, B, BLOCK, [&] { attention_query_gradient(dContext.data(), qkv.data(), mask.data(), gotLse.data(), dots.data(), gotQkv.data(), masked, T, H, D, s); });
    host::launch(groups, H, B, BLOCK, [&] { attention_key_gradient(dContext.data(), qkv.data(), mask.data(), gotLse.data(), dots.data(), gotQkv.data(), masked, T, H, D, s); });
    host::launch(groups, H, B, BLOCK, [&] { attention_products(qkv.data(), qkv.data(), gotP.data(), 3 * C, 0, 3 * C, C, T, H, D, s); });
    host::launch(B * H * T, 1, 1, BLOCK, [&] { attention_softmax(mask.data(), gotP.data(), masked, T, H); });
    host::launch(groups, H, B, BLOCK, [&] { attention_products(dContext.data(), qkv.data(), gotDp.data(), C, 0, 3 * C, 2 * C, T, H, D, 1.0f); });
    report("context", context, gotContext);
    report("logSumExp", lse, gotLse);
    report("dQkv", dQkv, gotQkv);
    report("probabilities", P, gotP);
    report("dProbabilities", dP, gotDp);
}
