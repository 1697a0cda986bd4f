package dev.limpid.kernels;

import dev.limpid.kernels.Pointer.Floats;
import dev.limpid.kernels.Pointer.Stored;
import dev.limpid.tensor.DeviceException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Attention by the kernels of {@code attention.cl.cu} and {@code attention_backward.cl.cu}: {@code softmax(q·kᵀ/√D)·v} for each head, without an array of T × T
 * numbers unless it is asked for.
 *
 * <p>{@code qkv} is (B,T,3C) with C = heads·D: query, key and value of a token side by side, heads side by side in each. {@code mask} is (B,T), where 0 hides a
 * key, or null. Results are the same in every run. The texts are compiled for each size of head, padded to 16, 32, 64, 128 or 256, when it is first needed.
 *
 * <p>Source: Dao et al. 2022 (arXiv 2205.14135), Dao 2023 (arXiv 2307.08691).
 */
public final class TextAttention {
    private static final int LARGEST_HEAD = 256;
    private static final int SMALLEST_PADDED = 16;

    private final KernelDevice device;
    private final Map<Integer, AttentionKernels> forward = new ConcurrentHashMap<>();
    private final Map<Integer, AttentionBackwardKernels> backward = new ConcurrentHashMap<>();

    /** Attention on {@code device}. */
    public TextAttention(KernelDevice device) {
        this.device = device;
    }

    /**
     * Sizes that a text is compiled for.
     *
     * @param head elements of a head, padded
     * @param rows queries, or keys, that a group of work-items has
     * @param block work-items of a group
     */
    record Sizes(int head, int rows, int block) {
        /** The sizes for heads of {@code headSize} elements, as {@code attention.h} has room and registers for them. */
        static Sizes of(int headSize, boolean tensorCores) {
            if (headSize < 1 || headSize > LARGEST_HEAD) {
                throw new DeviceException("heads of " + headSize + " elements: attention on this device takes 1 to "
                        + LARGEST_HEAD + "; compute this model on the cpu");
            }
            int head = Math.max(SMALLEST_PADDED, headSize == 1 ? 1 : Integer.highestOneBit(headSize - 1) << 1);
            if (tensorCores && head < LARGEST_HEAD) {
                return new Sizes(head, 64, 128);
            }
            return switch (head) {
                case 16, 32 -> new Sizes(head, 64, 128);
                case 64 -> new Sizes(head, 32, 128);
                case 128 -> new Sizes(head, 16, 128);
                default -> new Sizes(head, 8, 64);
            };
        }

        Map<String, String> defines() {
            return Map.of("HEAD", Integer.toString(head), "ROWS", Integer.toString(rows), "BLOCK",
                    Integer.toString(block));
        }

        Grid grid(int length, int heads, int batch) {
            return new Grid(Grid.cover(length, rows), heads, batch);
        }
    }

    /**
     * The context of each token.
     *
     * @param context (B,T,C), written
     * @param logSumExp (B,H,T), written: of a query's scaled scores over the keys that are seen
     * @throws DeviceException if a head has more than 256 elements, or the text cannot be compiled
     */
    public void forward(Stored qkv, Floats mask, int batch, int length, int heads, int headSize, Stored context,
            Floats logSumExp) {
        Sizes sizes = sizes(headSize);
        forward(sizes).attentionForward(sizes.grid(length, heads, batch), qkv, orAny(mask, logSumExp), context,
                logSumExp, flag(mask), length, heads, headSize, scale(headSize));
    }

    /**
     * The gradient of {@code qkv}.
     *
     * @param dContext (B,T,C)
     * @param context as {@link #forward} wrote it, like {@code logSumExp}
     * @param rowScratch (B,H,T), overwritten with Σ dContext∘context over each head
     * @param dQkv (B,T,3C), written
     * @throws DeviceException as {@link #forward}
     */
    public void backward(Stored dContext, Stored context, Stored qkv, Floats mask, int batch, int length, int heads,
            int headSize, Floats logSumExp, Floats rowScratch, Stored dQkv) {
        Sizes sizes = sizes(headSize);
        AttentionBackwardKernels kernels = backward(sizes);
        Floats anyMask = orAny(mask, logSumExp);
        kernels.attentionDots(Grid.of(Grid.cover((long) batch * length * heads, sizes.block)), dContext, context,
                rowScratch, batch * length, length, heads, headSize);
        kernels.attentionQueryGradient(sizes.grid(length, heads, batch), dContext, qkv, anyMask, logSumExp, rowScratch,
                dQkv, flag(mask), length, heads, headSize, scale(headSize));
        kernels.attentionKeyGradient(sizes.grid(length, heads, batch), dContext, qkv, anyMask, logSumExp, rowScratch,
                dQkv, flag(mask), length, heads, headSize, scale(headSize));
    }

    /**
     * What each query takes of each key.
     *
     * @param probabilities (B,H,T,T), written; 0 where the mask hides the key
     * @throws DeviceException as {@link #forward}
     */
    public void probabilities(Stored qkv, Floats mask, int batch, int length, int heads, int headSize,
            Floats probabilities) {
        Sizes sizes = sizes(headSize);
        int channels = heads * headSize;
        forward(sizes).attentionProducts(sizes.grid(length, heads, batch), qkv, qkv, probabilities, 3 * channels, 0,
                3 * channels, channels, length, heads, headSize, scale(headSize));
        forward(sizes).attentionSoftmax(Grid.of(Math.multiplyExact(batch * heads, length)),
                orAny(mask, probabilities), probabilities, flag(mask), length, heads);
    }

    /**
     * The gradient of {@link #probabilities}, {@code dContext·vᵀ}.
     *
     * @param dProbabilities (B,H,T,T), written
     * @throws DeviceException as {@link #forward}
     */
    public void probabilitiesBackward(Stored dContext, Stored qkv, int batch, int length, int heads, int headSize,
            Floats dProbabilities) {
        Sizes sizes = sizes(headSize);
        int channels = heads * headSize;
        forward(sizes).attentionProducts(sizes.grid(length, heads, batch), dContext, qkv, dProbabilities, channels, 0,
                3 * channels, 2 * channels, length, heads, headSize, 1);
    }

    private Sizes sizes(int headSize) {
        return Sizes.of(headSize, device.hasTensorCores());
    }

    private AttentionKernels forward(Sizes sizes) {
        return forward.computeIfAbsent(sizes.head,
                _ -> KernelBinder.bind(AttentionKernels.class, KernelText.of("attention"), device, sizes.defines()));
    }

    private AttentionBackwardKernels backward(Sizes sizes) {
        return backward.computeIfAbsent(sizes.head, _ -> KernelBinder.bind(AttentionBackwardKernels.class,
                KernelText.of("attention_backward"), device, sizes.defines()));
    }

    private static float scale(int headSize) {
        return (float) (1 / Math.sqrt(headSize));
    }

    /** A kernel takes some memory for a mask that is absent, and does not touch it. */
    private static Floats orAny(Floats mask, Floats any) {
        return mask == null ? new Floats(any.buffer(), 0) : mask;
    }

    private static int flag(Floats mask) {
        return mask == null ? 0 : 1;
    }
}
