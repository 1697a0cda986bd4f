package dev.limpid.tensor;

import java.util.List;

/** A kind of device, found by {@link java.util.ServiceLoader}: asked for by name, and never substituted for another. */
public interface Backend {
    /** The name a user asks for: {@code cpu}, {@code cuda}, … */
    String name();

    /** Whether device {@code index} can be used, and why or why not; touches no class that needs a driver before it is there. */
    Availability availability(int index);

    /** In which numbers a usable device {@code index} can be asked to compute; none where there is no choice, as its reason says. */
    default List<Precision> precisions(int index) {
        return List.of(Precision.F32);
    }

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
