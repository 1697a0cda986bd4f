package dev.limpid.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The text to find the answer in: in the call, or in a file. */
final class ContextOptions {
    @Option(names = "--context", paramLabel = "C", description = "The text that holds the answer.")
    private String text;

    @Option(names = "--context-file", paramLabel = "FILE", description = "A file with that text, in UTF-8; of any length.")
    private Path file;

    boolean given() {
        return text != null || file != null;
    }

    /** The file; null where the text is in the call. */
    Path file() {
        return file;
    }

    /** The text, read from the file where one is named. */
    String text() {
        if (file != null) {
            return Arguments.requireWords("--context-file " + file, TextFile.read(file, "--context-file"));
        }
        return Arguments.requireWords("--context", Arguments.requireDecoded("--context", text));
    }
}
