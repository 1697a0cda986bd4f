package dev.limpid.safetensors;

import java.nio.file.Path;
import java.util.List;

/** Named tensors that can be read as F32: one file, or the union of a checkpoint's shards. */
public interface TensorSource extends AutoCloseable {

    /** The names of all tensors, file by file, in the order of their bytes. */
    List<String> names();

    /** Whether there is a tensor of this name. */
    boolean has(String name);

    /**
     * The element type and the shape of a tensor.
     *
     * @throws SafetensorsException {@code NO_SUCH_TENSOR}
     */
    TensorInfo info(String name);

    /**
     * A tensor converted to F32, row-major, in a new array.
     *
     * <p>F16 and BF16 convert exactly; F64 is rounded to nearest even.
     *
     * @throws SafetensorsException {@code NO_SUCH_TENSOR}; {@code WRONG_DTYPE} for integers; {@code TOO_MANY_ELEMENTS}
     */
    float[] floats(String name);

    /** The file that holds a tensor, for messages. */
    Path fileOf(String name);

    @Override
    void close();
}
