package dev.limpid.safetensors;

import dev.limpid.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Element conversions between a file's bytes and Java arrays.
 *
 * <p>Narrow floats go through a small array of shorts, because C2 vectorises loops over arrays and has an intrinsic for
 * {@link Float#float16ToFloat} there.
 */
final class Conversions {

    private static final int CHUNK = 4096;
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LE);
    static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LE);
    static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LE);
    static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LE);
    static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LE);

    private Conversions() {}

    /** Converts all of {@code source}; F64 is rounded to nearest even, the others are exact. */
    static void toFloats(DType dtype, MemorySegment source, float[] into, int at) {
        int count = (int) (source.byteSize() / dtype.bytes());
        switch (dtype) {
            case F32 -> MemorySegment.copy(source, F32, 0, into, at, count);
            case F64 -> doublesToFloats(source, into, at, count);
            case F16, BF16 -> shortsToFloats(dtype, source, into, at, count);
            default -> throw new IllegalArgumentException(dtype + " is no floating-point type");
        }
    }

    private static void doublesToFloats(MemorySegment source, float[] into, int at, int count) {
        double[] chunk = new double[Math.min(CHUNK, count)];
        for (int done = 0; done < count; done += chunk.length) {
            int n = Math.min(chunk.length, count - done);
            MemorySegment.copy(source, F64, (long) done * Double.BYTES, chunk, 0, n);
            for (int i = 0; i < n; i++) {
                into[at + done + i] = (float) chunk[i];
            }
        }
    }

    private static void shortsToFloats(DType dtype, MemorySegment source, float[] into, int at, int count) {
        short[] chunk = new short[Math.min(CHUNK, count)];
        for (int done = 0; done < count; done += chunk.length) {
            int n = Math.min(chunk.length, count - done);
            MemorySegment.copy(source, I16, (long) done * Short.BYTES, chunk, 0, n);
            if (dtype == DType.F16) {
                halfToFloat(chunk, into, at + done, n);
            } else {
                brainToFloat(chunk, into, at + done, n);
            }
        }
    }

    private static void halfToFloat(short[] source, float[] into, int at, int n) {
        for (int i = 0; i < n; i++) {
            into[at + i] = Float.float16ToFloat(source[i]);
        }
    }

    private static void brainToFloat(short[] source, float[] into, int at, int n) {
        for (int i = 0; i < n; i++) {
            into[at + i] = Float.intBitsToFloat(source[i] << 16);
        }
    }

    /** BF16 bits of a float, rounded to nearest even; NaN stays NaN. */
    static short floatToBrain(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
    }

    static long[] toLongs(DType dtype, MemorySegment source, int count) {
        long[] into = new long[count];
        switch (dtype) {
            case I64 -> MemorySegment.copy(source, I64, 0, into, 0, count);
            case I32 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = source.get(I32, 4L * i);
                }
            }
            case I16 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = source.get(I16, 2L * i);
                }
            }
            case I8 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = source.get(ValueLayout.JAVA_BYTE, i);
                }
            }
            case U8 -> {
                for (int i = 0; i < count; i++) {
                    into[i] = Byte.toUnsignedLong(source.get(ValueLayout.JAVA_BYTE, i));
                }
            }
            case BOOL -> {
                for (int i = 0; i < count; i++) {
                    into[i] = source.get(ValueLayout.JAVA_BYTE, i) == 0 ? 0 : 1;
                }
            }
            default -> throw new IllegalArgumentException(dtype + " is no integer type");
        }
        return into;
    }
}
