package dev.limpid.kernels;

import dev.limpid.tensor.Precision;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * What differs between CUDA and OpenCL: memory, compiling, launching, a library's matrix product, waiting. What an operation means is in the operations over it.
 *
 * <p>Work is done in the order it is given. A device may hold launches back until somebody needs a result, and replay a sequence it has seen before. Calls may
 * come from several threads.
 */
public interface KernelDevice extends AutoCloseable {
    /** What the device is, its driver and how it computes, for a person. */
    String description();

    /** How the kernels compute. */
    Precision precision();

    /**
     * Memory with undefined contents.
     *
     * @throws dev.limpid.tensor.OutOfDeviceMemoryException if there is not enough
     */
    DeviceBuffer allocate(long bytes);

    /** Gives memory back; work given before may still use it. Giving back twice is of no effect. */
    void release(DeviceBuffer buffer);

    /** Bytes handed out by {@link #allocate} and not given back. */
    long liveBytes();

    /** Bytes that one pass may take. */
    long memoryBudget();

    /** Copies {@code source} to {@code target} from byte {@code offset} on; the source may be used again on return. */
    void upload(MemorySegment source, DeviceBuffer target, long offset);

    /** Copies from byte {@code offset} of {@code source} on into {@code target}, waiting for all work before. */
    void download(DeviceBuffer source, long offset, MemorySegment target);

    /** Copies between two buffers of this device. */
    void copy(DeviceBuffer source, long sourceOffset, DeviceBuffer target, long targetOffset, long bytes);

    /**
     * Compiles a family of kernels.
     *
     * @param text the family, without the prelude
     * @param defines compile-time parameters, as the text uses them; the device adds those of its precision ({@link KernelText#defines})
     * @throws dev.limpid.tensor.DeviceException with the compiler's log
     */
    Family compile(KernelText text, Map<String, String> defines);

    /** A compiled family. */
    interface Family {
        /** Names a kernel of the family for {@link KernelDevice#launch}. */
        Kernel kernel(String name);
    }

    /** A compiled kernel. */
    interface Kernel {
        /** The declaration it was compiled from. */
        KernelText.Declaration declaration();
    }

    /**
     * Starts a kernel.
     *
     * @param arguments in the order of the text: a {@link Pointer}, Integer, Long or Float each, as the declaration says
     */
    void launch(Kernel kernel, Grid grid, List<Object> arguments);

    /** Computes a product with a library, if there is one and it computes exactly this; otherwise returns false, and nothing was done. */
    default boolean gemm(GemmCall call) {
        return false;
    }

    /** Whether a group of work-items may have 48 KiB of shared memory and 128 registers an item, so that large tiles are the fast ones. */
    default boolean hasRoomyGroups() {
        return false;
    }

    /** Whether the texts compute products with tensor cores here, in their precision: where {@code tiles.h} defines HAS_TENSOR_CORES. */
    default boolean hasTensorCores() {
        return false;
    }

    /** Waits for all work. */
    void sync();

    @Override
    void close();
}
