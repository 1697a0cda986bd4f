package dev.limpid.kernels;

import dev.limpid.kernels.Pointer.Floats;
import dev.limpid.kernels.Pointer.Stored;

/** The kernels of {@code attention.cl.cu}; {@link TextAttention} says what the arguments mean. */
interface AttentionKernels {
    void attentionForward(Grid rowsHeadsBatch, Stored qkv, Floats mask, @Out Stored context, @Out Floats logSumExp,
            int masked, int length, int heads, int headSize, float scale);

    void attentionProducts(Grid rowsHeadsBatch, Stored left, Stored right, @Out Floats products, int leftStride,
            int leftAt, int rightStride, int rightAt, int length, int heads, int headSize, float scale);

    void attentionSoftmax(Grid rows, Floats mask, @Out Floats scores, int masked, int length, int heads);
}
