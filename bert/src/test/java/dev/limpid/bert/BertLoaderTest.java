package dev.limpid.bert;

import dev.limpid.nn.ModelException;
import dev.limpid.safetensors.Checkpoint;
import dev.limpid.safetensors.SafetensorsException;
import dev.limpid.safetensors.TensorInfo;
import dev.limpid.safetensors.TensorSource;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The spellings of checkpoints that are understood, and what is refused. */
class BertLoaderTest {
    static final List<String> NAMES = Golden.NAMES;

    private final Ops ops = Device.open("reference", DeviceOptions.DEFAULT);

    @AfterEach
    void close() {
        ops.close();
    }

    /** A checkpoint whose tensors go by other names. */
    private record Renamed(TensorSource source, UnaryOperator<String> toNew) implements TensorSource {
        private String old(String name) {
            return source.names().stream().filter(n -> toNew.apply(n).equals(name)).findFirst().orElse("");
        }

        @Override
        public List<String> names() {
            return source.names().stream().map(toNew).toList();
        }

        @Override
        public boolean has(String name) {
            return source.has(old(name));
        }

        @Override
        public TensorInfo info(String name) {
            return source.info(old(name));
        }

        @Override
        public float[] floats(String name) {
            return source.floats(old(name));
        }

        @Override
        public Path fileOf(String name) {
            return source.fileOf(old(name));
        }

        @Override
        public void close() {
            source.close();
        }
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void checkpointsWithoutPrefixAndWithGammaAndBetaAreTheSameModel(String name) {
        UnaryOperator<String> old = n -> n.replaceFirst("^bert\\.", "").replace("LayerNorm.weight", "LayerNorm.gamma")
                .replace("LayerNorm.bias", "LayerNorm.beta");
        try (Golden golden = new Golden(name)) {
            assertThat(golden.departures(ops, golden.config(), source -> new Renamed(source, old), 1e-10)).isEmpty();
        }
    }

    @Test
    void aDecoderOfItsOwnIsUsedInsteadOfTheWordEmbeddings() {
        try (Golden golden = new Golden("masked-lm"); Checkpoint checkpoint = Checkpoint.open(golden.directory())) {
            assertThat(checkpoint.has("cls.predictions.decoder.weight")).as("the committed checkpoint is tied")
                    .isFalse();
            TensorSource untied = new Untied(checkpoint);
            assertThat(golden.departures(ops, golden.config(), _ -> untied, 1e-10)).isEmpty();
            assertThat(golden.departures(ops, golden.config(),
                    _ -> Golden.scaled(untied, "cls.predictions.decoder.weight", 1.01f), 1e-10)).isNotEmpty()
                    .noneMatch(departure -> departure.startsWith("f64.embeddings"));
        }
    }

    /** A checkpoint that holds the decoder as a tensor of its own. */
    private record Untied(TensorSource source) implements TensorSource {
        private static final String DECODER = "cls.predictions.decoder.weight";

        private static String held(String name) {
            return name.equals(DECODER) ? "bert.embeddings.word_embeddings.weight" : name;
        }

        @Override
        public List<String> names() {
            return Stream.concat(source.names().stream(), Stream.of(DECODER)).toList();
        }

        @Override
        public boolean has(String name) {
            return source.has(held(name));
        }

        @Override
        public TensorInfo info(String name) {
            return source.info(held(name));
        }

        @Override
        public float[] floats(String name) {
            return source.floats(held(name));
        }

        @Override
        public Path fileOf(String name) {
            return source.fileOf(held(name));
        }

        @Override
        public void close() {
            source.close();
        }
    }

    @Test
    void tensorsWithoutUseAreReported() {
        try (Golden golden = new Golden("sequence-2"); Checkpoint checkpoint = Checkpoint.open(golden.directory())) {
            BertLoader.Loaded asTokens = BertLoader.load(golden.config(), "BertForTokenClassification",
                    Weights.of(checkpoint), ops);
            assertThat(asTokens.unusedWeights()).containsExactlyInAnyOrder("bert.pooler.dense.weight",
                    "bert.pooler.dense.bias");
        }
    }

    @Test
    void otherArchitecturesAreRefusedByName() {
        try (Golden golden = new Golden("qa"); Checkpoint checkpoint = Checkpoint.open(golden.directory())) {
            assertThatThrownBy(
                    () -> BertLoader.load(golden.config(), "BertForNextSentencePrediction", Weights.of(checkpoint),
                            ops))
                    .isInstanceOf(ModelException.class)
                    .hasMessageStartingWith("the architecture 'BertForNextSentencePrediction' is not supported");
            assertThatThrownBy(
                    () -> BertLoader.load(golden.config(), "BertForSequenceClassification", Weights.of(checkpoint),
                            ops))
                    .isInstanceOf(SafetensorsException.class).hasMessageContaining("bert.pooler.dense.weight");
        }
    }

    @Test
    void sequencesAndIdsOutsideTheModelAreRefused() {
        try (Golden golden = new Golden("qa");
                Checkpoint checkpoint = Checkpoint.open(golden.directory());
                var ws = ops.workspace()) {
            BertModel model = BertLoader.load(golden.config(), "BertForQuestionAnswering", Weights.of(checkpoint), ops)
                    .model();
            assertThatThrownBy(
                    () -> model.embed(ws, EmbeddingPoint.AFTER_LAYER_NORM, BertBatch.of(new int[65], new int[65])))
                    .isInstanceOf(ModelException.class).hasMessageContaining("65 tokens")
                    .hasMessageContaining("window of 64");
            assertThatThrownBy(
                    () -> model.embed(ws, EmbeddingPoint.AFTER_LAYER_NORM, BertBatch.of(new int[]{242}, new int[1])))
                    .isInstanceOf(ModelException.class).hasMessageContaining("token id 242");
            assertThatThrownBy(
                    () -> model.embed(ws, EmbeddingPoint.AFTER_LAYER_NORM, BertBatch.of(new int[1], new int[]{2})))
                    .isInstanceOf(ModelException.class).hasMessageContaining("segment 2");
        }
    }
}
