package dev.limpid.vit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpid.nn.ModelException;
import dev.limpid.safetensors.Checkpoint;
import dev.limpid.safetensors.SafetensorsException;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViTLoaderTest {
    private static final Path PLAIN = Path.of("src/test/resources/golden/vit-plain");

    @TempDir
    private Path folder;

    private final Ops ops = Device.open("reference", DeviceOptions.DEFAULT);

    @AfterEach
    void close() {
        ops.close();
    }

    private ViTLoader.Loaded load(Path directory) {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            return ViTLoader.load(ViTConfig.read(directory), Weights.of(checkpoint), ops);
        }
    }

    @Test
    void namesOfTheModulesOfTransformers5AreUnderstood() {
        Path renamed = ChangedCheckpoint.write(PLAIN, folder,
                name -> name.replace("encoder.layer.", "layers.")
                        .replace("attention.attention.query", "attention.q_proj")
                        .replace("attention.attention.key", "attention.k_proj")
                        .replace("attention.attention.value", "attention.v_proj")
                        .replace("attention.output.dense", "attention.o_proj")
                        .replace("intermediate.dense", "mlp.fc1").replace("output.dense", "mlp.fc2"),
                (_, _) -> {});
        try (Golden golden = new Golden("vit-plain"); Checkpoint checkpoint = Checkpoint.open(renamed)) {
            assertThat(checkpoint.names()).contains("vit.layers.0.attention.q_proj.weight",
                    "vit.layers.2.mlp.fc2.bias", "vit.layers.1.attention.o_proj.weight");
            assertThat(golden.departures(ops, golden.config(), renamed, 1e-10)).isEmpty();
        }
    }

    @Test
    void aPoolerIsHarmlessAndOtherLeftoversAreReported() {
        assertThat(load(Path.of("src/test/resources/golden/vit-pooler")).unusedWeights()).isEmpty();
        Path more = ChangedCheckpoint.write(PLAIN, folder, name -> name, (_, _) -> {});
        try (Checkpoint checkpoint = Checkpoint.open(more)) {
            assertThat(checkpoint.names()).noneMatch(name -> name.contains("pooler"));
        }
        Path twoLayers = edit(more, "\"num_hidden_layers\": 3", "\"num_hidden_layers\": 2");
        assertThat(load(twoLayers).unusedWeights()).hasSize(16)
                .allMatch(name -> name.startsWith("vit.encoder.layer.2."));
    }

    @Test
    void aMissingTensorIsNamed() {
        Path without = ChangedCheckpoint.write(PLAIN, folder,
                name -> name.equals("vit.encoder.layer.1.output.dense.bias") ? null : name, (_, _) -> {});
        assertThatThrownBy(() -> load(without)).isInstanceOf(SafetensorsException.class)
                .hasMessageContaining("vit.encoder.layer.1.output.dense.bias");
    }

    @Test
    void aMisshapenTensorIsNamedWithBothShapes() {
        Path copy = ChangedCheckpoint.write(PLAIN, folder, name -> name, (_, _) -> {});
        Path larger = edit(copy, "\"image_size\": 12", "\"image_size\": 16");
        assertThatThrownBy(() -> load(larger)).isInstanceOf(SafetensorsException.class)
                .hasMessageContainingAll("vit.embeddings.position_embeddings", "[1,10,24]", "[1,17,24]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "\"model_type\": \"vit\" | \"model_type\": \"bert\" | model_type is 'bert', but an image classifier",
            "ViTForImageClassification | ViTModel | the architecture 'ViTModel' is not supported",
            "\"hidden_act\": \"gelu\" | \"hidden_act\": \"quick\" | hidden_act 'quick' is not supported",
            "\"patch_size\": 4 | \"patch_size\": 13 | a patch_size of 13 × 13 is larger than the image_size of 12 × 12",
            "\"patch_size\": 4 | \"patch_size\": [4] | patch_size must be a positive whole number or two, not [4]",
            "\"patch_size\": 4 | \"patch_size\": 0 | patch_size must be a positive whole number, not 0",
            "\"num_attention_heads\": 4 | \"num_attention_heads\": 5 | hidden_size 24 is not a multiple of num_attention_heads 5"})
    void aConfigurationThatCannotBeIsRefusedByName(String from, String to, String message) {
        Path copy = ChangedCheckpoint.write(PLAIN, folder, name -> name, (_, _) -> {});
        Path edited = edit(copy, from, to);
        assertThatThrownBy(() -> load(edited)).isInstanceOf(ModelException.class).hasMessageContaining(message);
    }

    @Test
    void whatTheConfigurationLeavesOutHasItsDefault() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"vit\"}");
        ViTConfig config = ViTConfig.read(folder);
        assertThat(config.tokens()).isEqualTo(197);
        assertThat(config.hiddenSize()).isEqualTo(768);
        assertThat(config.layers()).isEqualTo(12);
        assertThat(config.qkvBias()).isTrue();
        assertThat(config.layerNormEpsilon()).isEqualTo(1e-12);
        assertThat(config.labels()).isEqualTo(List.of("LABEL_0", "LABEL_1"));
    }

    private static Path edit(Path directory, String from, String to) {
        Path file = directory.resolve("config.json");
        try {
            String text = Files.readString(file);
            assertThat(text).contains(from);
            Files.writeString(file, text.replace(from, to));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return directory;
    }
}
