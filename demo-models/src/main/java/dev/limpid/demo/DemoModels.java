package dev.limpid.demo;

import java.nio.file.Path;

/**
 * The embedded models, unpacked once into a cache directory and then used in place.
 *
 * <p>The cache is {@code $LIMPID_CACHE}, else {@code $XDG_CACHE_HOME/limpid}, else {@code ~/.cache/limpid}; where it cannot
 * be written the models lie in a temporary directory until the JVM ends. Every directory holds a {@code README.md}, the
 * model card. Thread-safe, and safe with several processes.
 */
public final class DemoModels {

    private static final String ENCODER = "all-minilm-l6-v2";
    private static final String QUESTION_ANSWERING = "all-minilm-l6-v2-qa";

    private DemoModels() {}

    /**
     * The base encoder of the question-answering model: {@code config.json}, {@code model.safetensors} (F16, 45 MB), the
     * tokenizer's files. Its head comes with {@link #questionAnsweringAdapter}.
     *
     * @throws IllegalStateException if the models were left out of the build
     * @throws java.io.UncheckedIOException if they can be unpacked neither into the cache nor into a temporary directory
     */
    public static Path questionAnswering() {
        return ModelCache.SYSTEM.directory(ENCODER);
    }

    /**
     * The PEFT LoRA adapter that makes {@link #questionAnswering} answer questions: {@code adapter_config.json} and
     * {@code adapter_model.safetensors}.
     *
     * @throws IllegalStateException if the models were left out of the build
     * @throws java.io.UncheckedIOException if it can be unpacked neither into the cache nor into a temporary directory
     */
    public static Path questionAnsweringAdapter() {
        return ModelCache.SYSTEM.directory(QUESTION_ANSWERING);
    }
}
