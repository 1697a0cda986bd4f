package dev.limpid.tensor.cpu;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Weights in the order that products read them, made when first they are needed and kept: one order for x·Wᵀ, another for dY·W. Packing them for every product takes a tenth
 * of a product of 500 rows, and half of one of 50.
 *
 * <p>That is up to twice the weights' memory once more, so only as long as everything together takes half of the heap; what has no room is packed for each product.
 */
final class PackedWeights {
    private final Gemm gemm;
    private final Parallel parallel;
    private final LongSupplier otherBytes;
    private final long most;
    private final AtomicLong bytes = new AtomicLong();

    /**
     * @param otherBytes what the device holds beside
     * @param most bytes of both together
     */
    PackedWeights(Gemm gemm, Parallel parallel, LongSupplier otherBytes, long most) {
        this.gemm = gemm;
        this.parallel = parallel;
        this.otherBytes = otherBytes;
        this.most = most;
    }

    /** The packed forms of one matrix. */
    static final class Forms {
        private volatile PackedMatrix forward;
        private volatile PackedMatrix backward;
    }

    /**
     * W(rows, columns), all of {@code values}, as the B of x·Wᵀ where {@code transposed}, else of dY·W; null where it is not packed.
     *
     * @param forms where it is kept; null for what is no weight
     */
    PackedMatrix get(Forms forms, boolean transposed, float[] values, int rows, int columns) {
        if (forms == null || values.length == 0 || values.length != rows * columns) {
            return null;
        }
        PackedMatrix packed = transposed ? forms.forward : forms.backward;
        if (packed == null) {
            packed = pack(forms, transposed, values, rows, columns);
        }
        return packed != null && packed.k() == (transposed ? columns : rows) ? packed : null;
    }

    private PackedMatrix pack(Forms forms, boolean transposed, float[] values, int rows, int columns) {
        synchronized (forms) {
            PackedMatrix packed = transposed ? forms.forward : forms.backward;
            long needed = 4L * values.length;
            if (packed != null || otherBytes.getAsLong() + bytes.get() + needed > most) {
                return packed;
            }
            packed = gemm.pack(transposed, transposed ? rows : columns, transposed ? columns : rows, values, 0, columns,
                    parallel);
            if (packed == null) {
                return null;
            }
            bytes.addAndGet(packed.bytes());
            if (transposed) {
                forms.forward = packed;
            } else {
                forms.backward = packed;
            }
            return packed;
        }
    }
}
