package dev.limpid.attribution.explain;

import java.nio.file.Path;

/**
 * How a model is to be loaded.
 *
 * @param adapter folder of a PEFT LoRA adapter to merge, or null
 * @param device {@code cpu}, {@code reference}, …; never replaced by another
 * @param threads threads of a CPU device; 0 for all processors
 * @param name what explanations call the model; null for the name of its folder
 * @param architecture what to make of a BERT checkpoint, such as {@code BertModel} for its encoder alone; null for what the adapter, or else the configuration, says
 */
public record LoadOptions(Path adapter, String device, int threads, String name, String architecture) {
    /** No adapter, the CPU, all processors. */
    public static final LoadOptions DEFAULT = new LoadOptions(null, "cpu", 0, null, null);

    public LoadOptions withAdapter(Path value) {
        return new LoadOptions(value, device, threads, name, architecture);
    }

    public LoadOptions withDevice(String value) {
        return new LoadOptions(adapter, value, threads, name, architecture);
    }

    public LoadOptions withThreads(int value) {
        return new LoadOptions(adapter, device, value, name, architecture);
    }

    public LoadOptions withName(String value) {
        return new LoadOptions(adapter, device, threads, value, architecture);
    }

    public LoadOptions withArchitecture(String value) {
        return new LoadOptions(adapter, device, threads, name, value);
    }
}
