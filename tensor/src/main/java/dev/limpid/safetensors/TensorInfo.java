package dev.limpid.safetensors;

import dev.limpid.tensor.DType;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What a safetensors header says about one tensor.
 *
 * @param name the tensor's name in the checkpoint
 * @param dtype the type of its elements in the file
 * @param shape its dimensions, outermost first; empty for a scalar
 * @param begin first byte, counted from the end of the header
 * @param end one past the last byte, counted from the end of the header
 */
public record TensorInfo(String name, DType dtype, long[] shape, long begin, long end) {

    public TensorInfo {
        shape = shape.clone();
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** The product of the dimensions, 1 for a scalar. */
    public long elements() {
        return (end - begin) / dtype.bytes();
    }

    /** Bytes the tensor takes in the file. */
    public long bytes() {
        return end - begin;
    }

    /** Whether the tensor has exactly these dimensions. */
    public boolean hasShape(long... expected) {
        return Arrays.equals(shape, expected);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorInfo that && name.equals(that.name) && dtype == that.dtype
                && Arrays.equals(shape, that.shape) && begin == that.begin && end == that.end;
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(shape);
    }

    @Override
    public String toString() {
        return name + " " + dtype + shapeText(shape);
    }

    /** A shape as messages print it, {@code [2,3]}. */
    static String shapeText(long[] shape) {
        return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(",", "[", "]"));
    }
}
