package dev.limpid.tensor;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** In which numbers a device computes. Sums, softmax, layer norm and the path sum are in 32 bits or more in all of them. */
public enum Precision {
    /** IEEE 754 binary32 throughout. */
    F32,
    /** As {@link #F32}, but the factors of a matrix product are rounded to 10 bits behind the point (NVIDIA's TF32) and summed in 32 bits. */
    TF32,
    /** Weights and activations are stored as bfloat16, 7 bits behind the point; all sums are in 32 bits. */
    BF16;

    /** The name a user writes. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The precision of this name.
     *
     * @throws IllegalArgumentException naming those there are
     */
    public static Precision named(String id) {
        for (Precision precision : values()) {
            if (precision.id().equals(id)) {
                return precision;
            }
        }
        throw new IllegalArgumentException("there is no precision '" + id + "'; known are "
                + Arrays.stream(values()).map(Precision::id).collect(Collectors.joining(", ")));
    }
}
