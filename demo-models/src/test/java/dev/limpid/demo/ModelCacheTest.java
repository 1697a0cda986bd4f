package dev.limpid.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCacheTest {

    private static final String FOLDER = "dev/limpid/demo/models/";
    private static final byte[] WEIGHTS = new byte[200_000];
    private static final byte[] CONFIG = "{}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private URLClassLoader jar;

    @BeforeEach
    void writeJar() throws IOException {
        new SplittableRandom(5).nextBytes(WEIGHTS);
        jar = jar("index.properties", "small.key=0123\nsmall.files=config.json:2 model.safetensors:200000\n");
    }

    private URLClassLoader jar(String indexName, String index) throws IOException {
        Path path = Files.createTempFile(directory, "models", ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(path))) {
            put(out, FOLDER + indexName, index.getBytes(StandardCharsets.UTF_8));
            put(out, FOLDER + "small/config.json", CONFIG);
            put(out, FOLDER + "small/model.safetensors", WEIGHTS);
        }
        // Without a parent, so that the models of this module are not seen.
        return new URLClassLoader(new URL[]{path.toUri().toURL()}, null);
    }

    private static void put(JarOutputStream out, String name, byte[] bytes) throws IOException {
        out.putNextEntry(new ZipEntry(name));
        out.write(bytes);
    }

    @AfterEach
    void close() throws IOException {
        jar.close();
    }

    @Test
    void aModelInAClassDirectoryIsUsedInPlace() {
        assertThat(DemoModels.questionAnswering().toUri())
                .isEqualTo(URI.create(DemoModels.class.getResource("models/all-minilm-l6-v2/").toString()));
        assertThat(DemoModels.questionAnsweringAdapter()).isDirectoryContaining("glob:**adapter_config.json");
    }

    @Test
    void theSecondCallWritesNothing() throws IOException {
        Path root = directory.resolve("cache");
        Path first = new ModelCache(jar, root).directory("small");
        assertThat(first).isEqualTo(root.resolve("models/small-0123"));
        assertThat(first.resolve("config.json")).hasBinaryContent(CONFIG);
        assertThat(first.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        FileTime past = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        for (Path path : List.of(first.resolve("model.safetensors"), first, first.getParent())) {
            Files.setLastModifiedTime(path, past);
        }
        Object key = fileKey(first);
        assertThat(new ModelCache(jar, root).directory("small")).isEqualTo(first);
        assertThat(fileKey(first)).isEqualTo(key);
        assertThat(Files.getLastModifiedTime(first.resolve("model.safetensors"))).isEqualTo(past);
        assertThat(Files.getLastModifiedTime(first.getParent())).isEqualTo(past);
    }

    private static Object fileKey(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    @Test
    void oneRacerWinsAndAllSeeAWholeModel() throws Exception {
        int racers = 8;
        for (int round = 0; round < 20; round++) {
            Path root = directory.resolve("race" + round);
            CyclicBarrier start = new CyclicBarrier(racers);
            // Every racer has its own cache: they share nothing but the disk, as processes do.
            Callable<byte[]> racer = () -> {
                ModelCache cache = new ModelCache(jar, root);
                start.await();
                return Files.readAllBytes(cache.directory("small").resolve("model.safetensors"));
            };
            try (ExecutorService threads = Executors.newFixedThreadPool(racers)) {
                List<Future<byte[]>> results = new ArrayList<>();
                for (int i = 0; i < racers; i++) {
                    results.add(threads.submit(racer));
                }
                for (Future<byte[]> result : results) {
                    assertThat(result.get()).isEqualTo(WEIGHTS);
                }
            }
            assertOnlyTheModelIsLeft(root);
        }
    }

    @Test
    void racersRepairADamagedModelTogether() throws Exception {
        int racers = 6;
        for (int round = 0; round < 20; round++) {
            Path root = directory.resolve("repair" + round);
            Path damaged = Files.createDirectories(root.resolve("models/small-0123"));
            Files.writeString(damaged.resolve("model.safetensors"), "half");
            CyclicBarrier start = new CyclicBarrier(racers);
            Callable<byte[]> racer = () -> {
                start.await();
                return Files.readAllBytes(new ModelCache(jar, root).directory("small").resolve("model.safetensors"));
            };
            try (ExecutorService threads = Executors.newFixedThreadPool(racers)) {
                List<Future<byte[]>> results = new ArrayList<>();
                for (int i = 0; i < racers; i++) {
                    results.add(threads.submit(racer));
                }
                for (Future<byte[]> result : results) {
                    assertThat(result.get()).isEqualTo(WEIGHTS);
                }
            }
            assertOnlyTheModelIsLeft(root);
        }
    }

    private static void assertOnlyTheModelIsLeft(Path root) throws IOException {
        try (Stream<Path> children = Files.list(root.resolve("models"))) {
            assertThat(children).extracting(path -> path.getFileName().toString()).containsExactly("small-0123");
        }
    }

    @Test
    void aCacheThatCannotBeWrittenIsReplacedByATemporaryDirectory() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "in the way");
        ModelCache cache = new ModelCache(jar, file.resolve("cache"));
        Path unpacked = cache.directory("small");
        assertThat(unpacked.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(unpacked.startsWith(directory)).isFalse();
        assertThat(cache.directory("small")).isEqualTo(unpacked);
        Leftovers.delete(unpacked.getParent());
        assertThat(unpacked.getParent()).doesNotExist();
    }

    @Test
    void onlyAbandonedDirectoriesAreSwept() throws IOException {
        Path parent = Files.createDirectories(directory.resolve("models"));
        Path old = Files.createDirectory(Leftovers.beside(parent.resolve("small-0")));
        Files.writeString(old.resolve("model.safetensors"), "half");
        Path young = Files.createDirectory(Leftovers.beside(parent.resolve("small-0")));
        Path other = Files.createDirectory(parent.resolve("other"));
        FileTime yesterday = FileTime.from(Instant.now().minus(Duration.ofDays(1)));
        Files.setLastModifiedTime(old, yesterday);
        Files.setLastModifiedTime(other, yesterday);
        Leftovers.sweep(parent);
        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(other).exists();
    }

    @Test
    void theEnvironmentChoosesTheCache() {
        assertThat(ModelCache.root(Map.of(), "/home/a")).isEqualTo(Path.of("/home/a/.cache/limpid"));
        assertThat(ModelCache.root(Map.of("XDG_CACHE_HOME", "/x"), "/home/a")).isEqualTo(Path.of("/x/limpid"));
        assertThat(ModelCache.root(Map.of("XDG_CACHE_HOME", "relative"), "/home/a"))
                .isEqualTo(Path.of("/home/a/.cache/limpid"));
        assertThat(ModelCache.root(Map.of("XDG_CACHE_HOME", "/x", "LIMPID_CACHE", "/l"), "/home/a"))
                .isEqualTo(Path.of("/l"));
        assertThat(ModelCache.root(Map.of("LIMPID_CACHE", " "), "/home/a")).isEqualTo(Path.of("/home/a/.cache/limpid"));
    }

    @Test
    void aBuildWithoutModelsSaysSo() throws IOException {
        assertThatThrownBy(() -> new ModelCache(jar, directory).directory("other"))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("other").hasMessageContaining("mvn");
        try (URLClassLoader empty = jar("nothing", "")) {
            assertThatThrownBy(() -> new ModelCache(empty, directory).directory("small"))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("small");
        }
        try (URLClassLoader wrong = jar("index.properties", "small.key=9\nsmall.files=config.json:3\n")) {
            assertThatThrownBy(() -> new ModelCache(wrong, directory).directory("small"))
                    .isInstanceOf(UncheckedIOException.class).hasMessageContaining("LIMPID_CACHE");
        }
    }
}
