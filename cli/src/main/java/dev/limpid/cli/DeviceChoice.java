package dev.limpid.cli;

import dev.limpid.attribution.explain.LoadOptions;
import dev.limpid.tensor.DeviceOptions;
import picocli.CommandLine.Option;

/** The options that say where to compute. */
final class DeviceChoice {
    @Option(names = "--device", paramLabel = "NAME", defaultValue = "cpu", description = "Where to compute: one of 'limpid devices' (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "0", description = "Threads of the CPU; 0 for all processors (default: ${DEFAULT-VALUE}).")
    private int threads;

    /**
     * The same as the library has it.
     *
     * @throws UsageException if there cannot be so many threads
     */
    LoadOptions toLoadOptions() {
        try {
            new DeviceOptions(threads).effectiveThreads();
        } catch (IllegalArgumentException e) {
            throw new UsageException("--threads: " + e.getMessage(), e);
        }
        return LoadOptions.DEFAULT.withDevice(device).withThreads(threads);
    }
}
