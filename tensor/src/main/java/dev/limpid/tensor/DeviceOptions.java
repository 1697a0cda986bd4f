package dev.limpid.tensor;

/**
 * How a device is to be opened.
 *
 * @param threads worker threads of a CPU device; 0 means one for each processor the JVM may use
 */
public record DeviceOptions(int threads) {
    /** All processors. */
    public static final DeviceOptions DEFAULT = new DeviceOptions(0);

    public DeviceOptions {
        if (threads < 0 || threads > 4096) {
            throw new IllegalArgumentException("threads must be between 0 (all processors) and 4096, not " + threads);
        }
    }

    /** The number of threads meant, with 0 resolved. */
    public int effectiveThreads() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }
}
