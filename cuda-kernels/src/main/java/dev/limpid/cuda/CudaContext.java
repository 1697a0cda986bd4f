package dev.limpid.cuda;

import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.SizeTPointer;

/** The primary context of a GPU, which this process's other users of CUDA share, and one stream of our own in it. */
final class CudaContext implements AutoCloseable {
    private final int device;
    private final CUctx_st context = new CUctx_st();
    private final CUstream_st stream = new CUstream_st();
    private final Faults faults;
    private boolean closed;

    /**
     * Starts device {@code index}.
     *
     * @throws dev.limpid.tensor.DeviceException if it does not start
     */
    CudaContext(int index, Faults faults) {
        this.faults = faults;
        faults.check(cudart.cuInit(0), "start the driver");
        int[] handle = new int[1];
        faults.check(cudart.cuDeviceGet(handle, index), "find the device");
        device = handle[0];
        faults.check(cudart.cuDevicePrimaryCtxRetain(context, device), "start the device");
        try {
            makeCurrent();
            if (attribute(cudart.CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED) == 0) {
                faults.check(801, "keep a pool of memory");
            }
            faults.check(cudart.cuStreamCreate(stream, cudart.CU_STREAM_NON_BLOCKING), "make a stream");
        } catch (RuntimeException e) {
            cudart.cuDevicePrimaryCtxRelease(device);
            throw e;
        }
    }

    /** The driver's number of the device. */
    int device() {
        return device;
    }

    /** The stream all work goes to. */
    CUstream_st stream() {
        return stream;
    }

    Faults faults() {
        return faults;
    }

    /** Makes the calling thread one of this device: the driver keeps a context for each thread. */
    void makeCurrent() {
        faults.check(cudart.cuCtxSetCurrent(context), "serve this thread");
    }

    /** A property of the device, by its number in cuda.h. */
    int attribute(int number) {
        int[] value = new int[1];
        faults.check(cudart.cuDeviceGetAttribute(value, number, device), "tell its properties");
        return value[0];
    }

    /** Bytes that nobody has. */
    long freeBytes() {
        try (SizeTPointer free = new SizeTPointer(1); SizeTPointer all = new SizeTPointer(1)) {
            faults.check(cudart.cuMemGetInfo(free, all), "tell its free memory");
            return free.get();
        }
    }

    /** Waits for all work. */
    void synchronize() {
        faults.check(cudart.cuStreamSynchronize(stream), "finish its work");
    }

    /** Waits for all work as well as a device that may have failed can. */
    void settle() {
        cudart.cuCtxSetCurrent(context);
        cudart.cuStreamSynchronize(stream);
    }

    /** Gives the device back; results are of no interest, as it may have failed. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            cudart.cuStreamDestroy(stream);
            cudart.cuDevicePrimaryCtxRelease(device);
        }
    }
}
