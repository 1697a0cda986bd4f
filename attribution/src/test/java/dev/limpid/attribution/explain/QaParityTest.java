package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attributions of the tiny question-answering checkpoint against transformers-interpret 0.10.0 (its convention) and captum 0.8.0 (the default
 * convention): every token of every pair, every layer, baseline and rule. Written by {@code reference/}.
 */
class QaParityTest {
    private static final Path CHECKPOINT = Path.of("../bert/src/test/resources/golden/qa");

    private static final List<Embedding> EMBEDDING_TYPES = List.of(Embedding.WORD,
            Embedding.POSITION, Embedding.BLOCK);

    private static final Map<List<Object>, QuestionAnsweringExplanation> EXPLAINED = new HashMap<>();

    private static JsonNode golden;
    private static LimpidModel cpu;
    private static LimpidModel reference;

    @BeforeAll
    static void load() throws IOException {
        golden = new ObjectMapper().readTree(Files.readAllBytes(Path.of("src/test/resources/golden/tiny-qa.json")));
        cpu = Limpid.load(CHECKPOINT, LoadOptions.DEFAULT.withThreads(2));
        reference = Limpid.load(CHECKPOINT, LoadOptions.DEFAULT.withDevice("reference"));
    }

    @AfterAll
    static void close() {
        cpu.close();
        reference.close();
    }

    static IntStream pairs() throws IOException {
        JsonNode json = new ObjectMapper()
                .readTree(Files.readAllBytes(Path.of("src/test/resources/golden/tiny-qa.json")));
        return IntStream.range(0, json.path("pairs").size());
    }

    private static LimpidModel model(JsonNode record) {
        return record.path("dtype").asText().equals("f64") ? reference : cpu;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void transformersInterpret(int index) {
        JsonNode pair = golden.path("pairs").get(index);
        assertThat(pair.path("transformersInterpret")).isNotEmpty();
        for (JsonNode record : pair.path("transformersInterpret")) {
            QaOptions options = QaOptions.DEFAULT.withConvention(Convention.TRANSFORMERS_INTERPRET)
                    .withEmbedding(EMBEDDING_TYPES.get(record.path("embeddingType").asInt()));
            QuestionAnsweringExplanation actual = explain(pair, record, options);
            assertThat(actual.answer().start()).isEqualTo(record.path("startPos").asInt());
            assertThat(actual.answer().end()).isEqualTo(record.path("endPos").asInt());
            assertThat(actual.answer().text()).isEqualTo(record.path("predictedAnswer").asText());
            GoldenAttribution.compare(actual.start(), record.path("start"), pair, GoldenAttribution.TOLERANCE,
                    record.path("dtype") + " type " + record.path("embeddingType"));
            GoldenAttribution.compare(actual.end(), record.path("end"), pair, GoldenAttribution.TOLERANCE,
                    record.path("dtype") + " type " + record.path("embeddingType"));
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void captum(int index) {
        JsonNode pair = golden.path("pairs").get(index);
        assertThat(pair.path("defaultConvention")).isNotEmpty();
        for (JsonNode record : pair.path("defaultConvention")) {
            QaOptions options = QaOptions.DEFAULT
                    .withEmbedding(record.path("path").asText().equals("embeddings")
                            ? Embedding.BLOCK
                            : Embedding.WORD)
                    .withBaseline(Baseline.named(record.path("baseline").asText()))
                    .withSteps(new Steps.Fixed(rule(record.path("method").asText()), record.path("steps").asInt()));
            QuestionAnsweringExplanation actual = explain(pair, record, options);
            JsonNode prediction = pair.path("prediction");
            assertThat(actual.answer().start()).isEqualTo(prediction.path("start").asInt());
            assertThat(actual.answer().end()).isEqualTo(prediction.path("end").asInt());
            assertThat(actual.answer().text()).isEqualTo(prediction.path("answer").asText());
            TargetAttribution target = record.path("target").asText().equals("start") ? actual.start() : actual.end();
            assertThat(target.index()).isEqualTo(record.path("index").asInt());
            GoldenAttribution.compare(target, record, pair, GoldenAttribution.TOLERANCE,
                    record.path("dtype") + " " + options.embedding() + " " + options.baseline() + " "
                            + options.steps());
        }
    }

    private static Quadrature rule(String captum) {
        return captum.equals("gausslegendre") ? Quadrature.GAUSS_LEGENDRE : Quadrature.named(captum.replace('_', '-'));
    }

    /** Each explanation is computed once, although start and end are records of their own. */
    private static QuestionAnsweringExplanation explain(JsonNode pair, JsonNode record, QaOptions options) {
        return EXPLAINED.computeIfAbsent(
                List.of(pair.path("question"), pair.path("context"), record.path("dtype"), options),
                _ -> model(record).questionAnswering().explain(pair.path("question").asText(),
                        pair.path("context").asText(), options));
    }
}
