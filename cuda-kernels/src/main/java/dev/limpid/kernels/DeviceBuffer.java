package dev.limpid.kernels;

/** A run of bytes in a device's memory; only the {@link KernelDevice} that made it knows what is inside. */
public interface DeviceBuffer {
    /** Bytes that may be used. */
    long bytes();
}
