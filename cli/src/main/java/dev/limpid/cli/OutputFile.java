package dev.limpid.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file a command is to write, whole or not at all: the bytes go to a file beside it, which then takes its place.
 *
 * @param option the option that names it, for messages
 * @param path as given; null where it is not wanted
 */
record OutputFile(String option, Path path) {
    /**
     * Finds out before the work begins whether the file can be written.
     *
     * @throws UsageException if not
     */
    void check() {
        if (Files.isDirectory(path)) {
            throw new UsageException(option + " " + path + " is a folder; name a file");
        }
        Path folder = target().toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new UsageException(option + " " + path + " cannot be written: there is no folder " + folder
                    + "; create it or name another");
        }
        boolean writable = isSpecial() ? Files.isWritable(path) : Files.isWritable(folder);
        if (!writable) {
            throw new UsageException(option + " " + path + " cannot be written: permission is denied in " + folder
                    + "; name a file in a folder of yours");
        }
    }

    /**
     * Writes all bytes of the file and puts it in its place.
     *
     * @throws UsageException if that fails; then the file is as it was before
     */
    void write(byte[] bytes) {
        try {
            if (isSpecial()) {
                Files.write(path, bytes, StandardOpenOption.WRITE);
                return;
            }
            Path target = target().toAbsolutePath();
            Path beside = target.resolveSibling(
                    "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            try {
                Files.write(beside, bytes);
                Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (IOException e) {
            throw new UsageException(option + " " + path + " cannot be written: " + FileProblem.of(e), e);
        }
    }

    /** Whether both are the same file, even under two names. */
    boolean isSameAs(Path other) {
        try {
            if (Files.exists(path) && Files.exists(other)) {
                return Files.isSameFile(path, other);
            }
        } catch (IOException e) {
            // Names decide where the file system cannot.
            return normal(path).equals(normal(other));
        }
        return normal(path).equals(normal(other));
    }

    private static Path normal(Path path) {
        return path.toAbsolutePath().normalize();
    }

    /** A device or a pipe, which has no beside and no half. */
    private boolean isSpecial() {
        return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
    }

    /** A link stays a link: what it leads to is replaced. */
    private Path target() {
        try {
            return Files.exists(path) ? path.toRealPath() : path;
        } catch (IOException e) {
            return path;
        }
    }
}
