package dev.limpid.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.safetensors.Checkpoint;
import dev.limpid.safetensors.LoraAdapter;
import dev.limpid.safetensors.SafetensorsFile;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.DType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssembledModelTest {

    private static final Path MODEL = DemoModels.questionAnswering();
    /** The matrices of a block in the order in which the export numbered them. */
    private static final List<String> MATRICES = List.of("attention.self.query", "attention.self.key",
            "attention.self.value", "attention.output.dense", "intermediate.dense", "output.dense");
    private static final int[] NUMBERS = {787, 788, 791, 797, 798, 799};

    /** Elements of the state that PEFT 0.21's merge_and_unload makes of the model and its adapter. */
    private static final List<Merged> MERGED = List.of(
            new Merged("bert.encoder.layer.0.attention.self.query.weight", 384, 384, 0, 0, -0.15272032f),
            new Merged("bert.encoder.layer.3.intermediate.dense.weight", 1536, 384, 1000, 7, 0.033537373f),
            new Merged("bert.encoder.layer.5.output.dense.weight", 384, 1536, 383, 1535, -0.0034385533f),
            new Merged("bert.encoder.layer.2.attention.output.dense.weight", 384, 384, 17, 300, -0.036493205f),
            new Merged("qa_outputs.weight", 2, 384, 1, 200, -0.07152415f));

    private record Merged(String name, long rows, long columns, long row, long column, float value) {}

    @ParameterizedTest
    @CsvSource({"embeddings.word_embeddings.weight,5b08cfcf", "encoder.layer.0.attention.self.key.weight,17a63c64",
            "encoder.layer.3.intermediate.dense.weight,94d1b461", "encoder.layer.5.output.dense.weight,243df8a7",
            "encoder.layer.5.output.LayerNorm.bias,b0faddf9", "encoder.layer.2.attention.output.dense.weight,50f0377b"})
    void bytesHaveTheChecksumOfNumpysConversion(String name, String crc) {
        try (SafetensorsFile file = SafetensorsFile.open(MODEL.resolve("model.safetensors"))) {
            CRC32 checksum = new CRC32();
            checksum.update(file.segment(name).toArray(ValueLayout.JAVA_BYTE));
            assertThat(checksum.getValue()).isEqualTo(Long.parseLong(crc, 16));
        }
    }

    /** Finds the tensors in the ONNX file by their serialised names, without walking over its messages or its graph. */
    @Test
    void everyWeightIsTheOnnxFilesRoundedToF16() throws IOException {
        byte[] onnx = onnx();
        Map<String, Integer> offsets = rawData(onnx);
        try (SafetensorsFile file = SafetensorsFile.open(MODEL.resolve("model.safetensors"))) {
            assertThat(file.names()).hasSize(101);
            List<String> named = new ArrayList<>(file.names());
            named.removeIf(AssembledModelTest::isMatrix);
            assertThat(named).hasSize(65);
            for (String name : named) {
                assertRounded(onnx, offsets.get(name), file, name, 1);
            }
            for (int layer = 0; layer < 6; layer++) {
                for (int i = 0; i < NUMBERS.length; i++) {
                    int at = offsets.get("onnx::MatMul_" + (NUMBERS[i] + 13 * layer));
                    String name = "encoder.layer." + layer + "." + MATRICES.get(i) + ".weight";
                    assertRounded(onnx, at, file, name, file.info(name).shape()[0]);
                }
            }
        }
    }

    private static boolean isMatrix(String name) {
        return MATRICES.stream().anyMatch(matrix -> name.endsWith(matrix + ".weight"));
    }

    /** Element (o, i) of the checkpoint lies at (i, o) of the file where {@code out} is the matrix' height. */
    private static void assertRounded(byte[] onnx, int at, SafetensorsFile file, String name, long out) {
        assertThat(file.info(name).dtype()).isEqualTo(DType.F16);
        float[] actual = file.floats(name);
        ByteBuffer raw = ByteBuffer.wrap(onnx).order(ByteOrder.LITTLE_ENDIAN);
        int height = (int) out;
        int width = actual.length / height;
        for (int o = 0; o < height; o++) {
            for (int i = 0; i < width; i++) {
                float exact = raw.getFloat(at + Float.BYTES * (i * height + o));
                float rounded = actual[o * width + i];
                float expected = Float.float16ToFloat(Float.floatToFloat16(exact));
                if (rounded != expected) {
                    assertThat(rounded).as("%s(%d,%d)", name, o, i).isEqualTo(expected);
                }
            }
        }
    }

    /** Where the raw data of every initialiser begins: tag 8, the name, tag 9, a length, then the data. */
    private static Map<String, Integer> rawData(byte[] onnx) {
        Map<String, Integer> offsets = new HashMap<>();
        for (int i = 0; i < onnx.length - 2; i++) {
            int after = i + 2 + onnx[i + 1];
            boolean named = onnx[i] == 0x42 && onnx[i + 1] > 0 && after < onnx.length && onnx[after] == 0x4a;
            if (named && isAscii(onnx, i + 2, after)) {
                int end = after + 1;
                while (onnx[end] < 0) {
                    end++;
                }
                offsets.put(new String(onnx, i + 2, onnx[i + 1], StandardCharsets.UTF_8), end + 1);
                i = after;
            }
        }
        return offsets;
    }

    private static boolean isAscii(byte[] onnx, int from, int to) {
        for (int i = from; i < to; i++) {
            if (onnx[i] <= ' ') {
                return false;
            }
        }
        return true;
    }

    private static byte[] onnx() throws IOException {
        try (InputStream in = AssembledModelTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            return in.readAllBytes();
        }
    }

    @Test
    void configAndTokenizerBelongToTheWeights() throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode config = json.readTree(MODEL.resolve("config.json").toFile());
        assertThat(config.path("layer_norm_eps").doubleValue()).isEqualTo(1e-12);
        assertThat(config.path("architectures").get(0).asText()).isEqualTo("BertForQuestionAnswering");
        JsonNode tokenizer = json
                .readTree(AssembledModelTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json"));
        JsonNode options = json.readTree(MODEL.resolve("tokenizer_config.json").toFile());
        JsonNode normalizer = tokenizer.path("normalizer");
        assertThat(options.path("do_lower_case")).isEqualTo(normalizer.path("lowercase"));
        assertThat(options.path("tokenize_chinese_chars")).isEqualTo(normalizer.path("handle_chinese_chars"));
        assertThat(options.path("strip_accents")).isEqualTo(normalizer.path("strip_accents"));
        JsonNode vocabulary = tokenizer.path("model").path("vocab");
        List<String> lines = List.of(Files.readString(MODEL.resolve("vocab.txt")).split("\n", -1));
        assertThat(lines).hasSize(30523).startsWith("[PAD]").endsWith("");
        for (int id = 0; id < 30522; id++) {
            assertThat(vocabulary.path(lines.get(id)).intValue()).isEqualTo(id);
        }
    }

    @Test
    void theAdapterFitsTheEncoder() {
        try (Checkpoint checkpoint = Checkpoint.open(MODEL);
                LoraAdapter adapter = LoraAdapter.load(DemoModels.questionAnsweringAdapter())) {
            Weights weights = Weights.of(checkpoint).renamed(name -> List.of(name, name.replaceFirst("^bert\\.", "")))
                    .adapted(adapter);
            for (Merged expected : MERGED) {
                float[] merged = weights.floats(expected.name(), expected.rows(), expected.columns());
                int at = (int) (expected.row() * expected.columns() + expected.column());
                assertThat(merged[at]).as(expected.name()).isCloseTo(expected.value(), within(2e-8f));
            }
            for (String name : checkpoint.names()) {
                weights.floats("bert." + name, checkpoint.info(name).shape());
            }
            weights.floats("qa_outputs.weight", 2, 384);
            weights.floats("qa_outputs.bias", 2);
            weights.requireAdapterUsed();
            assertThat(weights.unused()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"questionAnswering", "questionAnsweringAdapter"})
    void everyModelHasACard(String model) {
        Path directory = model.equals("questionAnswering") ? MODEL : DemoModels.questionAnsweringAdapter();
        assertThat(directory.resolve("README.md")).content().contains("Licence", "Apache-2.0", "all-MiniLM-L6-v2");
    }

    @Test
    void theCardOfTheVisionModelTellsHowGoodItIs() {
        assertThat(DemoModels.imageClassification().resolve("README.md")).content().contains("apache-2.0", "CIFAR-10",
                "85.12%", "32×32", "coarse");
    }
}
