package dev.limpid.cuda;

import dev.limpid.kernels.DeviceBuffer;

/** Memory of a {@link DevicePool}. */
final class CudaBuffer implements DeviceBuffer {
    private final DevicePool owner;
    private final long address;
    private final long bytes;
    private boolean released;

    CudaBuffer(DevicePool owner, long address, long bytes) {
        this.owner = owner;
        this.address = address;
        this.bytes = bytes;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** Whether it comes from this pool. */
    boolean isOf(DevicePool pool) {
        return owner == pool;
    }

    /**
     * Where it lies.
     *
     * @throws IllegalStateException if it was given back
     */
    long address() {
        if (released) {
            throw new IllegalStateException("a buffer of " + bytes + " bytes is used after it was given back");
        }
        return address;
    }

    boolean isReleased() {
        return released;
    }

    /** Marks it as given back. */
    void release() {
        released = true;
    }
}
