package dev.limpid.attribution.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.limpid.attribution.explain.Answer;
import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.attribution.explain.TargetAttribution;
import dev.limpid.attribution.explain.TokenAttribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDocumentTest {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final JsonSchema SCHEMA = schema();

    private static JsonSchema schema() {
        Path file = Path.of(System.getProperty("limpid.root"), "docs", "schema.json");
        try {
            return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> keys(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    @Test
    void hasTheKeysOfTheContractInTheirOrder() {
        QuestionAnsweringExplanation e = Examples.published(Convention.DEFAULT);
        JsonNode json = parse(JsonDocument.of(e));
        assertThat(keys(json)).containsExactly("task", "model", "device", "precision", "convention", "baseline",
                "question", "context", "prediction", "window", "explanations");
        assertThat(keys(json.get("prediction"))).containsExactly("answer", "start", "end", "text", "startLogit",
                "endLogit");
        assertThat(keys(json.get("window"))).containsExactly("index", "count", "context");
        assertThat(keys(json.at("/explanations/0"))).containsExactly("target", "index", "label", "scoreKind",
                "score", "baselineScore", "delta", "method", "quadrature", "steps", "attributionSum", "tokens");
        assertThat(keys(json.at("/explanations/0/tokens/0"))).containsExactly("text", "source", "span", "raw",
                "attribution");
        assertThat(SCHEMA.validate(json)).isEmpty();
    }

    @Test
    void holdsTheNumbersOfTheExplanation() {
        QuestionAnsweringExplanation e = Examples.published(Convention.TRANSFORMERS_INTERPRET);
        JsonNode json = parse(JsonDocument.of(e));
        assertThat(json.get("task").asText()).isEqualTo("question-answering");
        assertThat(json.get("convention").asText()).isEqualTo("transformers-interpret");
        assertThat(json.get("baseline").asText()).isEqualTo("pad");
        assertThat(json.at("/prediction/answer").asText()).isEqualTo(e.answer().text());
        assertThat(json.at("/prediction/startLogit").doubleValue()).isEqualTo(5.54);
        for (int i = 0; i < 2; i++) {
            TargetAttribution target = e.explanations().get(i);
            JsonNode node = json.get("explanations").get(i);
            assertThat(node.get("target").asText()).isEqualTo(target.target());
            assertThat(node.get("index").intValue()).isEqualTo(target.index());
            assertThat(node.get("label").asText()).isEqualTo(target.label());
            assertThat(node.get("score").doubleValue()).isEqualTo(target.score());
            assertThat(node.get("baselineScore").doubleValue()).isEqualTo(target.baselineScore());
            assertThat(node.get("delta").doubleValue()).isEqualTo(target.delta());
            assertThat(node.get("attributionSum").doubleValue()).isEqualTo(target.attributionSum());
            assertThat(node.get("steps").intValue()).isEqualTo(50);
            assertThat(node.get("tokens")).hasSize(target.tokens().size());
            for (int t = 0; t < target.tokens().size(); t++) {
                TokenAttribution token = target.tokens().get(t);
                JsonNode entry = node.get("tokens").get(t);
                assertThat(entry.get("text").asText()).isEqualTo(token.text());
                assertThat(entry.get("source").asText()).isEqualToIgnoringCase(token.source().name());
                assertThat(entry.get("span").isNull()).isEqualTo(token.span() == null);
                assertThat(entry.get("raw").doubleValue()).isEqualTo(token.raw());
                assertThat(entry.get("attribution").doubleValue()).isEqualTo(token.attribution());
            }
        }
    }

    @Test
    void positionsAreInCodePointsOfTheirText() {
        List<String> words = List.of("😀😀", "a", "𝒳y", "end");
        QuestionAnsweringExplanation e = Examples.windowed(
                Examples.of(Convention.DEFAULT, "😀?", words, " ", 7), "🚀 before ", " after 🚀");
        JsonNode json = parse(JsonDocument.of(e));
        assertThat(SCHEMA.validate(json)).isEmpty();
        assertThat(json.at("/prediction/text").toString()).isEqualTo("[14,16]");
        assertThat(json.at("/window").toString()).isEqualTo("{\"index\":1,\"count\":3,\"context\":[9,20]}");
        JsonNode tokens = json.at("/explanations/1/tokens");
        assertThat(tokens.get(1).get("span").toString()).isEqualTo("[0,2]");
        int[] context = json.get("context").asText().codePoints().toArray();
        for (int w = 0; w < words.size(); w++) {
            JsonNode span = tokens.get(3 + w).get("span");
            int from = span.get(0).intValue();
            assertThat(new String(context, from, span.get(1).intValue() - from)).isEqualTo(words.get(w));
        }
    }

    @Test
    void noAnswerHasNoText() {
        QuestionAnsweringExplanation e = Examples.with(Examples.published(Convention.DEFAULT),
                new Answer("", 0, 0, null, 1, 2));
        JsonNode json = parse(JsonDocument.of(e));
        assertThat(json.at("/prediction/text").isNull()).isTrue();
        assertThat(SCHEMA.validate(json)).isEmpty();
    }

    @Test
    void textsComeBackAsTheyWere() {
        QuestionAnsweringExplanation e = Examples.of(Convention.DEFAULT, "q \"\\ \u0000\u2028", Examples.HOSTILE, " ",
                3);
        String text = JsonDocument.of(e);
        JsonNode json = parse(text);
        assertThat(SCHEMA.validate(json)).isEmpty();
        assertThat(json.get("question").asText()).isEqualTo(e.question());
        assertThat(json.get("context").asText()).isEqualTo(VisibleText.wellFormed(e.context()));
        assertThat(text.codePoints()).noneMatch(c -> c >= 0xD800 && c <= 0xDFFF)
                .noneMatch(c -> c < 0x20 && c != '\n');
    }

    @Test
    void isLaidOutALineAToken() {
        List<String> lines = JsonDocument.of(Examples.of(Convention.DEFAULT, "q", List.of("a", "b", "c"), " ", 1))
                .lines().toList();
        assertThat(lines).startsWith("{", "  \"task\": \"question-answering\",");
        assertThat(lines).contains("    \"text\": [4, 5],", "    \"context\": [0, 5]", "  \"explanations\": [", "    {",
                "      \"target\": \"start\",", "      \"tokens\": [",
                "        {\"text\": \"[CLS]\", \"source\": \"special\", \"span\": null, \"raw\": 0.0, \"attribution\": 0.0},",
                "      ]", "    },", "  ]", "}");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(doubles = {0.1, 1.0 / 3, 4.9E-324, 1.7976931348623157E308, 2.0E-3, 123456789.12345679, -0.0, 1e21})
    void numbersReadBackAsTheSameDouble(double value) {
        QuestionAnsweringExplanation e = Examples.with(Examples.published(Convention.DEFAULT),
                new Answer("a", 21, 29, null, value, 0));
        String json = JsonDocument.of(e);
        assertThat(json).contains("\"startLogit\": " + Double.toString(value));
        assertThat(parse(json).at("/prediction/startLogit").doubleValue()).isEqualTo(value);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void aNumberThatIsNotFiniteIsRefused(double value) {
        QuestionAnsweringExplanation e = Examples.with(Examples.published(Convention.DEFAULT),
                new Answer("a", 21, 29, null, 0, value));
        assertThatIllegalArgumentException().isThrownBy(() -> JsonDocument.of(e))
                .withMessageContaining("endLogit is " + value);
    }

    static Stream<Named<Consumer<ObjectNode>>> damage() {
        return Stream.of(
                damage("no task", d -> d.remove("task")),
                damage("another task", d -> d.put("task", "translation")),
                damage("no model", d -> d.remove("model")),
                damage("device a number", d -> d.put("device", 0)),
                damage("unknown precision", d -> d.put("precision", "f31")),
                damage("no convention", d -> d.remove("convention")),
                damage("no question", d -> d.remove("question")),
                damage("context null", d -> d.putNull("context")),
                damage("no window", d -> d.remove("window")),
                damage("window count 0", d -> ((ObjectNode) d.get("window")).put("count", 0)),
                damage("window without context", d -> ((ObjectNode) d.get("window")).putNull("context")),
                damage("no prediction", d -> d.remove("prediction")),
                damage("prediction without text", d -> ((ObjectNode) d.get("prediction")).remove("text")),
                damage("negative start", d -> ((ObjectNode) d.get("prediction")).put("start", -1)),
                damage("answer span of three", d -> ((ArrayNode) d.at("/prediction/text")).add(3)),
                damage("logit a string", d -> ((ObjectNode) d.get("prediction")).put("endLogit", "5.4")),
                damage("no explanations", d -> d.remove("explanations")),
                damage("one explanation", d -> ((ArrayNode) d.get("explanations")).remove(1)),
                damage("targets swapped", d -> ((ArrayNode) d.get("explanations"))
                        .add(((ArrayNode) d.get("explanations")).remove(0))),
                damage("no delta", d -> ((ObjectNode) d.at("/explanations/0")).remove("delta")),
                damage("no index", d -> ((ObjectNode) d.at("/explanations/1")).remove("index")),
                damage("no steps", d -> ((ObjectNode) d.at("/explanations/1")).put("steps", 0)),
                damage("half a step", d -> ((ObjectNode) d.at("/explanations/1")).put("steps", 0.5)),
                damage("score null", d -> ((ObjectNode) d.at("/explanations/1")).putNull("score")),
                damage("token without span", d -> ((ObjectNode) d.at("/explanations/0/tokens/3")).remove("span")),
                damage("span of one", d -> ((ArrayNode) d.at("/explanations/0/tokens/3/span")).remove(0)),
                damage("attribution above 1",
                        d -> ((ObjectNode) d.at("/explanations/0/tokens/3")).put("attribution", 1.1)),
                damage("unknown source", d -> ((ObjectNode) d.at("/explanations/0/tokens/3")).put("source", "answer")),
                damage("token a string", d -> ((ArrayNode) d.at("/explanations/0/tokens")).add("word")));
    }

    private static Named<Consumer<ObjectNode>> damage(String name, Consumer<ObjectNode> damage) {
        return Named.of(name, damage);
    }

    @ParameterizedTest
    @MethodSource
    void damage(Consumer<ObjectNode> damage) {
        ObjectNode document = (ObjectNode) parse(JsonDocument.of(Examples.published(Convention.DEFAULT)));
        damage.accept(document);
        assertThat(SCHEMA.validate(document)).isNotEmpty();
    }

    @Test
    void moreKeysMayBeAdded() {
        ObjectNode document = (ObjectNode) parse(JsonDocument.of(Examples.published(Convention.DEFAULT)));
        document.put("new", 1);
        ((ObjectNode) document.get("prediction")).put("new", 1);
        ((ObjectNode) document.at("/explanations/0")).put("new", 1);
        ((ObjectNode) document.at("/explanations/0/tokens/0")).put("new", 1);
        assertThat(SCHEMA.validate(document)).isEmpty();
    }

    @Test
    void theSchemaItselfIsValid() throws IOException {
        JsonNode schema = MAPPER.readTree(Path.of(System.getProperty("limpid.root"), "docs", "schema.json").toFile());
        JsonSchema meta = JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(SchemaLocation.of(schema.get("$schema").asText()));
        assertThat(meta.validate(schema)).isEmpty();
    }
}
