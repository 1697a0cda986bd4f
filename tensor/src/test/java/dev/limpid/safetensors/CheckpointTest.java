package dev.limpid.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.limpid.safetensors.SafetensorsException.Reason;
import dev.limpid.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

    private static final String INDEX = "model.safetensors.index.json";

    @TempDir
    Path directory;

    @Test
    void aSingleFileIsReadThroughItsDirectoryOrItsPath() {
        Path file = shard("model.safetensors", "w", 1);
        for (Path path : new Path[]{directory, file}) {
            try (Checkpoint checkpoint = Checkpoint.open(path)) {
                assertThat(checkpoint.names()).containsExactly("w");
                assertThat(checkpoint.floats("w")).containsExactly(1, 2);
                assertThat(checkpoint.fileOf("w")).isEqualTo(file);
                assertThat(checkpoint.directory()).isEqualTo(directory);
            }
        }
    }

    @Test
    void shardsAreReadAsOneWhateverTotalSizeSays() throws IOException {
        shard("model-00001-of-00002.safetensors", "a", 1);
        shard("model-00002-of-00002.safetensors", "b", 5);
        Path index = index(
                "{\"metadata\":{\"total_size\":1},\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\","
                        + "\"b\":\"model-00002-of-00002.safetensors\"}}");
        Path relative = Path.of("").toAbsolutePath().relativize(directory);
        for (Path path : new Path[]{directory, index, relative, directory.resolve(".")}) {
            try (Checkpoint checkpoint = Checkpoint.open(path)) {
                assertThat(checkpoint.names()).containsExactly("a", "b");
                assertThat(checkpoint.floats("b")).containsExactly(5, 6);
                assertThat(checkpoint.info("a").hasShape(2)).isTrue();
            }
        }
    }

    @Test
    void shardsBehindLinksAreRead() throws IOException {
        Path blobs = Files.createDirectories(directory.resolve("blobs"));
        Path snapshot = Files.createDirectories(directory.resolve("snapshots/1"));
        Files.move(shard("x", "a", 1), blobs.resolve("0123"));
        Files.createSymbolicLink(snapshot.resolve("m.safetensors"), Path.of("../../blobs/0123"));
        Files.writeString(snapshot.resolve(INDEX), "{\"weight_map\":{\"a\":\"m.safetensors\"}}");
        try (Checkpoint checkpoint = Checkpoint.open(snapshot)) {
            assertThat(checkpoint.floats("a")).containsExactly(1, 2);
        }
    }

    @Test
    void brokenIndexesAreRefused() throws IOException {
        shard("s1.safetensors", "a", 1);
        shard("s2.safetensors", "b", 1);
        index("{\"weight_map\":{\"a\":\"s1.safetensors\",\"c\":\"gone.safetensors\"}}");
        refused(Reason.MISSING_SHARD, "gone.safetensors");
        index("{\"weight_map\":{\"a\":\"s1.safetensors\",\"c\":\"s2.safetensors\"}}");
        refused(Reason.NO_SUCH_TENSOR, "'c'");
        index("{\"weight_map\":{\"a\":\"s2.safetensors\",\"b\":\"s1.safetensors\"}}");
        refused(Reason.NO_SUCH_TENSOR, "'a'");
        shard("s3.safetensors", "a", 1);
        index("{\"weight_map\":{\"a\":\"s1.safetensors\",\"b\":\"s3.safetensors\"}}");
        refused(Reason.DUPLICATE_TENSOR, "'a'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"weight_map\":{\"a\":\"../s.safetensors\"}}", "{\"weight_map\":{\"a\":\"/etc/passwd\"}}",
            "{\"weight_map\":{\"a\":\"x/../../s\"}}", "{\"weight_map\":{\"a\":\"\"}}",
            "{\"weight_map\":{\"a\":\"\\u0000\"}}", "{\"weight_map\":{\"a\":1}}", "{\"weight_map\":[]}",
            "{\"weight_map\":{}}", "{}", "[]", "", "{", "{\"weight_map\":{\"a\":\"s\",\"a\":\"s\"}}"})
    void indexesThatBreakTheFormAreRefused(String index) throws IOException {
        index(index);
        refused(Reason.BAD_INDEX, INDEX);
    }

    @Test
    void otherFormatsGetARemedy() throws IOException {
        refused(Reason.NOT_A_CHECKPOINT, "neither model.safetensors nor");
        Files.createFile(directory.resolve("pytorch_model.bin"));
        refused(Reason.NOT_A_CHECKPOINT, "save_pretrained");
        SafetensorsException e = catchThrowableOfType(SafetensorsException.class,
                () -> Checkpoint.open(directory.resolve("pytorch_model.bin")));
        assertThat(e).hasMessageContaining("save_pretrained");
    }

    @Test
    void anAdapterAloneIsNoCheckpoint() throws IOException {
        Files.createFile(directory.resolve("adapter_model.safetensors"));
        refused(Reason.NOT_A_CHECKPOINT, "LoRA adapter");
    }

    @Test
    void whatIsMissingIsNamed() {
        SafetensorsException e = catchThrowableOfType(SafetensorsException.class,
                () -> Checkpoint.open(directory.resolve("none")));
        assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND);
        shard("model.safetensors", "w", 1);
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            e = catchThrowableOfType(SafetensorsException.class, () -> checkpoint.companion("config.json"));
            assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND);
            assertThat(e).hasMessageContaining("config.json").hasMessageContaining(directory.toString());
            e = catchThrowableOfType(SafetensorsException.class, () -> checkpoint.floats("v"));
            assertThat(e.reason()).isEqualTo(Reason.NO_SUCH_TENSOR);
        }
    }

    private Path shard(String file, String tensor, float first) {
        Path path = directory.resolve(file);
        new SafetensorsWriter().floats(tensor, DType.F32, new float[]{first, first + 1}, 2).write(path);
        return path;
    }

    private Path index(String json) throws IOException {
        return Files.writeString(directory.resolve(INDEX), json);
    }

    private void refused(Reason reason, String message) {
        SafetensorsException e = catchThrowableOfType(SafetensorsException.class, () -> Checkpoint.open(directory));
        assertThat(e).as("refusal").isNotNull();
        assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
        assertThat(e).hasMessageContaining(message);
    }
}
