package dev.limpid.kernels;

/** A place in a device's memory and what lies there: an argument of a kernel. */
public sealed interface Pointer {
    /** The memory. */
    DeviceBuffer buffer();

    /** Elements before the first one. */
    long offset();

    /** Bytes of an element. */
    int elementBytes();

    /** 32-bit floating-point numbers: {@code GLOBAL float *} in a kernel's text. */
    record Floats(DeviceBuffer buffer, long offset) implements Pointer {
        @Override
        public int elementBytes() {
            return Float.BYTES;
        }
    }

    /** Numbers of the type that weights and activations are stored in, {@code GLOBAL STORED *}: float, or bfloat16 where the precision says so. */
    record Stored(DeviceBuffer buffer, long offset, int elementBytes) implements Pointer {}

    /** 32-bit integers: {@code GLOBAL int *}. */
    record Ints(DeviceBuffer buffer, long offset) implements Pointer {
        @Override
        public int elementBytes() {
            return Integer.BYTES;
        }
    }
}
