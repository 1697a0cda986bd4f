package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Target;
import dev.limpid.attribution.explain.TextAttributor.Scalar;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.attribution.explain.ZeroShotExplanation.LabelPrediction;
import dev.limpid.bert.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The explainers of all text tasks but question answering, on tiny checkpoints, against transformers-interpret 0.10.0 itself (its convention) and captum 0.8.0 (the default
 * one): every token of every call, in 32 and in 64 bits. Written by {@code reference/}.
 */
class TextParityTest {
    private static final Path CHECKPOINTS = Path.of("../bert/src/test/resources/golden");
    private static final Path NLI = Path.of("src/test/resources/golden/nli");
    private static final List<Embedding> EMBEDDING_TYPES = List.of(Embedding.WORD, Embedding.POSITION, Embedding.WORD);
    private static final Map<String, LimpidModel> MODELS = new HashMap<>();

    private static JsonNode golden;

    @BeforeAll
    static void load() throws IOException {
        golden = read();
    }

    private static JsonNode read() throws IOException {
        return new ObjectMapper()
                .readTree(Files.readAllBytes(Path.of("src/test/resources/golden/text-explainers.json")));
    }

    @AfterAll
    static void close() {
        MODELS.values().forEach(LimpidModel::close);
        MODELS.clear();
    }

    private static LimpidModel model(String checkpoint, JsonNode record) {
        String device = record.path("dtype").asText().equals("f64") ? "reference" : "cpu";
        return MODELS.computeIfAbsent(checkpoint + device,
                _ -> Limpid.load(checkpoint.equals("nli") ? NLI : CHECKPOINTS.resolve(checkpoint),
                        LoadOptions.DEFAULT.withDevice(device).withThreads(2)));
    }

    private static Stream<Arguments> records(String kind) throws IOException {
        List<Arguments> all = new ArrayList<>();
        for (JsonNode record : read().path(kind)) {
            all.add(Arguments.of(kind + " " + all.size() + " " + record.path("checkpoint").asText("") + " "
                    + record.path("dtype").asText() + " " + record.path("call"), all.size()));
        }
        return all.stream();
    }

    static Stream<Arguments> sequences() throws IOException {
        return records("sequence");
    }

    static Stream<Arguments> pairs() throws IOException {
        return records("pair");
    }

    static Stream<Arguments> multiLabels() throws IOException {
        return records("multiLabel");
    }

    static Stream<Arguments> zeroShots() throws IOException {
        return records("zeroShot");
    }

    static Stream<Arguments> tokens() throws IOException {
        return records("token");
    }

    static Stream<Arguments> defaults() throws IOException {
        return records("default");
    }

    private static ClassificationOptions options(JsonNode call) {
        ClassificationOptions options = ClassificationOptions.TRANSFORMERS_INTERPRET
                .withText(text(call)).withFlipSign(call.path("flip_sign").asBoolean());
        if (call.has("index")) {
            options = options.withTarget(ClassTarget.index(call.path("index").asInt()));
        }
        if (call.has("class_name")) {
            options = options.withTarget(ClassTarget.label(call.path("class_name").asText()));
        }
        if (call.has("custom_labels")) {
            options = options.withLabels(texts(call.path("custom_labels")));
        }
        return options;
    }

