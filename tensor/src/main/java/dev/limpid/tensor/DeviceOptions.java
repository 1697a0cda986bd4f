package dev.limpid.tensor;

/**
 * How a device is to be opened.
 *
 * @param threads worker threads of a CPU device; 0 means one for each processor the JVM may use
 * @param precision in which numbers to compute
 */
public record DeviceOptions(int threads, Precision precision) {
    /** All processors, {@link Precision#F32}. */
    public static final DeviceOptions DEFAULT = new DeviceOptions(0);

    public DeviceOptions {
        if (threads < 0 || threads > 4096) {
            throw new IllegalArgumentException("threads must be between 0 (all processors) and 4096, not " + threads);
        }
    }

    /** So many threads, {@link Precision#F32}. */
    public DeviceOptions(int threads) {
        this(threads, Precision.F32);
    }

    /** The number of threads meant, with 0 resolved. */
    public int effectiveThreads() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /**
     * Refuses a precision that a device does not have which computes in F32 only.
     *
     * @throws DeviceException naming the device and the precision
     */
    public void requireF32(String device) {
        if (precision != Precision.F32) {
            throw new DeviceException("device '" + device + "' computes in " + Precision.F32.id() + ", not in "
                    + precision.id() + "; ask for that precision on a GPU, or leave it out");
        }
    }
}
