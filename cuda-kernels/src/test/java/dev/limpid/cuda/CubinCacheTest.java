package dev.limpid.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CubinCacheTest {
    private static final List<String> PARTS = List.of("text", "-DBLOCK=128", "sm_90", "13.3");

    @TempDir
    private Path directory;
    private int compiled;

    private byte[] get(CubinCache cache, List<String> parts, byte... result) {
        return cache.get(parts, () -> {
            compiled++;
            return result;
        });
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.reduce((_, _) -> {
                throw new AssertionError("more than one file in the cache");
            }).orElseThrow();
        }
    }

    @Test
    void compilesOnceForAllProcesses() throws IOException {
        assertThat(get(new CubinCache(directory), PARTS, (byte) 1, (byte) 2)).containsExactly(1, 2);
        assertThat(get(new CubinCache(directory), PARTS, (byte) 9)).containsExactly(1, 2);
        assertThat(compiled).isEqualTo(1);
        assertThat(onlyFile()).hasFileName(CubinCache.key(PARTS) + ".cubin");
    }

    @Test
    void tellsApartWhateverTheResultDependsOn() {
        assertThat(Stream.of(PARTS, List.of("text2", "-DBLOCK=128", "sm_90", "13.3"),
                List.of("text", "-DBLOCK=256", "sm_90", "13.3"), List.of("text", "-DBLOCK=128", "sm_80", "13.3"),
                List.of("text", "-DBLOCK=128", "sm_90", "13.0"), List.of("text-DBLOCK=128", "", "sm_90", "13.3"))
                .map(CubinCache::key)).doesNotHaveDuplicates().allMatch(key -> key.matches("[0-9a-f]{64}"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void compilesAgainWhatIsDamaged(long seed) throws IOException {
        CubinCache cache = new CubinCache(directory);
        get(cache, PARTS, (byte) 1, (byte) 2, (byte) 3);
        Random random = new Random(seed);
        byte[] all = Files.readAllBytes(onlyFile());
        if (seed % 2 == 0) {
            all[random.nextInt(all.length)] ^= (byte) (1 << random.nextInt(8));
        } else {
            all = java.util.Arrays.copyOf(all, random.nextInt(all.length));
        }
        Files.write(onlyFile(), all);

        assertThat(get(cache, PARTS, (byte) 4)).containsExactly(4);
        assertThat(get(cache, PARTS, (byte) 5)).containsExactly(4);
        assertThat(compiled).isEqualTo(2);
    }

    @Test
    void compilesWhereNothingCanBeWritten() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "in the way");
        CubinCache cache = new CubinCache(file.resolve("cubins"));
        assertThat(get(cache, PARTS, (byte) 1)).containsExactly(1);
        assertThat(get(cache, PARTS, (byte) 2)).containsExactly(2);
    }

    @Test
    void liesWhereTheEnvironmentSays() {
        assertThat(CacheDirectory.of(Map.of("LIMPID_CACHE", "/l", "XDG_CACHE_HOME", "/x"), "/home/a"))
                .isEqualTo(Path.of("/l"));
        assertThat(CacheDirectory.of(Map.of("LIMPID_CACHE", " ", "XDG_CACHE_HOME", "/x"), "/home/a"))
                .isEqualTo(Path.of("/x/limpid"));
        assertThat(CacheDirectory.of(Map.of("XDG_CACHE_HOME", "relative"), "/home/a"))
                .isEqualTo(Path.of("/home/a/.cache/limpid"));
    }
}
