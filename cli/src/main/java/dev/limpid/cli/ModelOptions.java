package dev.limpid.cli;

import dev.limpid.attribution.explain.Limpid;
import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.LoadOptions;
import dev.limpid.demo.DemoModels;
import dev.limpid.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that says which model to use. */
final class ModelOptions {
    private static final String EMBEDDED = "embedded";

    @Option(names = "--model", paramLabel = "DIR", description = "Folder of a Hugging Face checkpoint: config.json, model.safetensors and what belongs to them."
            + " Without it, the embedded model.")
    private Path directory;

    /** Whether it is the embedded model. */
    boolean isEmbedded() {
        return directory == null;
    }

    /** Its folder; null for the embedded model. */
    Path directory() {
        return directory;
    }

    /** Loads it; of the embedded ones that for questions, with its own adapter unless another is given. */
    LimpidModel questionAnswering(LoadOptions options) {
        if (!isEmbedded()) {
            return load(options);
        }
        LoadOptions embedded = options.withName(EMBEDDED);
        return Limpid.load(DemoModels.questionAnswering(), options.adapter() != null
                ? embedded
                : embedded.withAdapter(DemoModels.questionAnsweringAdapter()));
    }

    /** Loads it; of the embedded ones that for sentiment, with its own adapter unless another is given. */
    LimpidModel sentiment(LoadOptions options) {
        if (!isEmbedded()) {
            return load(options);
        }
        LoadOptions embedded = options.withName(EMBEDDED);
        return Limpid.load(DemoModels.questionAnswering(),
                options.adapter() != null ? embedded : embedded.withAdapter(DemoModels.sentimentAdapter()));
    }

    /** Loads its encoder alone; the embedded models share one, which makes vectors of sentences. */
    LimpidModel encoder(LoadOptions options) {
        LoadOptions encoder = options.withArchitecture("BertModel");
        return isEmbedded()
                ? Limpid.load(DemoModels.questionAnswering(), encoder.withName(EMBEDDED))
                : load(encoder);
    }

    /**
     * Loads it for a task that no embedded model is for.
     *
     * @param architecture what is needed
     * @throws UsageException if none is named
     */
    LimpidModel own(LoadOptions options, String architecture) {
        if (isEmbedded()) {
            throw new UsageException("--model is missing, and no embedded model is for this; name the folder of a "
                    + architecture);
        }
        return load(options);
    }

    /** Loads it; of the embedded ones that for images. */
    LimpidModel imageClassification(LoadOptions options) {
        return isEmbedded()
                ? Limpid.load(DemoModels.imageClassification(), options.withName(EMBEDDED))
                : load(options);
    }

    private LimpidModel load(LoadOptions options) {
        requireFolder("--model", directory);
        return Limpid.load(directory, options);
    }

    /** Its tokenizer alone, for which no weights are needed. */
    Tokenizer tokenizer() {
        if (isEmbedded()) {
            return Tokenizer.load(DemoModels.questionAnswering());
        }
        requireFolder("--model", directory);
        return Tokenizer.load(directory);
    }

    /**
     * Refuses a folder that is none.
     *
     * @throws UsageException if so
     */
    static void requireFolder(String option, Path directory) {
        if (!Files.exists(directory)) {
            throw new UsageException(option + " " + directory + " does not exist; give the folder of a checkpoint");
        }
        if (!Files.isDirectory(directory)) {
            throw new UsageException(
                    option + " " + directory + " is a file; give the folder that holds it");
        }
    }
}
