package dev.limpid.cuda;

import dev.limpid.cuda.GemmSpec.Alignment;
import dev.limpid.cuda.GemmSpec.Bias;
import dev.limpid.cuda.GemmSpec.Epilogue;
import dev.limpid.kernels.GemmCall;
import dev.limpid.kernels.Pointer;
import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Precision;
import java.util.List;
import java.util.Optional;

/**
 * Puts matrix products into calls of cuBLASLt, with kernels before and behind where it cannot do all of it.
 *
 * <p>Its GELU is the one with tanh. For any other activation the product is stored and a kernel of its own follows, which reads and writes c once more: a bet, not
 * yet measured, that the library's product is faster than the project's own, with the activation in its epilogue, by more than that
 * (docs/decisions/0020-cuda-through-bytedeco.md says what to measure). A bias comes in 32 bits; where the library wants it as c is stored, a kernel rounds it first.
 */
final class LibraryGemm {
    /** Longest bias that can be rounded: the memory for it is kept. */
    static final int LONGEST_BIAS = 1 << 16;
    /** The library wants rows of an epilogue's operand to begin at multiples of so many elements. */
    private static final int AUX_ROW = 8;

    private final CublasLt library;
    private final DevicePool pool;
    private final Precision precision;
    private final LaunchQueue queue;
    private final Elementwise elementwise;
    private final Pointer.Stored narrowBias;
    private final long[] words = new long[GemmPlan.WORDS];

    /** Starts kernels of the family {@code elementwise}. */
    @FunctionalInterface
    interface Elementwise {
        /** Starts the kernel of this name over {@code n} elements. */
        void launch(String kernel, long n, List<Object> arguments);
    }

    /** How to compute a call, and with which bias. */
    private record Choice(GemmPlan plan, Bias bias) {}

    /** Products of {@code library} in this precision, put into {@code queue}. */
    LibraryGemm(CublasLt library, DevicePool pool, Precision precision, LaunchQueue queue, Elementwise elementwise) {
        this.library = library;
        this.pool = pool;
        this.precision = precision;
        this.queue = queue;
        this.elementwise = elementwise;
        int storedBytes = precision == Precision.BF16 ? Short.BYTES : Float.BYTES;
        narrowBias = new Pointer.Stored(pool.reserve((long) LONGEST_BIAS * storedBytes), 0, storedBytes);
    }

    /** Puts a product into the queue, or returns false and has done nothing. */
    boolean gemm(GemmCall call) {
        if (call.activation() == null) {
            return enqueue(call, Epilogue.NONE);
        }
        // c + product · slope, and an activation in 32 bits beside a narrow operand, are the project's own.
        if (call.accumulate() || !(call.c() instanceof Pointer.Stored c)) {
            return false;
        }
        Epilogue fused = call.backward() ? Epilogue.GELU_SLOPE : Epilogue.GELU_AND_AUX;
        if (call.activation() == Activation.GELU_TANH && !(call.backward() && call.bias() != null)
                && call.n() % AUX_ROW == 0 && enqueue(call, fused)) {
            return true;
        }
        long n = (long) call.m() * call.n();
        int kind = number(call.activation());
        Pointer product = call.backward() ? c : call.aux();
        GemmCall plain = new GemmCall(call.transposeB(), call.m(), call.n(), call.k(), call.a(), call.b(), product,
                call.bias(), false, null, null, false);
        if (!enqueue(plain, Epilogue.NONE)) {
            return false;
        }
        if (call.backward()) {
            elementwise.launch("activation_bwd_input", n, List.of(c, call.aux(), c, kind, n));
        } else {
            elementwise.launch("activation_fwd", n, List.of(call.aux(), c, kind, n));
        }
        return true;
    }

    /** The number of an activation in the prelude. */
    private static int number(Activation kind) {
        return switch (kind) {
            case GELU -> 0;
            case GELU_TANH -> 1;
            case RELU -> 2;
            case TANH -> 3;
        };
    }

    private boolean enqueue(GemmCall call, Epilogue epilogue) {
        Optional<Choice> chosen = choose(call, epilogue);
        if (chosen.isEmpty()) {
            return false;
        }
        Pointer bias = call.bias();
        if (chosen.get().bias() == Bias.STORED) {
            elementwise.launch("narrow", call.n(), List.of(call.bias(), narrowBias, (long) call.n()));
            bias = narrowBias;
        }
        words[0] = address(call.a());
        words[1] = address(call.b());
        words[2] = address(call.c());
        words[3] = address(bias);
        words[4] = epilogue == Epilogue.NONE ? 0 : address(call.aux());
        queue.add(chosen.get().plan(), words, GemmPlan.WORDS);
        return true;
    }

    private Optional<Choice> choose(GemmCall call, Epilogue epilogue) {
        if (call.bias() == null) {
            return plan(call, Bias.NONE, null, epilogue);
        }
        Optional<Choice> asItIs = plan(call, Bias.FLOATS, call.bias(), epilogue);
        boolean mayNarrow = precision == Precision.BF16 && call.c() instanceof Pointer.Stored
                && call.n() <= LONGEST_BIAS;
        return asItIs.isPresent() || !mayNarrow ? asItIs : plan(call, Bias.STORED, narrowBias, epilogue);
    }

    private Optional<Choice> plan(GemmCall call, Bias kind, Pointer bias, Epilogue epilogue) {
        long aux = epilogue == Epilogue.NONE ? 0 : address(call.aux());
        Alignment alignment = Alignment.of(address(call.a()), address(call.b()), address(call.c()), aux);
        return library.plan(GemmSpec.of(call, precision, kind, epilogue, alignment), address(bias), aux)
                .map(plan -> new Choice(plan, kind));
    }

    private long address(Pointer pointer) {
        return pointer == null ? 0 : LaunchArguments.address(pointer, pool::address);
    }
}
