package dev.limpid.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.nn.SelectedTokens;
import dev.limpid.safetensors.Checkpoint;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Shape;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads put on an encoder that was saved with another: one token's words, and a vector of the text. */
class HeadsTest {
    private static final int[] IDS = {2, 77, 12, 4, 130, 99, 3};
    private static final int ROWS = 2;

    private static BertModel model(String name, String architecture, Ops ops) {
        Path directory = Path.of("src/test/resources/golden", name);
        BertConfig config = BertConfig.read(directory);
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            return BertLoader.load(config, architecture == null ? config.architecture() : architecture,
                    Weights.of(checkpoint), ops).model();
        }
    }

    private static Tensor points(Workspace ws, BertModel model, long seed) {
        Tensor points = ws.tensor(ROWS, IDS.length, model.config().hiddenSize());
        Random random = new Random(seed);
        ws.ops().upload(random.doubles(points.shape().size()).map(x -> x - 0.5).toArray(), points);
        return points;
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void oneTokensWordsAreThoseOfTheWholeHead(long seed) {
        try (Ops ops = Device.open("reference", DeviceOptions.DEFAULT); Workspace ws = ops.workspace()) {
            BertModel all = model("masked-lm", "BertForMaskedLM", ops);
            int token = new Random(seed).nextInt(IDS.length);
            Packing oneToken = new Packing(List.of(new Packing.Group(ROWS, IDS.length, new int[]{token})));
            Tensor points = points(ws, all, seed);
            int vocabulary = all.config().vocabSize();
            assertThat(all.head().logitsPerRow(oneToken.groups().getFirst().wanted())).isEqualTo(vocabulary);
            BertModel.Pass whole = all.forwardFrom(ws, EmbeddingPoint.AFTER_LAYER_NORM, points, null);
            BertModel.Pass part = all.forwardPacked(ws, EmbeddingPoint.AFTER_LAYER_NORM, points, oneToken);
            double[] expected = ops.download(whole.logits());
            double[] found = ops.download(part.logits());
            double[] dPart = new Random(seed).doubles(found.length).toArray();
            double[] dWhole = new double[expected.length];
            for (int b = 0; b < ROWS; b++) {
                int at = (b * IDS.length + token) * vocabulary;
                assertThat(Arrays.copyOfRange(found, b * vocabulary, (b + 1) * vocabulary))
                        .containsExactly(Arrays.copyOfRange(expected, at, at + vocabulary), within(1e-12));
                System.arraycopy(dPart, b * vocabulary, dWhole, at, vocabulary);
            }
            Tensor dLogits = ws.tensor(ROWS, 1, vocabulary);
            ops.upload(dPart, dLogits);
            Tensor dAll = ws.tensor(ROWS, IDS.length, vocabulary);
            ops.upload(dWhole, dAll);
            assertThat(ops.download(all.backwardTo(ws, dLogits, part)))
                    .containsExactly(ops.download(all.backwardTo(ws, dAll, whole)), within(1e-12));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTextsVectorHasTheGradientOfCentralDifferences(Pooling pooling) {
        try (Ops ops = Device.open("reference", DeviceOptions.DEFAULT); Workspace ws = ops.workspace()) {
            BertModel model = model("sequence-2", "BertModel", ops).pooled(pooling);
            int size = model.config().hiddenSize();
            Tensor points = points(ws, model, 4);
            double[] x = ops.download(points);
            double[] direction = new Random(5).doubles(x.length).map(d -> d - 0.5).toArray();
            double[] dVector = new Random(6).doubles((long) ROWS * size).map(d -> d - 0.5).toArray();
            BertModel.Pass pass = model.forwardFrom(ws, EmbeddingPoint.AFTER_LAYER_NORM, points, null);
            Tensor dLogits = ws.tensor(ROWS, size);
            ops.upload(dVector, dLogits);
            double[] gradient = ops.download(model.backwardTo(ws, dLogits, pass));
            double slope = 0;
            for (int i = 0; i < x.length; i++) {
                slope += gradient[i] * direction[i];
            }
            double h = 1e-5;
            double difference = 0;
            for (int sign : new int[]{1, -1}) {
                double[] moved = new double[x.length];
                Arrays.setAll(moved, i -> x[i] + sign * h * direction[i]);
                ops.upload(moved, points);
                double[] vector = ops.download(
                        model.forwardFrom(ws, EmbeddingPoint.AFTER_LAYER_NORM, points, null).logits());
                for (int i = 0; i < vector.length; i++) {
                    difference += sign * vector[i] * dVector[i];
                }
            }
            assertThat(slope).isCloseTo(difference / (2 * h), within(1e-8));
        }
    }

    static List<Arguments> tokensWithGradient() {
        List<Arguments> all = new ArrayList<>();
        for (String name : List.of("qa", "token")) {
            for (String device : List.of("reference", "cpu")) {
                for (int[] tokens : new int[][]{{3, 12}, {0, 2, 6, 7, 8, 9}, {1, 2}, {4, 5, 9}, {},
                        {0, 1, 2, 3, 7, 8, 9, 10}}) {
                    all.add(Arguments.of(name, device, tokens));
                }
            }
        }
        return all;
    }

    @ParameterizedTest(name = "{0} on {1}, tokens {2}")
    @MethodSource("tokensWithGradient")
    void tokensWithoutAGradientCanBeLeftOutOfTheLastLayer(String name, String device, int[] tokens) {
        try (Ops ops = Device.open(device, new DeviceOptions(2)); Workspace ws = ops.workspace()) {
            BertModel model = model(name, null, ops);
            BertModel.Pass pass = model.forwardFrom(ws, EmbeddingPoint.AFTER_LAYER_NORM, points(ws, model, 7), null);
            int columns = pass.logits().shape().columns();
            double[] d = new double[ROWS * IDS.length * columns];
            for (int token : tokens) {
                d[token * columns + columns - 1] = 1.0 / (token + 2);
            }
            Tensor dLogits = ws.tensor(ROWS, IDS.length, columns);
            ops.upload(d, dLogits);
            double[] expected = ops.download(model.backwardTo(ws, dLogits, pass));
            assertThat(ops.download(model.backwardTo(ws, d, pass))).containsExactly(expected);
        }
    }

    @Test
    void fewTokensWithAGradientAreThoseOfWhichEachRowHasAsManyAndHalfAtMost() {
        assertThat(withGradient(0, 1, 0, 0, 0, 0, 0, -1)).containsExactly(1, 7);
        assertThat(withGradient(2, 3, 0, 0, 0, 5, 0, -1)).containsExactly(0, 1, 5, 7);
        assertThat(withGradient(2, 3, 4, 0, 1, 5, 0, -1)).as("more than half").isNull();
        assertThat(withGradient(0, 1, 0, 0, 0, 0, 0, 0)).as("none of the second row").isNull();
        assertThat(withGradient(0, 1, 1, 0, 0, 1, 0, 0)).as("fewer of the second row").isNull();
        assertThat(withGradient(0, 0, 0, 0, 0, 0, 0, 0)).as("none at all").isNull();
    }

    /** Of two rows of four tokens with a logit each. */
    private static int[] withGradient(double... dLogits) {
        SelectedTokens tokens = BertModel.withGradient(dLogits, Shape.of(2, 4, 1));
        return tokens == null ? null : tokens.rows();
    }
}
