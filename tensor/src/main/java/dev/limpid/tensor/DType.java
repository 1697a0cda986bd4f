package dev.limpid.tensor;

/**
 * The element types a checkpoint may hold, named as the safetensors format names them.
 *
 * <p>Limpid computes in {@link #F32}, and in {@link #F64} on the reference backend; every other type is storage that is
 * converted when a weight is loaded.
 */
public enum DType {
    F64(8), F32(4), F16(2), BF16(2), I64(8), I32(4), I16(2), I8(1), U8(1), BOOL(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes an element takes in a file. */
    public int bytes() {
        return bytes;
    }

    /** Whether the type is a floating-point number, so that it can become an F32 weight. */
    public boolean isFloatingPoint() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }
}
