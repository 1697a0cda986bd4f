package dev.limpid.cli;

import dev.limpid.attribution.explain.LoadOptions;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Precision;
import picocli.CommandLine.Option;

/** The options that say where to compute. */
final class DeviceChoice {
    @Option(names = "--device", paramLabel = "NAME", defaultValue = "cpu", description = "Where to compute: one of 'limpid devices' (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--precision", paramLabel = "NAME", defaultValue = "f32", description = "In which numbers: f32, tf32 or bf16, whichever the device has (default: ${DEFAULT-VALUE}).")
    private String precision;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "0", description = "Threads of the CPU; 0 for all processors (default: ${DEFAULT-VALUE}).")
    private int threads;

    /**
     * The same as the library has it.
     *
     * @throws UsageException if there cannot be so many threads, or there is no such precision
     */
    LoadOptions toLoadOptions() {
        try {
            new DeviceOptions(threads).effectiveThreads();
        } catch (IllegalArgumentException e) {
            throw new UsageException("--threads: " + e.getMessage(), e);
        }
        return LoadOptions.DEFAULT.withDevice(device).withPrecision(precision()).withThreads(threads);
    }

    private Precision precision() {
        try {
            return Precision.named(precision);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--precision: " + e.getMessage(), e);
        }
    }
}
