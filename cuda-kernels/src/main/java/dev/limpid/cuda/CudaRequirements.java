package dev.limpid.cuda;

import dev.limpid.tensor.Precision;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** What has to be there before a GPU can be used, in the order in which a user would put it there. */
final class CudaRequirements {
    /** The CUDA a driver must offer, 1000·major + 10·minor. */
    static final int VERSION = 13000;
    /** The oldest architecture that NVRTC of CUDA 13 compiles for: Turing. */
    static final int CAPABILITY = 75;
    /** The first architecture whose tensor cores know TF32 and BF16: Ampere. */
    static final int TENSOR_CAPABILITY = 80;

    static final String RUNTIME = "libcudart.so.13";
    static final String COMPILER = "libnvrtc.so.13";
    static final String BINDING = "libjnicudart.so";

    private static final String DRIVER_REMEDY = "install NVIDIA's driver 580 or newer";
    private static final String TOOLKIT_REMEDY = "install a CUDA 13 toolkit, or its wheels (pip install nvidia-cuda-nvrtc nvidia-cuda-runtime nvidia-cublas,"
            + " then LD_LIBRARY_PATH=…/site-packages/nvidia/cu13/lib), or put cuda-redist's jar on the class path";

    private CudaRequirements() {}

    /** Why the binding cannot work on this system, if it cannot. */
    static Optional<String> missingSystem(String os, String architecture) {
        boolean served = os.equals("Linux") && (architecture.equals("amd64") || architecture.equals("x86_64"));
        return served
                ? Optional.empty()
                : Optional
                        .of("Limpid's binding to CUDA is for Linux on x86-64, and this is " + os + " on " + architecture
                                + "; use opencl or cpu");
    }

    /** What is missing of driver and device, if anything is. */
    static Optional<String> missingDevice(CudaProbe.Found found, int index) {
        if (!found.loaded()) {
            return Optional.of("there is no NVIDIA driver (" + CudaProbe.DRIVER + " cannot be opened); " + DRIVER_REMEDY
                    + ", and start a container with --gpus all");
        }
        if (found.version() != 0 && found.version() < VERSION) {
            return Optional
                    .of("the driver offers CUDA " + dotted(found.version()) + " and Limpid needs " + dotted(VERSION)
                            + "; " + DRIVER_REMEDY);
        }
        if (found.started() != CudaFault.SUCCESS) {
            return Optional.of("the driver does not start: " + CudaFault.of(found.started()).sentence());
        }
        int count = found.gpus().size();
        if (index >= count) {
            return Optional.of(count == 0
                    ? "the driver starts and finds no GPU; look at nvidia-smi and CUDA_VISIBLE_DEVICES"
                    : "there is no GPU " + index + ", only " + (count == 1 ? "cuda:0" : "cuda:0 to cuda:" + (count - 1))
                            + "; CUDA_VISIBLE_DEVICES decides which are seen");
        }
        CudaProbe.Gpu gpu = found.gpus().get(index);
        if (gpu.capability() < CAPABILITY) {
            return Optional
                    .of(gpu.name() + " has compute capability " + gpu.dottedCapability() + ", and CUDA 13 needs 7.5"
                            + " (a GPU of 2018 or later); use opencl or cpu");
        }
        return Optional.empty();
    }

    /**
     * What is missing beside driver and device, if anything is.
     *
     * @param inBinding whether the binding's jar has this file
     * @param there whether this library can be had
     */
    static Optional<String> missingLibrary(Predicate<String> inBinding, Predicate<String> there) {
        if (!inBinding.test(BINDING)) {
            return Optional
                    .of("the class path lacks the binding to CUDA; add org.bytedeco:cuda and org.bytedeco:javacpp with"
                            + " classifier linux-x86_64, as docs/decisions/0020-cuda-through-bytedeco.md says");
        }
        if (!there.test(RUNTIME)) {
            return Optional.of("CUDA's runtime (" + RUNTIME + ") is missing; " + TOOLKIT_REMEDY);
        }
        if (!there.test(COMPILER)) {
            return Optional.of("NVIDIA's compiler for kernels (" + COMPILER + ") is missing; " + TOOLKIT_REMEDY);
        }
        return Optional.empty();
    }

    /** Why a GPU does not compute in this precision, if it does not. */
    static Optional<String> missingPrecision(CudaProbe.Gpu gpu, Precision precision) {
        return precision == Precision.F32 || gpu.capability() >= TENSOR_CAPABILITY
                ? Optional.empty()
                : Optional.of(gpu.name() + " (compute capability " + gpu.dottedCapability() + ") does not compute in "
                        + precision.id() + ", which needs 8.0 or higher; use f32");
    }

    private static String dotted(int version) {
        return String.format(Locale.ROOT, "%d.%d", version / 1000, version % 1000 / 10);
    }
}
