package dev.limpid.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says in words why a file could not be read or written: the messages of Java's exceptions are often nothing but the file's name. */
final class FileProblem {
    private FileProblem() {}

    /** The end of a sentence, with what to do about it. */
    static String of(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "it does not exist; check the name";
            case AccessDeniedException _ -> "permission is denied; check the rights of the file and its folder";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }
}
