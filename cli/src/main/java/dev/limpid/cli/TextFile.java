package dev.limpid.cli;

import dev.limpid.cli.batch.StrictUtf8;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file of text in UTF-8, strictly: what is not UTF-8 is refused, with its place, instead of replaced. */
final class TextFile {
    private static final int LARGEST = 256 << 20;

    private TextFile() {}

    /**
     * The text, without a leading byte order mark.
     *
     * @throws UsageException if it cannot be read or is not UTF-8
     */
    static String read(Path file, String option) {
        byte[] bytes = bytes(file, option);
        StrictUtf8 read = StrictUtf8.of(bytes);
        if (read.text() == null) {
            throw new UsageException(option + " " + file + " " + read.problem(bytes) + "; convert the file to UTF-8");
        }
        String text = read.text();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static byte[] bytes(Path file, String option) {
        if (Files.isDirectory(file)) {
            throw new UsageException(option + " " + file + " is a folder; name a file of text");
        }
        try {
            if (Files.exists(file) && Files.size(file) > LARGEST) {
                throw new UsageException(option + " " + file + " has " + Files.size(file)
                        + " bytes, more than the 256 MiB that are read; split it");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UsageException(option + " " + file + " cannot be read: " + FileProblem.of(e), e);
        }
    }
}
