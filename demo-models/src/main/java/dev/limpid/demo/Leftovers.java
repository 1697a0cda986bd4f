package dev.limpid.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Half-unpacked directories: their names, and how they go away. */
final class Leftovers {

    private static final String SUFFIX = ".unpacking";
    private static final Duration ABANDONED = Duration.ofHours(6);
    private static final AtomicLong COUNTER = new AtomicLong();

    private Leftovers() {}

    /** A name beside {@code target} that no other thread or process uses. */
    static Path beside(Path target) {
        return target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid() + "."
                + System.nanoTime() + "." + COUNTER.incrementAndGet() + SUFFIX);
    }

    /** Deletes what processes that were killed have left behind; what is in use or cannot be deleted stays. */
    static void sweep(Path parent) throws IOException {
        Instant before = Instant.now().minus(ABANDONED);
        List<Path> all;
        try (Stream<Path> children = Files.list(parent)) {
            all = children.filter(path -> path.getFileName().toString().endsWith(SUFFIX)).toList();
        }
        for (Path path : all) {
            if (Files.exists(path) && Files.getLastModifiedTime(path).toInstant().isBefore(before)) {
                delete(path);
            }
        }
    }

    /** Deletes a directory with all it holds, as far as that is possible. */
    static void delete(Path directory) {
        List<Path> deepestFirst;
        try (Stream<Path> tree = Files.walk(directory)) {
            deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
        } catch (IOException gone) {
            return;
        }
        for (Path path : deepestFirst) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException stays) {
                return;
            }
        }
    }
}