    private static TextOptions text(JsonNode call) {
        return TextOptions.TRANSFORMERS_INTERPRET
                .withEmbedding(EMBEDDING_TYPES.get(call.path("embedding_type").asInt(0)))
                .withMethod(TextMethod.of(new IntegratedGradients(Quadrature.GAUSS_LEGENDRE,
                        call.path("n_steps").asInt(50))))
                .withRun(new RunOptions(call.path("internal_batch_size").asInt(0), RunOptions.DEFAULT.memoryBudget(),
                        RunOptions.DEFAULT.progress()));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sequences")
    void sequenceClassification(String name, int index) {
        JsonNode record = golden.path("sequence").get(index);
        ClassificationExplanation e = model(record.path("checkpoint").asText(), record).textClassification()
                .explain(record.path("text").asText(), options(record.path("call")));
        compareClass(e, record);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    void pairwiseSequenceClassification(String name, int index) {
        JsonNode record = golden.path("pair").get(index);
        ClassificationOptions options = options(record.path("call"));
        boolean single = record.path("checkpoint").asText().equals("sequence-1");
        ClassificationExplanation e = model(record.path("checkpoint").asText(), record).pairClassification()
                .explain(record.path("text").asText(), record.path("other").asText(),
                        options.withFlipSign(options.flipSign() && single)); // theirs ignores it elsewhere
        compareClass(e, record);
    }

    private static void compareClass(ClassificationExplanation e, JsonNode record) {
        assertThat(e.prediction().index()).isEqualTo(record.path("predictedIndex").asInt());
        assertThat(e.prediction().label()).isEqualTo(record.path("predictedName").asText());
        assertThat(e.explanations()).hasSize(1);
        TargetAttribution actual = e.explanations().getFirst();
        assertThat(actual.index()).isEqualTo(record.path("selectedIndex").asInt());
        boolean flipped = actual.label().startsWith("not ");
        assertThat(flipped ? 1 - actual.score() : actual.score())
                .isCloseTo(record.path("probability").asDouble(), within(1e-5));
        compare(actual, record, record.path("tokens"), flipped);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("multiLabels")
    void multiLabelClassification(String name, int index) {
        JsonNode record = golden.path("multiLabel").get(index);
        ClassificationExplanation e = model(record.path("checkpoint").asText(), record).textClassification()
                .explain(record.path("text").asText(), ClassificationOptions.TRANSFORMERS_INTERPRET_MULTI_LABEL);
        assertThat(e.explanations()).hasSize(record.path("explanations").size());
        for (int i = 0; i < e.explanations().size(); i++) {
            JsonNode expected = record.path("explanations").get(i);
            TargetAttribution actual = e.explanations().get(i);
            assertThat(actual.index()).isEqualTo(expected.path("index").asInt());
            assertThat(actual.label()).isEqualTo(expected.path("label").asText());
            assertThat(actual.score()).isCloseTo(expected.path("probability").asDouble(), within(1e-5));
            compare(actual, expected, record.path("tokens"), false);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("zeroShots")
    void zeroShotClassification(String name, int index) {
        JsonNode record = golden.path("zeroShot").get(index);
        JsonNode call = record.path("call");
        ZeroShotOptions options = ZeroShotOptions.TRANSFORMERS_INTERPRET.withText(text(call))
                .withIncludeHypothesis(call.path("include_hypothesis").asBoolean());
        if (call.has("hypothesis_template")) {
            options = options.withHypothesisTemplate(call.path("hypothesis_template").asText());
        }
        ZeroShotExplanation e = model("nli", record).zeroShot().explain(record.path("text").asText(),
                texts(record.path("labels")), options);
        assertThat(e.prediction().label()).isEqualTo(record.path("predictedLabel").asText());
        assertThat(e.explanations()).hasSize(record.path("labels").size());
        for (LabelPrediction prediction : e.predictions()) {
            JsonNode expected = record.path("explanations").get(prediction.index());
            assertThat(prediction.label()).isEqualTo(expected.path("label").asText());
            assertThat(prediction.probability()).isCloseTo(expected.path("probability").asDouble(), within(1e-5));
            compare(e.explanations().get(prediction.index()), expected, expected.path("tokens"), false);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tokens")
    void tokenClassification(String name, int index) {
        JsonNode record = golden.path("token").get(index);
        JsonNode call = record.path("call");
        Set<Integer> ignored = new HashSet<>();
        call.path("ignored_indexes").forEach(i -> ignored.add(i.asInt()));
        TokenOptions options = TokenOptions.TRANSFORMERS_INTERPRET.withText(text(call)).withIgnoredIndexes(ignored)
                .withIgnoredLabels(new HashSet<>(texts(call.path("ignored_labels"))));
        TokenClassificationExplanation e = model("token", record).tokenClassification()
                .explain(record.path("text").asText(), options);
        assertThat(e.predictions()).extracting(TokenPrediction::label).isEqualTo(texts(record.path("labels")));
        assertThat(e.explanations()).hasSize(record.path("explanations").size());
        for (int i = 0; i < e.explanations().size(); i++) {
            JsonNode expected = record.path("explanations").get(i);
            TargetAttribution actual = e.explanations().get(i);
            TokenPrediction prediction = e.predictions().get(actual.index());
            assertThat(actual.index()).isEqualTo(expected.path("index").asInt());
            assertThat(prediction.token()).isEqualTo(expected.path("token").asText());
            assertThat(actual.label()).isEqualTo(expected.path("label").asText());
            assertThat(prediction.labelIndex()).isEqualTo(expected.path("class").asInt());
            assertThat(prediction.probability()).isCloseTo(expected.path("probability").asDouble(), within(1e-5));
            compare(actual, expected, record.path("tokens"), false);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defaults")
    void captum(String name, int index) {
        JsonNode record = golden.path("default").get(index);
        List<String> texts = texts(record.path("texts"));
        TextOptions text = TextOptions.DEFAULT.withBaseline(Baseline.named(record.path("baseline").asText()))
                .withMethod(TextMethod.of(new IntegratedGradients(Quadrature.GAUSS_LEGENDRE,
                        record.path("steps").asInt())))
                .withEmbedding(record.path("path").asText().equals("embeddings") ? Embedding.BLOCK : Embedding.WORD)
                .withScoreKind(record.path("scoreKind").asText().equals("probability")
                        ? ScoreKind.PROBABILITY
                        : ScoreKind.LOGIT);
        TargetAttribution actual = ofDefault(record, texts, text);
        assertThat(actual.scoreKind().id()).isEqualTo(record.path("scoreKind").asText());
        compare(actual, record, record.path("tokens"), false);
    }

    private static TargetAttribution ofDefault(JsonNode record, List<String> texts, TextOptions text) {
        String checkpoint = record.path("checkpoint").asText();
        LimpidModel model = model(checkpoint, record);
        int c = record.path("class").asInt();
        if (record.has("pooling")) {
            Pooling pooling = Pooling.valueOf(record.path("pooling").asText().toUpperCase(Locale.ROOT));
            SimilarityExplanation e = model.similarity().explain(texts.getFirst(), record.path("other").asText(),
                    pooling, text);
            assertThat(e.cosine()).isCloseTo(record.path("score").asDouble(), within(1e-5));
            return e.explanations().getFirst();
        }
        return switch (checkpoint) {
            case "nli" -> model.zeroShot().explain(texts.getFirst(), List.of("the city of Paris"),
                    ZeroShotOptions.DEFAULT.withText(text).withHypothesisTemplate("this text is about {} .")
                            .withIncludeHypothesis(!record.path("keepSecond").asBoolean()))
                    .explanations().getFirst();
            case "token" -> {
                int token = record.path("token").asInt();
                TextInput input = new TextReader(model).read("text", texts.getFirst(), Source.TEXT, false).input();
                int logit = token * model.bert().config().labels().size() + c;
                yield new TextAttributor(model).attribute(input,
                        List.of(new Scalar("token", token, "", ScoreKind.LOGIT, Target.logit(logit))), text).getFirst();
            }
            case "masked-lm" -> model.fillMask()
                    .explain(texts.getFirst(),
                            FillMaskOptions.DEFAULT.withText(text).withTarget(ClassTarget.index(c)))
                    .explanations().getFirst();
            default -> {
                ClassTarget target = record.has("rather")
                        ? ClassTarget.contrast(ClassTarget.index(c), ClassTarget.index(record.path("rather").asInt()))
                        : ClassTarget.index(c);
                ClassificationOptions options = ClassificationOptions.DEFAULT.withText(text).withTarget(target);
                yield (texts.size() == 1
                        ? model.textClassification().explain(texts.getFirst(), options)
                        : model.pairClassification().explain(texts.getFirst(), texts.getLast(), options))
                        .explanations().getFirst();
            }
        };
    }

    /** What is flipped is 1 − F, whose attributions are those of F negated. NaN in the list, from attributions that are all 0, is 0 here. */
    private static void compare(TargetAttribution actual, JsonNode expected, JsonNode tokens, boolean flipped) {
        double tolerance = GoldenAttribution.TOLERANCE;
        double sign = flipped ? -1 : 1;
        double shift = flipped ? 1 : 0;
        double scale = Math.max(1, Math.abs(expected.path("score").asDouble()));
        assertThat(shift + sign * actual.score()).isCloseTo(expected.path("score").asDouble(),
                within(tolerance * scale));
        assertThat(shift + sign * actual.baselineScore()).isCloseTo(expected.path("baselineScore").asDouble(),
                within(tolerance * scale));
        assertThat(sign * actual.delta()).isCloseTo(expected.path("delta").asDouble(), within(2 * tolerance * scale));
        List<TokenAttribution> found = actual.tokens();
        assertThat(found).extracting(TokenAttribution::text).isEqualTo(texts(tokens));
        for (int t = 0; t < found.size(); t++) {
            double attribution = expected.path("attribution").get(t).asDouble(0);
            assertThat(found.get(t).attribution()).as("token %s", t).isCloseTo(attribution, within(tolerance));
            assertThat(sign * found.get(t).raw()).as("raw token %s", t)
                    .isCloseTo(expected.path("raw").get(t).asDouble(), within(tolerance * scale));
        }
        assertThat(actual.attributionSum()).isCloseTo(expected.path("attributionSum").asDouble(0),
                within(tolerance * found.size()));
    }
}
