package dev.limpid.attribution.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.attribution.Target;
import dev.limpid.bert.BertBatch;
import dev.limpid.bert.BertConfig;
import dev.limpid.bert.BertLoader;
import dev.limpid.bert.BertModel;
import dev.limpid.bert.EmbeddingPoint;
import dev.limpid.safetensors.Checkpoint;
import dev.limpid.safetensors.SafetensorsFile;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import dev.limpid.vit.ViTConfig;
import dev.limpid.vit.ViTLoader;
import dev.limpid.vit.ViTModel;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention, its gradient, rollout and gradient-weighted attention of tiny checkpoints against PyTorch in double precision. */
class AttentionGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final double F64 = 1e-10;
    /** Maps hold single precision; what is made of them by at most two layers of products rounds no more. */
    private static final double ROUNDED = 1e-6;

    private static SafetensorsFile tensors;
    private static JsonNode about;

    @BeforeAll
    static void open() throws IOException {
        tensors = SafetensorsFile.open(GOLDEN.resolve("attention.safetensors"));
        about = new ObjectMapper().readTree(GOLDEN.resolve("attention.json").toFile());
    }

    @AfterAll
    static void close() {
        tensors.close();
    }

    private static double[] doubles(String name) {
        return tensors.segment(name)
                .toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
    }

    private static int[] ints(String name) {
        return Arrays.stream(tensors.longs(name)).mapToInt(Math::toIntExact).toArray();
    }

    private static Target target(String name) {
        return Target.logit(about.path("labels").path(name).asInt());
    }

    private static BertBatch batch(String name) {
        return BertBatch.of(ints(name + ".input_ids"), ints(name + ".token_type_ids"));
    }

    private static BertModel bert(Ops ops, String name) {
        Path folder = Path.of("../bert/src/test/resources/golden", name);
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            BertConfig config = BertConfig.read(folder);
            return BertLoader.load(config, config.architecture(), Weights.of(checkpoint), ops).model();
        }
    }

    private static ViTModel vit(Ops ops, String name) {
        Path folder = Path.of("../vit/src/test/resources/golden", name);
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return ViTLoader.load(ViTConfig.read(folder), Weights.of(checkpoint), ops).model();
        }
    }

    private static Tensor pixels(Workspace ws, String name) {
        int[] shape = Arrays.stream(tensors.info(name + ".pixel_values").shape()).mapToInt(Math::toIntExact).toArray();
        Tensor pixels = ws.tensor(shape);
        ws.ops().upload(doubles(name + ".pixel_values"), pixels);
        return pixels;
    }

    private static AttentionReading read(Ops ops, Workspace ws, String name) {
        return name.startsWith("sequence")
                ? AttentionReading.of(bert(ops, name), batch(name), target(name))
                : AttentionReading.of(vit(ops, name), ws, pixels(ws, name), target(name));
    }

    private static double[] oneAt(int index, int size) {
        double[] values = new double[size];
        values[index] = 1;
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"sequence-2", "sequence-5"})
    void gradientsOfBertsAttentionAreAutograds(String name) {
        try (Ops ops = Device.open("reference", DeviceOptions.DEFAULT); Workspace ws = ops.workspace()) {
            BertModel model = bert(ops, name);
            Tensor x = model.embed(ws, EmbeddingPoint.AFTER_LAYER_NORM, batch(name));
            BertModel.Pass pass = model.forwardFrom(ws, EmbeddingPoint.AFTER_LAYER_NORM, x, null);
            Tensor dLogits = ws.tensor(1, model.config().labels().size());
            ops.upload(oneAt(about.path("labels").path(name).asInt(), (int) dLogits.size()), dLogits);
            boolean[] seen = new boolean[model.config().layers()];
            model.attentionGradients(ws, dLogits, pass, (dA, layer) -> {
                seen[layer] = true;
                assertThat(ops.download(dA)).containsExactly(doubles(name + ".gradient." + layer), within(F64));
                assertThat(ops.download(model.attention(ws, pass, layer)))
                        .containsExactly(doubles(name + ".attention." + layer), within(F64));
            });
            assertThat(seen).containsOnly(true);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vit-plain", "deit-distilled"})
    void gradientsOfVitsAttentionAreAutograds(String name) {
        try (Ops ops = Device.open("reference", DeviceOptions.DEFAULT); Workspace ws = ops.workspace()) {
            ViTModel model = vit(ops, name);
            ViTModel.Pass pass = model.forwardFrom(ws, model.patches(ws, pixels(ws, name)));
            Tensor dLogits = ws.tensor(1, model.config().labels().size());
            ops.upload(oneAt(about.path("labels").path(name).asInt(), (int) dLogits.size()), dLogits);
            boolean[] seen = new boolean[model.config().layers()];
            model.attentionGradients(ws, dLogits, pass, (dA, layer) -> {
                seen[layer] = true;
                assertThat(ops.download(dA)).containsExactly(doubles(name + ".gradient." + layer), within(F64));
                assertThat(ops.download(model.attention(ws, pass, layer)))
                        .containsExactly(doubles(name + ".attention." + layer), within(F64));
            });
            assertThat(seen).containsOnly(true);
        }
    }

    @ParameterizedTest
    @CsvSource({"sequence-2, reference", "sequence-5, reference", "vit-plain, reference", "deit-distilled, reference",
            "sequence-2, cpu", "deit-distilled, cpu"})
    void whatIsMadeOfAttentionIsWhatTheFormulasGive(String name, String device) {
        try (Ops ops = Device.open(device, new DeviceOptions(2)); Workspace ws = ops.workspace()) {
            AttentionMaps maps = read(ops, ws, name).maps();
            double tolerance = device.equals("cpu") ? 10 * ROUNDED : ROUNDED;
            for (AttentionRollout.Fusion fusion : AttentionRollout.Fusion.values()) {
                String expected = name + ".rollout." + fusion.name().toLowerCase(java.util.Locale.ROOT);
                assertThat(new AttentionRollout(fusion).layers(maps).getLast()).containsExactly(doubles(expected),
                        within(tolerance));
            }
            double[] relevance = doubles(name + ".relevance");
            assertThat(GradientWeightedAttention.layers(maps).getLast()).containsExactly(relevance, within(tolerance));
            assertThat(GradientWeightedAttention.scores(maps, 0))
                    .containsExactly(Arrays.copyOf(relevance, maps.length()), within(tolerance));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sequence-2", "vit-plain"})
    void queriesAndKeysGiveTheProbabilities(String name) {
        try (Ops ops = Device.open("reference", DeviceOptions.DEFAULT); Workspace ws = ops.workspace()) {
            AttentionReading reading = read(ops, ws, name);
            AttentionProjections p = reading.projections();
            int t = p.length();
            int d = p.headSize();
            for (int layer = 0; layer < reading.maps().layers(); layer++) {
                for (int row = 0; row < p.heads() * t; row++) {
                    double[] scores = new double[t];
                    for (int j = 0; j < t; j++) {
                        for (int c = 0; c < d; c++) {
                            scores[j] += p.queries().get(layer)[row * d + c]
                                    * p.keys().get(layer)[(row / t * t + j) * d + c] / Math.sqrt(d);
                        }
                    }
                    double sum = Arrays.stream(scores).map(Math::exp).sum();
                    for (int j = 0; j < t; j++) {
                        assertThat((double) reading.maps().probability(layer, row / t, row % t, j))
                                .isCloseTo(Math.exp(scores[j]) / sum, within(ROUNDED));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sequence-2"})
    void severalRowsAreRefused(String name) {
        try (Ops ops = Device.open("reference", DeviceOptions.DEFAULT)) {
            BertModel model = bert(ops, name);
            BertBatch two = new BertBatch(2, 1, new int[]{1, 1}, new int[2], new int[2], new int[]{1, 1});
            assertThatIllegalArgumentException().isThrownBy(() -> AttentionReading.of(model, two, null))
                    .withMessageContaining("one input at a time");
            AttentionMaps without = AttentionReading.of(model, batch(name), null).maps();
            assertThat(without.gradients()).isEqualTo(List.of());
            assertThatIllegalArgumentException().isThrownBy(() -> GradientWeightedAttention.layers(without))
                    .withMessageContaining("read them with a target");
        }
    }
}
