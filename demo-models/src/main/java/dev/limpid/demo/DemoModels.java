package dev.limpid.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * The embedded models, unpacked once into a cache directory and then used in place, and a photo to try one of them on.
 *
 * <p>The cache is {@code $LIMPID_CACHE}, else {@code $XDG_CACHE_HOME/limpid}, else {@code ~/.cache/limpid}; where it cannot
 * be written the models lie in a temporary directory until the JVM ends. Every directory holds a {@code README.md}, the
 * model card. Thread-safe, and safe with several processes.
 */
public final class DemoModels {

    private static final String ENCODER = "all-minilm-l6-v2";
    private static final String QUESTION_ANSWERING = "all-minilm-l6-v2-qa";
    private static final String SENTIMENT = "all-minilm-l6-v2-sentiment";
    private static final String IMAGE_CLASSIFICATION = "vit-cifar10";

    private DemoModels() {}

    /**
     * The base encoder of the question-answering model: {@code config.json}, {@code model.safetensors} (F16, 45 MB), the
     * tokenizer's files. Its head comes with {@link #questionAnsweringAdapter}.
     *
     * @throws IllegalStateException if the models were left out of the build
     * @throws UncheckedIOException if they can be unpacked neither into the cache nor into a temporary directory
     */
    public static Path questionAnswering() {
        return ModelCache.SYSTEM.directory(ENCODER);
    }

    /**
     * The PEFT LoRA adapter that makes {@link #questionAnswering} answer questions: {@code adapter_config.json} and
     * {@code adapter_model.safetensors}.
     *
     * @throws IllegalStateException if the models were left out of the build
     * @throws UncheckedIOException if it can be unpacked neither into the cache nor into a temporary directory
     */
    public static Path questionAnsweringAdapter() {
        return ModelCache.SYSTEM.directory(QUESTION_ANSWERING);
    }

    /**
     * The PEFT LoRA adapter that makes the encoder of {@link #questionAnswering} tell positive from negative sentences, 1 from 0:
     * {@code adapter_config.json} and {@code adapter_model.safetensors}.
     *
     * @throws IllegalStateException if the models were left out of the build
     * @throws UncheckedIOException if it can be unpacked neither into the cache nor into a temporary directory
     */
    public static Path sentimentAdapter() {
        return ModelCache.SYSTEM.directory(SENTIMENT);
    }

    /**
     * A small vision transformer that tells ten kinds of things apart in images of 32 × 32 pixels: {@code config.json},
     * {@code preprocessor_config.json}, {@code model.safetensors} (F16).
     *
     * @throws IllegalStateException if the models were left out of the build
     * @throws UncheckedIOException if it can be unpacked neither into the cache nor into a temporary directory
     */
    public static Path imageClassification() {
        return ModelCache.SYSTEM.directory(IMAGE_CLASSIFICATION);
    }

    /** What {@link #photo} is called. */
    public static String photoName() {
        return "chelsea.png";
    }

    /** A photo of a cat, 451 × 300 pixels, as a PNG file: Chelsea, by Stefan van der Walt, CC0. */
    public static byte[] photo() {
        try (InputStream in = DemoModels.class.getResourceAsStream("photos/" + photoName())) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
