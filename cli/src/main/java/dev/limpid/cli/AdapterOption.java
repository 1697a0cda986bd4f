package dev.limpid.cli;

import dev.limpid.attribution.explain.LoadOptions;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that changes the model by an adapter. */
final class AdapterOption {
    @Option(names = "--adapter", paramLabel = "DIR", description = "Folder of a PEFT LoRA adapter to merge into it.")
    private Path adapter;

    /** Whether there is one. */
    boolean given() {
        return adapter != null;
    }

    /**
     * With the adapter, if there is one.
     *
     * @throws UsageException if its folder is none
     */
    LoadOptions addTo(LoadOptions options) {
        if (adapter != null) {
            ModelOptions.requireFolder("--adapter", adapter);
        }
        return options.withAdapter(adapter);
    }
}
