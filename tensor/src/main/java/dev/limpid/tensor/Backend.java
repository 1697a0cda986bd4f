package dev.limpid.tensor;

/** A kind of device, found by {@link java.util.ServiceLoader}: asked for by name, and never substituted for another. */
public interface Backend {
    /** The name a user asks for: {@code cpu}, {@code cuda}, … */
    String name();

    /** Whether device {@code index} can be used, and why or why not; touches no class that needs a driver before it is there. */
    Availability availability(int index);

    /** Begins what takes long and can be done before a device is opened, such as compiling kernels; returns at once. */
    default void prepare() {}

    /** Opens device {@code index}. */
    OpsBackend open(int index, DeviceOptions options);

    /**
     * Whether a device can be used.
     *
     * @param usable whether {@link Backend#open} will succeed
     * @param reason what it is, or what is missing and how to get it; one sentence
     */
    record Availability(boolean usable, String reason) {}
}
