package dev.limpid.kernels;

import dev.limpid.kernels.Pointer.Floats;
import dev.limpid.kernels.Pointer.Stored;
import dev.limpid.tensor.Activation;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Matrix products by the kernels of {@code gemm.cl.cu}, for devices and shapes without a library's.
 *
 * <p>The text is compiled once for each direction, epilogue and size of tile, when it is first needed. Results are the same in every run: each is summed by one
 * work-item, in the order of k.
 */
public final class TextGemm {
    /** Below this many tiles of 128 × 128, smaller tiles keep more of a large GPU's multiprocessors busy (an H100 has 132). */
    private static final int FEW_TILES = 128;

    private final KernelDevice device;
    private final Map<Variant, GemmKernels> compiled = new ConcurrentHashMap<>();

    /**
     * What the text is compiled for.
     *
     * @param transposeB whether b is (n, k)
     * @param activation what follows, or null
     * @param backward whether its derivative follows
     * @param tile rows and columns of c that a group of work-items makes
     */
    private record Variant(boolean transposeB, Activation activation, boolean backward, int tile) {
        Map<String, String> defines() {
            return Map.of("TRANSPOSE_B", transposeB ? "1" : "0", "EPILOGUE",
                    activation == null ? "0" : backward ? "2" : "1", "ACTIVATION",
                    activation == null ? "GELU" : activation.name(), "TILE_M", Integer.toString(tile),
                    "TILE_N", Integer.toString(tile));
        }
    }

    /** Products on {@code device}. */
    public TextGemm(KernelDevice device) {
        this.device = device;
    }

    /**
     * {@code c = [c +] f(a·op(b) + bias)} with {@code aux} = a·op(b) + bias, or backward {@code c = [c +] (a·op(b) + bias)·f′(aux)}.
     *
     * @throws dev.limpid.tensor.DeviceException if the text cannot be compiled
     */
    public void gemm(GemmCall call) {
        int tile = device.hasRoomyGroups() && (long) Grid.cover(call.m(), 128) * Grid.cover(call.n(), 128) >= FEW_TILES
                ? 128
                : 64;
        GemmKernels kernels = compiled.computeIfAbsent(
                new Variant(call.transposeB(), call.activation(), call.backward(), tile),
                variant -> KernelBinder.bind(GemmKernels.class, KernelText.of("gemm"), device, variant.defines()));
        Grid tiles = Grid.of(Grid.cover(call.n(), tile), Grid.cover(call.m(), tile));
        // A kernel takes some memory for what is absent, and does not touch it.
        int biased = call.bias() == null ? 0 : 1;
        Floats bias = biased == 1 ? call.bias() : new Floats(call.a().buffer(), 0);
        Stored aux = call.activation() == null ? call.a() : call.aux();
        int accumulate = call.accumulate() ? 1 : 0;
        switch (call.c()) {
            case Stored c -> kernels.gemm(tiles, call.a(), call.b(), bias, aux, c, call.m(), call.n(), call.k(),
                    biased, accumulate);
            case Floats c -> kernels.gemmWide(tiles, call.a(), call.b(), bias, aux, c, call.m(), call.n(), call.k(),
                    biased, accumulate);
            case Pointer.Ints _ -> throw new IllegalArgumentException("a product cannot be stored as integers");
        }
    }
}
