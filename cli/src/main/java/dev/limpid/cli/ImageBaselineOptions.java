package dev.limpid.cli;

import dev.limpid.attribution.explain.ImageBaseline;
import dev.limpid.vit.image.ImageFile;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Option;

/** The option that says what an image is compared with. */
final class ImageBaselineOptions {
    private static final List<String> NAMES = List.of("zero", "black", "white", "grey", "blurred");

    @Option(names = "--baseline", paramLabel = "NAME", description = "What the image is compared with: zero (the mean colour), black, white, grey, blurred, or an image file (default: zero)."
            + " Given several times, the attributions are averaged.")
    private List<String> names = List.of();

    /**
     * The same as the library has it; files are read.
     *
     * @throws IllegalArgumentException if a name is neither known nor that of a file
     * @throws dev.limpid.vit.image.ImageException if a file is no image
     */
    ImageBaseline[] baselines() {
        return names.isEmpty()
                ? new ImageBaseline[]{ImageBaseline.ZERO}
                : names.stream().map(ImageBaselineOptions::baseline).toArray(ImageBaseline[]::new);
    }

    private static ImageBaseline baseline(String name) {
        Path file = file(name);
        return file == null
                ? ImageBaseline.named(name)
                : ImageBaseline.of(ImageFile.read(file), file.getFileName().toString());
    }

    /** The files among them. */
    List<Path> files() {
        return names.stream().map(ImageBaselineOptions::file).filter(Objects::nonNull).toList();
    }

    /** Null where the name is a known one or there is no such file. */
    private static Path file(String name) {
        try {
            return !NAMES.contains(name) && Files.exists(Path.of(name)) ? Path.of(name) : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
