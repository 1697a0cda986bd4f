package dev.limpid.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.cuda.CudaProbe.Found;
import dev.limpid.cuda.CudaProbe.Gpu;
import dev.limpid.tensor.Precision;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CudaRequirementsTest {
    private static final Gpu HOPPER = new Gpu("NVIDIA H100", 90);
    private static final Gpu TURING = new Gpu("Tesla T4", 75);
    private static final Gpu VOLTA = new Gpu("Tesla V100", 70);

    private static String missing(Found found, int index) {
        return CudaRequirements.missingDevice(found, index).orElse("");
    }

    @Test
    void namesCauseAndRemedyOfADriverThatCannotBeUsed() {
        assertThat(missing(Found.NO_DRIVER, 0)).contains("libcuda.so.1 cannot be opened", "driver 580 or newer");
        assertThat(missing(new Found(true, 0, 12080, List.of(HOPPER)), 0)).contains("offers CUDA 12.8", "needs 13.0",
                "driver 580");
        assertThat(missing(new Found(true, 100, 13000, List.of()), 0)).contains("sees no GPU", "CUDA_VISIBLE_DEVICES");
        assertThat(missing(new Found(true, 803, 13000, List.of()), 0)).contains("different versions", "restart");
        assertThat(missing(new Found(true, 34, 0, List.of()), 0)).contains("stub", "LD_LIBRARY_PATH");
        assertThat(missing(new Found(true, 0, 13000, List.of()), 0)).contains("finds no GPU", "nvidia-smi");
    }

    @Test
    void namesCauseAndRemedyOfADeviceThatCannotBeUsed() {
        assertThat(missing(new Found(true, 0, 13000, List.of(HOPPER)), 1)).contains("no GPU 1, only cuda:0;");
        assertThat(missing(new Found(true, 0, 13000, List.of(HOPPER, TURING)), 2)).contains("cuda:0 to cuda:1");
        assertThat(missing(new Found(true, 0, 13000, List.of(HOPPER, VOLTA)), 1)).contains("Tesla V100", "7.0",
                "needs 7.5");
        assertThat(missing(new Found(true, 0, 13000, List.of(HOPPER, TURING)), 1)).isEmpty();
    }

    @Test
    void namesTheLibraryThatIsMissing() {
        Set<String> all = Set.of(CudaRequirements.BINDING, CudaRequirements.RUNTIME, CudaRequirements.COMPILER);
        assertThat(CudaRequirements.missingLibrary(all::contains, all::contains)).isEmpty();
        assertThat(CudaRequirements.missingLibrary(_ -> false, all::contains).orElseThrow())
                .contains("org.bytedeco:cuda");
        assertThat(CudaRequirements.missingLibrary(all::contains, CudaRequirements.RUNTIME::equals).orElseThrow())
                .contains("libnvrtc.so.13", "CUDA 13 toolkit", "cuda-redist");
        assertThat(CudaRequirements.missingLibrary(all::contains, CudaRequirements.COMPILER::equals).orElseThrow())
                .contains("libcudart.so.13");
    }

    @Test
    void refusesTensorPrecisionsByNameBeforeAmpere() {
        assertThat(CudaRequirements.missingPrecision(TURING, Precision.F32)).isEmpty();
        assertThat(CudaRequirements.missingPrecision(TURING, Precision.TF32).orElseThrow()).contains("Tesla T4", "tf32",
                "8.0", "use f32");
        assertThat(CudaRequirements.missingPrecision(TURING, Precision.BF16).orElseThrow()).contains("bf16");
        assertThat(CudaRequirements.missingPrecision(HOPPER, Precision.BF16)).isEmpty();
    }

    @Test
    void servesLinuxOnX86() {
        assertThat(CudaRequirements.missingSystem("Linux", "amd64")).isEmpty();
        assertThat(CudaRequirements.missingSystem("Linux", "aarch64").orElseThrow()).contains("aarch64");
        assertThat(CudaRequirements.missingSystem("Mac OS X", "x86_64").orElseThrow()).contains("Mac OS X", "opencl");
    }
}
