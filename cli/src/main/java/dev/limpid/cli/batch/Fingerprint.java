package dev.limpid.cli.batch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** What tells a run from every other: a hash of all that decides its output. Not thread-safe. */
public final class Fingerprint {
    private static final int DIGITS = 16;

    private final MessageDigest digest;

    public Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Adds a text. */
    public Fingerprint add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
        return this;
    }

    /** Adds the files of a model's folder: its name, and their names, sizes and times of change; gigabytes of weights are not read. */
    public Fingerprint addFolder(Path folder) throws IOException {
        Path real = folder.toRealPath();
        add(folder.toAbsolutePath().normalize().getFileName().toString());
        List<Path> files;
        try (Stream<Path> list = Files.list(real)) {
            files = list.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            add(file.getFileName() + " " + Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis());
        }
        return this;
    }

    /**
     * Adds a file's content; returns the number of its lines.
     *
     * @throws BatchException if it cannot be read
     */
    long addContent(Path file) {
        byte[] buffer = new byte[1 << 16];
        long lines = 0;
        byte last = '\n';
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                for (int i = 0; i < n; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
                last = buffer[n - 1];
            }
        } catch (IOException e) {
            throw BatchInput.unreadable(file, e);
        }
        return last == '\n' ? lines : lines + 1;
    }

    /** The hash, as hexadecimal digits; nothing can be added after that. */
    String value() {
        return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    }
}
