package dev.limpid.cuda;

import dev.limpid.tensor.OutOfDeviceMemoryException;
import java.util.OptionalLong;
import org.bytedeco.cuda.cudart.CUmemPoolHandle_st;
import org.bytedeco.cuda.cudart.CUmemPoolProps_v1;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Memory of a GPU from a pool of the driver, in the order of a stream ({@code cudaMallocAsync}'s), which keeps what comes back until it is trimmed.
 *
 * <p>The pool is our own, so that its memory goes back to the system when the device is closed, and the settings of others stay theirs.
 */
final class CudaMemory implements DevicePool.Source, AutoCloseable {
    private final CudaContext context;
    private final Runnable flush;
    private final CUmemPoolHandle_st pool = new CUmemPoolHandle_st();
    private boolean closed;

    /**
     * An empty pool.
     *
     * @param flush gives the stream what waits to be given, which memory that is freed must come after
     */
    CudaMemory(CudaContext context, Runnable flush) {
        this.context = context;
        this.flush = flush;
        try (CUmemPoolProps_v1 properties = new CUmemPoolProps_v1(); LongPointer always = new LongPointer(1)) {
            Pointer.memset(properties, 0, properties.sizeof());
            properties.allocType(cudart.CU_MEM_ALLOCATION_TYPE_PINNED);
            properties.location().type(cudart.CU_MEM_LOCATION_TYPE_DEVICE).id(context.device());
            context.faults().check(cudart.cuMemPoolCreate(pool, properties), "make a pool of memory");
            always.put(-1L);
            context.faults().check(
                    cudart.cuMemPoolSetAttribute(pool, cudart.CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, always),
                    "keep its memory");
        }
    }

    @Override
    public OptionalLong allocate(long bytes) {
        long[] address = new long[1];
        int result = cudart.cuMemAllocFromPoolAsync(address, bytes, pool, context.stream());
        if (result == CudaFault.OUT_OF_MEMORY) {
            return OptionalLong.empty();
        }
        context.faults().check(result, "give " + bytes + " bytes");
        return OptionalLong.of(address[0]);
    }

    @Override
    public void free(long address) {
        flush.run();
        context.faults().check(cudart.cuMemFreeAsync(address, context.stream()), "take memory back");
    }

    @Override
    public void trim() {
        flush.run();
        context.synchronize();
        context.faults().check(cudart.cuMemPoolTrimTo(pool, 0), "trim its pool of memory");
    }

    @Override
    public RuntimeException exhausted(long bytes, long live) {
        return new OutOfDeviceMemoryException("the GPU has no " + (bytes >> 20) + " MiB for a buffer: "
                + (live >> 20) + " MiB are in use and " + (context.freeBytes() >> 20)
                + " MiB are free; explain fewer rows at a time, use bf16, or end other programs on it");
    }

    /** Gives all memory back; results are of no interest, as the device may have failed. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            cudart.cuMemPoolDestroy(pool);
        }
    }
}
