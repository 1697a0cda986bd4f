package dev.limpid.cuda;

import dev.limpid.cuda.GemmSpec.Bias;
import dev.limpid.cuda.GemmSpec.Epilogue;
import dev.limpid.tensor.Precision;
import java.util.Optional;
import org.bytedeco.cuda.cublas.cublasLtContext;
import org.bytedeco.cuda.cublas.cublasLtMatmulDescOpaque_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulHeuristicResult_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulPreferenceOpaque_t;
import org.bytedeco.cuda.cublas.cublasLtMatrixLayoutOpaque_t;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** A product that cuBLASLt can compute, with the algorithm that its heuristic found; its words are the addresses of a, b, c, bias and the epilogue's operand. */
final class GemmPlan implements Step {
    /** Words of a step. */
    static final int WORDS = 5;

    private final cublasLtContext handle;
    private final CudaContext context;
    private final GemmOperands operands;
    private final long workspace;
    private final GemmSpec spec;
    private final cublasLtMatmulDescOpaque_t product;
    private final cublasLtMatrixLayoutOpaque_t first;
    private final cublasLtMatrixLayoutOpaque_t second;
    private final cublasLtMatrixLayoutOpaque_t result;
    private final cublasLtMatmulHeuristicResult_t found = new cublasLtMatmulHeuristicResult_t();

    private GemmPlan(cublasLtContext handle, CudaContext context, GemmOperands operands, long workspace,
            GemmSpec spec) {
        this.handle = handle;
        this.context = context;
        this.operands = operands;
        this.workspace = workspace;
        this.spec = spec;
        int stored = spec.precision() == Precision.BF16 ? cudart.CUDA_R_16BF : cudart.CUDA_R_32F;
        product = product(spec.precision() == Precision.TF32
                ? cublas.CUBLAS_COMPUTE_32F_FAST_TF32
                : cublas.CUBLAS_COMPUTE_32F);
        first = layout(stored, spec.firstRows(), spec.firstColumns());
        second = layout(stored, spec.k(), spec.m());
        result = layout(spec.wide() ? cudart.CUDA_R_32F : stored, spec.n(), spec.m());
    }

    /** Asks for an algorithm; empty if there is none. */
    static Optional<GemmPlan> make(cublasLtContext handle, CudaContext context, GemmOperands operands, long workspace,
            GemmSpec spec, long bias, long aux) {
        GemmPlan plan = new GemmPlan(handle, context, operands, workspace, spec);
        plan.describe(bias, aux);
        if (plan.find()) {
            return Optional.of(plan);
        }
        plan.destroy();
        return Optional.empty();
    }

    private void describe(long bias, long aux) {
        set(cublas.CUBLASLT_MATMUL_DESC_TRANSA, spec.transposeB() ? cublas.CUBLAS_OP_T : cublas.CUBLAS_OP_N, 4);
        set(cublas.CUBLASLT_MATMUL_DESC_EPILOGUE, epilogue(), 4);
        if (spec.bias() != Bias.NONE) {
            boolean narrow = spec.bias() == Bias.STORED && spec.precision() == Precision.BF16;
            set(cublas.CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE, narrow ? cudart.CUDA_R_16BF : cudart.CUDA_R_32F, 4);
            set(cublas.CUBLASLT_MATMUL_DESC_BIAS_POINTER, bias, 8);
        }
        if (spec.epilogue() != Epilogue.NONE) {
            set(cublas.CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD, spec.n(), 8);
            set(cublas.CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER, aux, 8);
        }
    }

    private int epilogue() {
        boolean biased = spec.bias() != Bias.NONE;
        return switch (spec.epilogue()) {
            case NONE -> biased ? cublas.CUBLASLT_EPILOGUE_BIAS : cublas.CUBLASLT_EPILOGUE_DEFAULT;
            case GELU_AND_AUX -> biased ? cublas.CUBLASLT_EPILOGUE_GELU_AUX_BIAS : cublas.CUBLASLT_EPILOGUE_GELU_AUX;
            case GELU_SLOPE -> cublas.CUBLASLT_EPILOGUE_DGELU;
        };
    }

