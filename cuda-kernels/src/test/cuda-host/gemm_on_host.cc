// gemm_on_host m n k biased accumulate: runs the kernel gemm, which is in text.cu, and gemm_wide, and prints how far they are from the truth.
#include "cuda_on_host.h"
#include "numbers.h"
#include "text.cu"

int main(int, char **v) {
    const int m = atoi(v[1]), n = atoi(v[2]), k = atoi(v[3]), biased = atoi(v[4]), adding = atoi(v[5]);
    std::mt19937 random(m * 31 + n * 7 + k);
    std::vector<Number> a = random_numbers((size_t) m * k, random), b = random_numbers((size_t) k * n, random);
    std::vector<Number> aux = random_numbers((size_t) m * n, random), c = random_numbers((size_t) m * n, random);
    std::vector<float> bias(n), wideC(m * n);
    for (float &x : bias) x = (float) (random() % 100) / 50 - 1;
    for (int i = 0; i < m * n; i++) wideC[i] = wide(c[i]);
    std::vector<double> before(m * n), after(m * n);
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            double sum = biased ? bias[j] : 0;
            for (int p = 0; p < k; p++) sum += (double) wide(a[i * k + p]) * wide(b[TRANSPOSE_B ? j * k + p : p * n + j]);
            before[i * n + j] = sum;
            if (EPILOGUE == 1) sum = sum / 2 * (1 + erf(sum / sqrt(2)));
            if (EPILOGUE == 2) {
                const double x = wide(aux[i * n + j]);
                sum *= 0.5 * (1 + erf(x / sqrt(2))) + x * exp(-x * x / 2) / sqrt(2 * M_PI);
            }
            after[i * n + j] = sum + (adding ? wide(c[i * n + j]) : 0);
        }
    const int across = (n + TILE_N - 1) / TILE_N, down = (m + TILE_M - 1) / TILE_M;
    host::launch(across, down, 1, 256,
        [&] { gemm(a.data(), b.data(), bias.data(), aux.data(), c.data(), m, n, k, biased, adding); });
    host::launch(across, down, 1, 256,
        [&] { gemm_wide(a.data(), b.data(), bias.data(), aux.data(), wideC.data(), m, n, k, biased, adding); });
    report("c", after, c);
    report("wide", after, wideC);
    if (EPILOGUE == 1) report("aux", before, aux);
}
