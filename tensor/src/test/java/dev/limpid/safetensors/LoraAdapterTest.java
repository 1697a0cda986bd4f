package dev.limpid.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.limpid.safetensors.SafetensorsException.Reason;
import dev.limpid.tensor.DType;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the results of PEFT's own merge_and_unload; reference/lora/make_lora_fixtures.py wrote them. */
class LoraAdapterTest {

    private static final String QUERY = "base_model.model.bert.encoder.layer.0.attention.self.query";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"plain-f16", "rslora", "patterns", "bias-lora-only", "bias-all", "regex", "excluded-list",
            "modules-to-save", "one-layer", "embeddings", "wrong-fan-flag", "conv1d"})
    void everyTensorIsTheOneThatPeftMerges(String name) {
        Path base = fixture(name.equals("conv1d") ? "base-conv1d" : "base-bert");
        try (Checkpoint checkpoint = Checkpoint.open(base);
                LoraAdapter adapter = LoraAdapter.load(fixture(name));
                SafetensorsFile merged = SafetensorsFile.open(fixture(name).resolve("merged.safetensors"))) {
            Weights weights = Weights.of(checkpoint).renamed(LoraAdapterTest::withoutPrefix).adapted(adapter);
            Set<String> names = new LinkedHashSet<>(merged.names());
            checkpoint.names().forEach(n -> names.add(name.equals("conv1d") ? n : "bert." + n));
            for (String tensor : names) {
                TensorSource expected = merged.has(tensor) ? merged : checkpoint;
                String stored = merged.has(tensor) ? tensor : withoutPrefix(tensor).getLast();
                float[] actual = weights.floats(tensor, expected.info(stored).shape());
                float[] wanted = expected.floats(stored);
                for (int i = 0; i < wanted.length; i++) {
                    // PEFT sums B·A in F32: at most r roundings of numbers of the size of the result.
                    double tolerance = merged.has(tensor) ? 4e-7 * Math.max(1, Math.abs(wanted[i])) : 0;
                    assertThat(actual[i]).as("%s[%d]", tensor, i).isCloseTo(wanted[i], within((float) tolerance));
                }
            }
            weights.requireAdapterUsed();
            assertThat(weights.unused()).isEmpty();
        }
    }

    private static List<String> withoutPrefix(String name) {
        return List.of(name, name.replaceFirst("^bert\\.", ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"peft_type|\"IA3\"|IA3", "peft_type|null|absent", "use_dora|true|use_dora",
            "lora_bias|true|lora_bias", "use_qalora|true|use_qalora", "ensure_weight_tying|true|ensure_weight_tying",
            "trainable_token_indices|[1]|trainable_token_indices", "layer_replication|[[0,1]]|layer_replication",
            "target_parameters|[\"w\"]|target_parameters", "alora_invocation_tokens|[7]|alora_invocation_tokens",
            "megatron_config|{\"a\":1}|megatron_config", "kasa_config|{\"beta\":1}|kasa_config",
            "init_lora_weights|\"pissa_niter_4\"|pissa_niter_4", "init_lora_weights|\"olora\"|olora",
            "an_option_of_tomorrow|0.5|an_option_of_tomorrow"})
    void whatIsNotImplementedIsRefusedByName(String option, String value, String named) throws IOException {
        refused(Reason.UNSUPPORTED_ADAPTER, named, load(Map.of(option, value)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"r|0", "r|1.5", "r|\"8\"", "lora_alpha|null", "use_rslora|1", "bias|\"some\"",
            "target_modules|\"(query\"", "target_modules|[1]", "rank_pattern|{\"query\":0}", "rank_pattern|{\"(\":1}",
            "alpha_pattern|{\"query\":\"x\"}", "layers_to_transform|[0.5]", "modules_to_save|[3]"})
    void brokenConfigsAreRefused(String option, String value) throws IOException {
        refused(Reason.BAD_ADAPTER_CONFIG, option, load(Map.of(option, value)));
    }

    @Test
    void layersAndARegularExpressionExcludeEachOther() throws IOException {
        refused(Reason.BAD_ADAPTER_CONFIG, "layers_to_transform",
                load(Map.of("target_modules", "\".*query\"", "layers_to_transform", "[0]")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"r\":1,\"r\":2}", "{} {}"})
    void configsThatAreNoJsonObjectAreRefused(String config) throws IOException {
        Path path = Files.writeString(copy("wrong-fan-flag").resolve("adapter_config.json"), config);
        refused(Reason.BAD_ADAPTER_CONFIG, "adapter_config.json", () -> LoraAdapter.load(path.getParent()));
    }

    @Test
    void missingFilesAreNamed() throws IOException {
        refused(Reason.NOT_FOUND, "none", () -> LoraAdapter.load(directory.resolve("none")));
        refused(Reason.NOT_FOUND, "adapter_config.json", () -> LoraAdapter.load(directory));
        Path adapter = copy("wrong-fan-flag");
        Files.move(adapter.resolve("adapter_model.safetensors"), adapter.resolve("adapter_model.bin"));
        refused(Reason.NOT_FOUND, "save_pretrained", () -> LoraAdapter.load(adapter));
    }

    @Test
    void tensorsThatTheConfigDoesNotExplainAreRefused() throws IOException {
        Map<String, long[]> shapes = factors();
        shapes.put("base_model.model.bert.pooler.dense.weight", new long[]{12, 12});
        refused(Reason.ADAPTER_MISMATCH, "bert.pooler.dense.weight", tensors(shapes));
        shapes = factors();
        shapes.put("base_model.model.bert.encoder.layer.0.attention.self.query.base_layer.bias", new long[]{12});
        refused(Reason.ADAPTER_MISMATCH, "query.base_layer.bias", tensors(shapes));
        shapes = factors();
        shapes.put("base_model.model.bert.encoder.layer.0.attention.self.key.lora_A.weight", new long[]{2, 12});
        shapes.put("base_model.model.bert.encoder.layer.0.attention.self.key.lora_B.weight", new long[]{12, 2});
        refused(Reason.ADAPTER_MISMATCH, "does not target", tensors(shapes));
        shapes = factors();
        shapes.put(QUERY + ".lora_magnitude_vector", new long[]{12});
        refused(Reason.UNSUPPORTED_ADAPTER, "lora_magnitude_vector", tensors(shapes));
        shapes = factors();
        shapes.remove(QUERY + ".lora_B.weight");
        refused(Reason.ADAPTER_MISMATCH, "lora_A.weight", tensors(shapes));
        shapes = factors();
        shapes.put(QUERY + ".lora_A.weight", new long[]{3, 12});
        refused(Reason.ADAPTER_MISMATCH, "the rank 2", tensors(shapes));
        shapes = factors();
        shapes.put(QUERY + ".lora_A.weight", new long[]{2, 3, 2, 2});
        refused(Reason.UNSUPPORTED_ADAPTER, "convolution", tensors(shapes));
        refused(Reason.ADAPTER_MISMATCH, "no tensors", tensors(Map.of()));
    }

    @Test
    void factorsOfAnotherSizeAreRefusedWhenMerged() throws IOException {
        Map<String, long[]> shapes = factors();
        shapes.put(QUERY + ".lora_A.weight", new long[]{2, 13});
        tensors(shapes);
        refused(Reason.ADAPTER_MISMATCH, "[12,13]", this::readQuery);
    }

    @Test
    void factorsThatAreMissingAreRefusedWhenTheirWeightIsRead() throws IOException {
        Map<String, long[]> shapes = factors();
        shapes.keySet().removeIf(name -> name.startsWith(QUERY));
        tensors(shapes);
        refused(Reason.ADAPTER_MISMATCH, "has no LoRA factors for 'bert.encoder.layer.0.attention.self.query.weight'",
                this::readQuery);
    }

    @Test
    void adaptersThatDoNotFitTheModelAreRefused() {
        try (Checkpoint checkpoint = Checkpoint.open(fixture("base-bert"));
                LoraAdapter adapter = LoraAdapter.load(fixture("plain-f16"))) {
            Weights weights = Weights.of(checkpoint).adapted(adapter);
            refused(Reason.ADAPTER_MISMATCH, "and 9 more", weights::requireAdapterUsed);
            assertThat(adapter.taskType()).isEqualTo("QUESTION_ANS");
            assertThat(weights.has("qa_outputs.weight")).isTrue();
            assertThat(weights.at("qa_outputs").info("weight").shape()).containsExactly(2, 12);
            refused(Reason.WRONG_SHAPE, "adapter_model.safetensors", () -> weights.floats("qa_outputs.weight", 3, 12));
            refused(Reason.NO_SUCH_TENSOR, "query.weight",
                    () -> weights.floats("bert.encoder.layer.0.attention.self.query.weight", 12, 12));
            Weights.of(checkpoint).requireAdapterUsed();
        }
    }

    private void readQuery() {
        try (Checkpoint checkpoint = Checkpoint.open(fixture("base-bert"));
                LoraAdapter adapter = LoraAdapter.load(directory)) {
            Weights.of(checkpoint).renamed(LoraAdapterTest::withoutPrefix).adapted(adapter)
                    .floats("bert.encoder.layer.0.attention.self.query.weight", 12, 12);
        }
    }

    /** The tensors of the fixture wrong-fan-flag: rank 2 on the query of both layers. */
    private static Map<String, long[]> factors() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (String module : List.of(QUERY, QUERY.replace("layer.0", "layer.1"))) {
            shapes.put(module + ".lora_A.weight", new long[]{2, 12});
            shapes.put(module + ".lora_B.weight", new long[]{12, 2});
        }
        return shapes;
    }

    private Runnable tensors(Map<String, long[]> shapes) throws IOException {
        copy("wrong-fan-flag");
        SafetensorsWriter writer = new SafetensorsWriter();
        shapes.forEach((name, shape) -> {
            int elements = 1;
            for (long dimension : shape) {
                elements *= (int) dimension;
            }
            writer.floats(name, DType.F32, new float[elements], shape);
        });
        writer.write(directory.resolve("adapter_model.safetensors"));
        return () -> LoraAdapter.load(directory);
    }

    private Runnable load(Map<String, String> options) throws IOException {
        Path config = copy("wrong-fan-flag").resolve("adapter_config.json");
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = (ObjectNode) json.readTree(config.toFile());
        for (Map.Entry<String, String> option : options.entrySet()) {
            root.set(option.getKey(), json.readTree(option.getValue()));
        }
        json.writeValue(config.toFile(), root);
        return () -> LoraAdapter.load(directory);
    }

    private Path copy(String name) throws IOException {
        for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.write(directory.resolve(file), Files.readAllBytes(fixture(name).resolve(file)));
        }
        return directory;
    }

    private static Path fixture(String name) {
        try {
            return Path.of(LoraAdapterTest.class.getResource("/safetensors/lora/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void refused(Reason reason, String message, Runnable call) {
        SafetensorsException e = catchThrowableOfType(SafetensorsException.class, call::run);
        assertThat(e).as("refusal").isNotNull();
        assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
        assertThat(e).hasMessageContaining(message);
    }
}