    private boolean find() {
        cublasLtMatmulPreferenceOpaque_t preference;
        try (PointerPointer<Pointer> made = new PointerPointer<>(1)) {
            CublasLt.check(cublas.cublasLtMatmulPreferenceCreate(made), "describe what it prefers");
            preference = new cublasLtMatmulPreferenceOpaque_t(made.get());
        }
        try {
            prefer(preference, cublas.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, CublasLt.WORKSPACE_BYTES, 8);
            // What cuBLASLt calls A is b, and its B is a.
            prefer(preference, cublas.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, spec.alignment().b(), 4);
            prefer(preference, cublas.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, spec.alignment().a(), 4);
            prefer(preference, cublas.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, spec.alignment().c(), 4);
            prefer(preference, cublas.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, spec.alignment().c(), 4);
            int[] count = new int[1];
            int status = cublas.cublasLtMatmulAlgoGetHeuristic(handle, product, first, second, result, result,
                    preference, 1, found, count);
            if (status == cublas.CUBLAS_STATUS_NOT_SUPPORTED || status == cublas.CUBLAS_STATUS_INVALID_VALUE) {
                return false;
            }
            CublasLt.check(status, "choose an algorithm");
            return count[0] > 0 && found.state() == cublas.CUBLAS_STATUS_SUCCESS;
        } finally {
            cublas.cublasLtMatmulPreferenceDestroy(preference);
        }
    }

    @Override
    public void issue(long[] words, int from) {
        if (spec.bias() != Bias.NONE) {
            set(cublas.CUBLASLT_MATMUL_DESC_BIAS_POINTER, words[from + 3], 8);
        }
        if (spec.epilogue() != Epilogue.NONE) {
            set(cublas.CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER, words[from + 4], 8);
        }
        NativePointer c = operands.c.at(words[from + 2]);
        CublasLt.check(cublas.cublasLtMatmul(handle, product, operands.one, operands.b.at(words[from + 1]), first,
                operands.a.at(words[from]), second, spec.accumulate() ? operands.one : operands.zero, c, result, c,
                result, found.algo(), operands.workspace.at(workspace), CublasLt.WORKSPACE_BYTES, context.stream()),
                "compute a product");
    }

    private static cublasLtMatmulDescOpaque_t product(int compute) {
        try (PointerPointer<Pointer> made = new PointerPointer<>(1)) {
            CublasLt.check(cublas.cublasLtMatmulDescCreate(made, compute, cudart.CUDA_R_32F), "describe a product");
            return new cublasLtMatmulDescOpaque_t(made.get());
        }
    }

    /** A matrix by columns without gaps. */
    private static cublasLtMatrixLayoutOpaque_t layout(int type, int rows, int columns) {
        try (PointerPointer<Pointer> made = new PointerPointer<>(1)) {
            CublasLt.check(cublas.cublasLtMatrixLayoutCreate(made, type, rows, columns, rows), "describe a matrix");
            return new cublasLtMatrixLayoutOpaque_t(made.get());
        }
    }

    private void set(int attribute, long value, long bytes) {
        CublasLt.check(cublas.cublasLtMatmulDescSetAttribute(product, attribute, operands.number.put(value), bytes),
                "describe a product");
    }

    private void prefer(cublasLtMatmulPreferenceOpaque_t preference, int attribute, long value, long bytes) {
        CublasLt.check(cublas.cublasLtMatmulPreferenceSetAttribute(preference, attribute, operands.number.put(value),
                bytes), "describe what it prefers");
    }

    /** Frees the descriptions. */
    void destroy() {
        cublas.cublasLtMatrixLayoutDestroy(result);
        cublas.cublasLtMatrixLayoutDestroy(second);
        cublas.cublasLtMatrixLayoutDestroy(first);
        cublas.cublasLtMatmulDescDestroy(product);
    }
}
