package dev.limpid.attribution.explain;

import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Precision;
import java.nio.file.Path;

/**
 * How a model is to be loaded.
 *
 * @param adapter folder of a PEFT LoRA adapter to merge, or null
 * @param device {@code cpu}, {@code reference}, …; never replaced by another
 * @param precision in which numbers the device computes; refused where it has them not
 * @param threads threads of a CPU device; 0 for all processors
 * @param name what explanations call the model; null for the name of its folder
 * @param architecture what to make of a BERT checkpoint, such as {@code BertModel} for its encoder alone; null for what the adapter, or else the configuration, says
 */
public record LoadOptions(Path adapter, String device, Precision precision, int threads, String name,
        String architecture) {
    /** No adapter, the CPU, {@link Precision#F32}, all processors. */
    public static final LoadOptions DEFAULT = new LoadOptions(null, "cpu", Precision.F32, 0, null, null);

    public LoadOptions withAdapter(Path value) {
        return new LoadOptions(value, device, precision, threads, name, architecture);
    }

    public LoadOptions withDevice(String value) {
        return new LoadOptions(adapter, value, precision, threads, name, architecture);
    }

    public LoadOptions withPrecision(Precision value) {
        return new LoadOptions(adapter, device, value, threads, name, architecture);
    }

    public LoadOptions withThreads(int value) {
        return new LoadOptions(adapter, device, precision, value, name, architecture);
    }

    public LoadOptions withName(String value) {
        return new LoadOptions(adapter, device, precision, threads, value, architecture);
    }

    public LoadOptions withArchitecture(String value) {
        return new LoadOptions(adapter, device, precision, threads, name, value);
    }

    Ops open() {
        return Device.open(device, new DeviceOptions(threads, precision));
    }
}
