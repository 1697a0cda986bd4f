package dev.limpid.cli;

import dev.limpid.demo.DemoModels;
import dev.limpid.vit.image.ImageException;
import dev.limpid.vit.image.ImageFile;
import dev.limpid.vit.image.ImageLimits;
import dev.limpid.vit.image.RgbImage;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that say what a model is to attend to: a text, two of them, or an image. */
final class AttentionInput {
    private static final String EXAMPLE = "The plot is thin, but the actors are a delight to watch.";

    @Option(names = "--text", paramLabel = "T", description = "The text (default: an example).")
    private String text;

    @Option(names = "--pair", paramLabel = "T", description = "A second text, for models that read two.")
    private String pair;

    @Option(names = "--image", paramLabel = "FILE", description = "For models that look at images: PNG, JPEG, GIF, BMP or WebP (default: a photo of a cat).")
    private Path image;

    /**
     * Finds out what can be found out without reading anything.
     *
     * @throws UsageException if a text has no words, or the options do not go together
     * @throws ImageException if there is no such file
     */
    void check() {
        if (image != null && (text != null || pair != null)) {
            throw new UsageException("--image and " + (text == null ? "--pair" : "--text")
                    + " are both given, and no model reads both; give one");
        }
        if (pair != null && text == null) {
            throw new UsageException("--pair is the second of two texts; give the first with --text");
        }
        if (text != null) {
            Arguments.requireWords("--text", Arguments.requireDecoded("--text", text));
        }
        if (pair != null) {
            Arguments.requireWords("--pair", Arguments.requireDecoded("--pair", pair));
        }
        if (image != null && !Files.exists(image)) {
            throw new ImageException("--image " + image + " does not exist; check the name");
        }
    }

    boolean isText() {
        return text != null;
    }

    /** The file of the image, or null. */
    Path image() {
        return image;
    }

    String text() {
        return text == null ? EXAMPLE : text;
    }

    /** The second text, or null. */
    String pair() {
        return pair;
    }

    /**
     * The image.
     *
     * @throws ImageException if it cannot be read
     */
    RgbImage readImage() {
        return image == null
                ? ImageFile.read(DemoModels.photo(), DemoModels.photoName(), ImageLimits.DEFAULT)
                : ImageFile.read(image);
    }

    /** What the image's file is called. */
    String imageName() {
        return image == null ? DemoModels.photoName() : image.getFileName().toString();
    }
}
