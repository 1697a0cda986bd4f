package dev.limpid.cuda;

import dev.limpid.kernels.GemmCall;
import dev.limpid.kernels.Pointer;
import dev.limpid.tensor.Precision;

/**
 * A matrix product as cuBLASLt knows it, all but the addresses.
 *
 * <p>cuBLASLt counts matrices by columns. Row-major c = a·op(b) of (m, n) is by columns the (n, m) matrix cᵀ = op(b)ᵀ·aᵀ in the same memory, so its first factor is
 * b and its second is a, which is not transposed; b of (n, k) by rows is (k, n) by columns and is transposed, b of (k, n) is (n, k) and is not. A bias for each
 * column of c is one for each row of cᵀ, as cuBLASLt has it.
 *
 * @param precision of the factors
 * @param transposeB whether b is (n, k) by rows
 * @param m rows of c; likewise {@code n} its columns and {@code k} the columns of a
 * @param wide whether c is in 32 bits although the factors are not
 * @param bias what is added to each row
 * @param accumulate whether the product is added to c
 * @param epilogue what follows
 * @param alignment of a, b, c and the operand of the epilogue, in bytes, at most 256 each
 */
record GemmSpec(Precision precision, boolean transposeB, int m, int n, int k, boolean wide, Bias bias,
        boolean accumulate, Epilogue epilogue, Alignment alignment) {
    private static final long BEST_ALIGNMENT = 256;

    /** Of which type a bias is. */
    enum Bias {
        NONE, FLOATS, STORED
    }

    /** What cuBLASLt does with a product; its GELU is the one with tanh. */
    enum Epilogue {
        NONE, GELU_AND_AUX, GELU_SLOPE
    }

    /** By how much the addresses can be divided. */
    record Alignment(long a, long b, long c, long aux) {
        static Alignment of(long a, long b, long c, long aux) {
            return new Alignment(divisor(a), divisor(b), divisor(c), divisor(aux));
        }

        private static long divisor(long address) {
            return Math.min(BEST_ALIGNMENT, Long.lowestOneBit(address | BEST_ALIGNMENT));
        }
    }

    /** The product of a call, with this epilogue. */
    static GemmSpec of(GemmCall call, Precision precision, Bias bias, Epilogue epilogue, Alignment alignment) {
        boolean wide = precision == Precision.BF16 && call.c() instanceof Pointer.Floats;
        return new GemmSpec(precision, call.transposeB(), call.m(), call.n(), call.k(), wide, bias, call.accumulate(),
                epilogue, alignment);
    }

    /** Rows by columns of the first factor, b, as it lies in memory. */
    int firstRows() {
        return transposeB ? k : n;
    }

    int firstColumns() {
        return transposeB ? n : k;
    }
}
