package dev.limpid.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpid.kernels.CubinResources;
import dev.limpid.kernels.GemmCall;
import dev.limpid.kernels.KernelText;
import dev.limpid.kernels.Pointer;
import dev.limpid.kernels.TextAttention;
import dev.limpid.kernels.TextGemm;
import dev.limpid.tensor.Activation;
import dev.limpid.tensor.DeviceException;
import dev.limpid.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every text through NVIDIA's own compiler, as a GPU's user has it compiled: profile {@code cuda-redist}, which takes it from Maven.
 *
 * <p>The binding wants a libcuda.so.1 to load; it gets one without functions. (NVRTC 13.3 looks into that library by itself, and breaks on one that has
 * some functions and not all.)
 */
class NvrtcCompileTest {
    @BeforeAll
    @SuppressWarnings("restricted") // the library is ours
    static void openSomeDriver() {
        java.lang.foreign.SymbolLookup.libraryLookup(FakeDriver.build("libcuda.so.1", ""),
                java.lang.foreign.Arena.global());
    }

    /** Both directions and sizes of tile, without and with the activation that takes most registers. */
    private static List<GemmCall> products() {
        Pointer.Stored some = new Pointer.Stored(CompilingDevice.buffer(), 0, 4);
        List<GemmCall> calls = new ArrayList<>();
        for (int rows : new int[]{8, 1 << 14}) {
            for (boolean transposeB : new boolean[]{false, true}) {
                calls.add(new GemmCall(transposeB, rows, 1 << 10, 8, some, some, some, null, false, null, null, false));
                calls.add(
                        new GemmCall(transposeB, rows, 1 << 10, 8, some, some, some, null, false, Activation.GELU, some,
                                !transposeB));
            }
        }
        return calls;
    }

    @ParameterizedTest
    @CsvSource({"sm_75,F32", "sm_80,F32", "sm_80,TF32", "sm_80,BF16", "sm_90,F32", "sm_90,TF32", "sm_90,BF16",
            "sm_120,F32",
            "sm_120,TF32", "sm_120,BF16"})
    void compilesEveryTextWithoutSpills(String architecture, Precision precision) {
        CompilingDevice device = new CompilingDevice(architecture, precision);
        for (String family : List.of("rows", "elementwise", "embeddings", "path")) {
            device.compile(KernelText.of(family), Map.of());
        }
        TextGemm gemm = new TextGemm(device);
        products().forEach(gemm::gemm);
        TextAttention attention = new TextAttention(device);
        Pointer.Stored some = new Pointer.Stored(CompilingDevice.buffer(), 0, 4);
        Pointer.Floats floats = new Pointer.Floats(CompilingDevice.buffer(), 0);
        for (int head : new int[]{32, 64, 128, 256}) {
            attention.forward(some, null, 1, 8, 2, head, some, floats);
            attention.backward(some, some, some, null, 1, 8, 2, head, floats, floats, some);
        }
        assertThat(device.cubins()).hasSize(4 + 8 + 8);
        assertThat(device.cubins().values())
                .allMatch(cubin -> cubin.length > 1000 && cubin[0] == 0x7f && cubin[1] == 'E');
    }

    @Test
    void saysWhereATextIsWrong() {
        assertThatThrownBy(() -> Nvrtc.compile("rows.cl.cu", "void f() {\n  x;\n}", Nvrtc.options("sm_90", Map.of())))
                .isInstanceOf(DeviceException.class).hasMessageContaining("rows.cl.cu(2): error: identifier \"x\"")
                .hasMessageContaining("--gpu-architecture=sm_90");
        assertThat(Nvrtc.version()).matches("13\\.\\d+");
    }
}
