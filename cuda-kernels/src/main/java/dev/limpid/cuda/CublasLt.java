package dev.limpid.cuda;

import dev.limpid.tensor.DeviceException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.cuda.cublas.cublasLtContext;
import org.bytedeco.cuda.global.cublas;

/** NVIDIA's library of matrix products, where it is installed: plans are made once for each shape and kept. */
final class CublasLt implements AutoCloseable {
    static final String LIBRARY = "libcublasLt.so.13";
    /** What NVIDIA recommends for Hopper; elsewhere 4 MiB would do. */
    static final long WORKSPACE_BYTES = 32L << 20;

    private final CudaContext context;
    private final cublasLtContext handle = new cublasLtContext();
    private final GemmOperands operands = new GemmOperands();
    private final Map<GemmSpec, Optional<GemmPlan>> plans = new HashMap<>();
    private final CudaBuffer workspace;
    private boolean closed;

    private CublasLt(CudaContext context, CudaBuffer workspace) {
        this.context = context;
        this.workspace = workspace;
        check(cublas.cublasLtCreate(handle), "start");
    }

    /**
     * Starts the library.
     *
     * @return empty if it is not installed
     */
    static Optional<CublasLt> open(CudaContext context, DevicePool pool) {
        // cuBLAS is no use of ours, but the binding has both in one library.
        if (!NativeLibrary.isThere(LIBRARY) || !NativeLibrary.isThere("libcublas.so.13")) {
            return Optional.empty();
        }
        try {
            cublas.cublasLtGetVersion();
        } catch (LinkageError e) {
            // Files that are there and cannot be loaded are as good as missing; the device's description says so.
            return Optional.empty();
        }
        return Optional.of(new CublasLt(context, pool.reserve(WORKSPACE_BYTES)));
    }

    /** Its version: 13.1.0. */
    String version() {
        long version = cublas.cublasLtGetVersion();
        return version / 10000 + "." + version / 100 % 100 + "." + version % 100;
    }

    /**
     * How to compute a product.
     *
     * @param bias an address like those that will be used, or 0; likewise {@code aux}
     * @return empty if the library cannot
     */
    Optional<GemmPlan> plan(GemmSpec spec, long bias, long aux) {
        return plans.computeIfAbsent(spec,
                _ -> GemmPlan.make(handle, context, operands, workspace.address(), spec, bias, aux));
    }

    static void check(int result, String doing) {
        if (result != cublas.CUBLAS_STATUS_SUCCESS) {
            throw new DeviceException("cuBLASLt cannot " + doing + ": " + switch (result) {
                case cublas.CUBLAS_STATUS_ALLOC_FAILED -> "the device has no memory left";
                case cublas.CUBLAS_STATUS_ARCH_MISMATCH -> "it is not made for this GPU; install a newer CUDA 13";
                case cublas.CUBLAS_STATUS_EXECUTION_FAILED -> "the device failed";
                case cublas.CUBLAS_STATUS_NOT_INITIALIZED -> "it does not start on this driver; install a newer driver";
                default -> "see cublasStatus_t in NVIDIA's documentation";
            } + " (status " + result + ")");
        }
    }

    /** Frees plans and library. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            plans.values().forEach(plan -> plan.ifPresent(GemmPlan::destroy));
            cublas.cublasLtDestroy(handle);
        }
    }
}
