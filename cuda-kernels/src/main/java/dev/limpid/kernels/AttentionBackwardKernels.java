package dev.limpid.kernels;

import dev.limpid.kernels.Pointer.Floats;
import dev.limpid.kernels.Pointer.Stored;

/** The kernels of {@code attention_backward.cl.cu}; {@link TextAttention} says what the arguments mean. */
interface AttentionBackwardKernels {
    void attentionDots(Grid items, Stored dContext, Stored context, @Out Floats dots, int rows, int length, int heads,
            int headSize);

    void attentionQueryGradient(Grid rowsHeadsBatch, Stored dContext, Stored qkv, Floats mask, Floats logSumExp,
            Floats dots, @Out Stored dQkv, int masked, int length, int heads, int headSize, float scale);

    void attentionKeyGradient(Grid rowsHeadsBatch, Stored dContext, Stored qkv, Floats mask, Floats logSumExp,
            Floats dots, @Out Stored dQkv, int masked, int length, int heads, int headSize, float scale);
}
