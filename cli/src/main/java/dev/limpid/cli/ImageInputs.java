package dev.limpid.cli;

import dev.limpid.demo.DemoModels;
import dev.limpid.vit.image.ImageException;
import dev.limpid.vit.image.ImageFile;
import dev.limpid.vit.image.ImageLimits;
import dev.limpid.vit.image.RgbImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that name the images. */
final class ImageInputs {
    @Option(names = "--image", paramLabel = "FILE", arity = "1..*", description = "PNG, JPEG, GIF, BMP or WebP, one or several (default: a photo of a cat).")
    private List<Path> files = List.of();

    @Option(names = "--title", paramLabel = "TEXT", description = "What pictures and pages call the image (default: the file's name); once for each image.")
    private List<String> titles = List.of();

    /** The files, which are not to be overwritten. */
    List<Path> files() {
        return files;
    }

    int count() {
        return Math.max(1, files.size());
    }

    /**
     * Finds out what can be found out without reading an image.
     *
     * @throws UsageException if there are titles, but not as many as images
     * @throws ImageException if there is no such file
     */
    void check() {
        if (!titles.isEmpty() && titles.size() != count()) {
            throw new UsageException("--title is given " + titles.size() + " times for " + count()
                    + " images; give it once for each, or not at all");
        }
        titles.forEach(title -> Arguments.requireWords("--title", Arguments.requireDecoded("--title", title)));
        for (Path file : files) {
            if (!Files.exists(file)) {
                throw new ImageException("--image " + file + " does not exist; check the name");
            }
        }
    }

    /**
     * The image of this number, from 0.
     *
     * @throws ImageException if it cannot be read
     */
    RgbImage read(int number) {
        return files.isEmpty()
                ? ImageFile.read(DemoModels.photo(), DemoModels.photoName(), ImageLimits.DEFAULT)
                : ImageFile.read(files.get(number));
    }

    /** Its file's name. */
    String name(int number) {
        return files.isEmpty() ? DemoModels.photoName() : files.get(number).getFileName().toString();
    }

    /** What pictures call it. */
    String title(int number) {
        return titles.isEmpty() ? name(number) : titles.get(number);
    }
}
