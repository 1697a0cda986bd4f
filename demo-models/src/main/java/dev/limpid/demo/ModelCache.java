package dev.limpid.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds a model's directory: where the classes lie if they are not in a jar, in the cache if it was unpacked before, or
 * unpacks it.
 *
 * <p>A directory in the cache is named by its content, appears there by one move, and counts if all its files have
 * their sizes; so a warm start only asks for these sizes. Only who has to unpack takes a lock.
 */
final class ModelCache {

    /** The cache of this user and class path. */
    static final ModelCache SYSTEM = new ModelCache(ModelCache.class.getClassLoader(), root(System.getenv(),
            System.getProperty("user.home")));

    private final ClassLoader resources;
    private final Path root;
    private final Map<String, Path> temporary = new ConcurrentHashMap<>();

    ModelCache(ClassLoader resources, Path root) {
        this.resources = resources;
        this.root = root;
    }

    /** The cache directory that the environment asks for. */
    static Path root(Map<String, String> environment, String home) {
        String own = environment.getOrDefault("LIMPID_CACHE", "");
        if (!own.isBlank()) {
            return Path.of(own).toAbsolutePath();
        }
        String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
        // The XDG specification wants a relative path to be ignored.
        if (!shared.isBlank() && Path.of(shared).isAbsolute()) {
            return Path.of(shared, "limpid");
        }
        return Path.of(home, ".cache", "limpid");
    }

    /** The directory that holds a model's files. */
    Path directory(String model) {
        PackedModel packed = PackedModel.find(resources, model);
        URL first = packed.resource(packed.sizes().keySet().iterator().next());
        if (first.getProtocol().equals("file")) {
            return Path.of(URI.create(first.toString())).getParent();
        }
        Path cached = root.resolve("models").resolve(model + "-" + packed.key());
        if (isComplete(cached, packed)) {
            return cached;
        }
        Path kept = temporary.get(model);
        if (kept != null) {
            return kept;
        }
        try {
            return unpackInto(cached, packed);
        } catch (IOException e) {
            return temporary.computeIfAbsent(model, name -> unpackTemporarily(packed, cached, e));
        }
    }

    private static boolean isComplete(Path directory, PackedModel packed) {
        try {
            for (Map.Entry<String, Long> file : packed.sizes().entrySet()) {
                if (Files.size(directory.resolve(file.getKey())) != file.getValue()) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Unpacks beside the target and moves the whole into its place, one at a time: a lock on a file keeps other processes out, a monitor other threads,
     * for which file locks are not meant. Who comes later finds a complete model and touches nothing, so no model in use is ever moved.
     */
    private static Path unpackInto(Path target, PackedModel packed) throws IOException {
        Path models = Files.createDirectories(target.getParent());
        synchronized (ModelCache.class) {
            try (FileChannel file = FileChannel.open(models.resolveSibling(".lock"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE); FileLock _ = file.lock()) {
                if (!isComplete(target, packed)) {
                    Leftovers.sweep(models);
                    replace(target, packed);
                }
                return target;
            }
        }
    }

    private static void replace(Path target, PackedModel packed) throws IOException {
        Path beside = Leftovers.beside(target);
        Path damaged = Leftovers.beside(target);
        try {
            unpack(packed, beside);
            if (Files.exists(target)) {
                Files.move(target, damaged, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Leftovers.delete(beside);
            Leftovers.delete(damaged);
        }
    }

    private static void unpack(PackedModel packed, Path directory) throws IOException {
        Files.createDirectory(directory);
        for (Map.Entry<String, Long> file : packed.sizes().entrySet()) {
            try (InputStream in = packed.resource(file.getKey()).openStream()) {
                Files.copy(in, directory.resolve(file.getKey()));
            }
        }
        if (!isComplete(directory, packed)) {
            throw new IOException("the files of " + packed.name() + " in the jar have other sizes than its index says");
        }
    }

    private static Path unpackTemporarily(PackedModel packed, Path cached, IOException reason) {
        try {
            Path parent = Files.createTempDirectory("limpid-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Leftovers.delete(parent)));
            Path directory = parent.resolve(packed.name());
            unpack(packed, directory);
            return directory;
        } catch (IOException e) {
            e.addSuppressed(reason);
            throw new UncheckedIOException("The embedded model cannot be unpacked, neither to " + cached + " ("
                    + reason.getMessage() + ") nor to a temporary directory (" + e.getMessage()
                    + "); set LIMPID_CACHE to a directory that can be written and has 60 MB free", e);
        }
    }
}
