package dev.limpid.cuda;

import dev.limpid.kernels.DeviceBuffer;
import dev.limpid.kernels.Grid;
import dev.limpid.kernels.KernelText.Declaration;
import dev.limpid.kernels.KernelText.Parameter;
import dev.limpid.kernels.Pointer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A launch as numbers: the grid in three words, then each argument in one, in the lower bytes if it is shorter.
 *
 * <p>The driver wants a pointer to each argument. Every argument gets 8 bytes of its own, so these pointers never change, and as a GPU's host counts its bytes
 * from the lowest, a shorter argument lies at the beginning of its 8 bytes.
 */
final class LaunchArguments {
    /** Words before the first argument. */
    static final int GRID = 3;

    private LaunchArguments() {}

    /**
     * Writes a launch to {@code words}.
     *
     * @return how many words it takes
     * @throws IllegalArgumentException if an argument is not of the declared kind
     */
    static int encode(Declaration kernel, Grid grid, List<Object> arguments, ToLongFunction<DeviceBuffer> addresses,
            long[] words) {
        List<Parameter> parameters = kernel.parameters();
        if (arguments.size() != parameters.size() || GRID + arguments.size() > words.length) {
            throw new IllegalArgumentException("kernel " + kernel.name() + " takes " + parameters.size()
                    + " arguments, not " + arguments.size());
        }
        words[0] = grid.x();
        words[1] = grid.y();
        words[2] = grid.z();
        for (int i = 0; i < arguments.size(); i++) {
            words[GRID + i] = word(kernel, parameters.get(i), arguments.get(i), addresses);
        }
        return GRID + arguments.size();
    }

    private static long word(Declaration kernel, Parameter parameter, Object argument,
            ToLongFunction<DeviceBuffer> addresses) {
        return switch (parameter.type()) {
            case INT -> argument instanceof Integer value ? Integer.toUnsignedLong(value) : refuse(kernel, parameter);
            case LONG -> argument instanceof Long value ? value : refuse(kernel, parameter);
            case FLOAT -> argument instanceof Float value
                    ? Integer.toUnsignedLong(Float.floatToRawIntBits(value))
                    : refuse(kernel, parameter);
            case FLOATS_IN, FLOATS_OUT -> argument instanceof Pointer.Floats pointer
                    ? address(pointer, addresses)
                    : refuse(kernel, parameter);
            case STORED_IN, STORED_OUT -> argument instanceof Pointer.Stored pointer
                    ? address(pointer, addresses)
                    : refuse(kernel, parameter);
            case INTS_IN, INTS_OUT -> argument instanceof Pointer.Ints pointer
                    ? address(pointer, addresses)
                    : refuse(kernel, parameter);
        };
    }

    /** Where an element lies. */
    static long address(Pointer pointer, ToLongFunction<DeviceBuffer> addresses) {
        return addresses.applyAsLong(pointer.buffer()) + pointer.offset() * pointer.elementBytes();
    }

    private static long refuse(Declaration kernel, Parameter parameter) {
        throw new IllegalArgumentException(
                "kernel " + kernel.name() + " takes " + parameter.type() + " as " + parameter.name());
    }

    /** Writes {@code count} arguments to the memory that the driver reads. */
    static void pack(long[] words, int from, int count, MemorySegment slots) {
        MemorySegment.copy(words, from, slots, ValueLayout.JAVA_LONG, 0, count);
    }
}
