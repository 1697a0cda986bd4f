package dev.limpid.kernels;

import dev.limpid.kernels.Pointer.Floats;
import dev.limpid.kernels.Pointer.Stored;

/** The kernels of {@code gemm.cl.cu}; {@link TextGemm} says what the arguments mean. */
interface GemmKernels {
    void gemm(Grid tiles, Stored a, Stored b, Floats bias, @Out Stored aux, @Out Stored c, int m, int n, int k,
            int biased, int accumulate);

    void gemmWide(Grid tiles, Stored a, Stored b, Floats bias, @Out Stored aux, @Out Floats c, int m, int n, int k,
            int biased, int accumulate);
}
