package dev.limpid.attribution.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.limpid.attribution.Saliency;
import dev.limpid.attribution.explain.ClassScoring;
import dev.limpid.attribution.explain.ClassTarget;
import dev.limpid.attribution.explain.ClassificationExplanation;
import dev.limpid.attribution.explain.ClassificationOptions;
import dev.limpid.attribution.explain.Limpid;
import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.TargetAttribution;
import dev.limpid.attribution.explain.TextExplanation;
import dev.limpid.attribution.explain.TextMethod;
import dev.limpid.attribution.explain.TextOptions;
import dev.limpid.attribution.explain.TokenAttribution;
import dev.limpid.attribution.explain.TokenClassificationExplanation;
import dev.limpid.attribution.explain.TokenOptions;
import dev.limpid.attribution.explain.WordAttribution;
import dev.limpid.attribution.explain.ZeroShotExplanation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents of text tasks, of explanations that tiny models gave. */
class JsonTextTest {
    private static final Path CHECKPOINTS = Path.of("../bert/src/test/resources/golden");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String TEXT = "Alice 😀 livednt in \"Paris\", </script> 𝒳!";
    private static final Map<String, TextExplanation> EXPLANATIONS = new LinkedHashMap<>();

    private static JsonSchema schema;

    @BeforeAll
    static void explain() throws IOException {
        schema = JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(Files.readString(Path.of(System.getProperty("limpid.root"), "docs", "schema.json")));
        try (LimpidModel five = Limpid.load(CHECKPOINTS.resolve("sequence-5"));
                LimpidModel nli = Limpid.load(Path.of("src/test/resources/golden/nli"));
                LimpidModel token = Limpid.load(CHECKPOINTS.resolve("token"));
                LimpidModel maskedLm = Limpid.load(CHECKPOINTS.resolve("masked-lm"))) {
            EXPLANATIONS.put("class", five.textClassification().explain(TEXT));
            EXPLANATIONS.put("contrast", five.textClassification().explain(TEXT, ClassificationOptions.DEFAULT
                    .withTarget(ClassTarget.contrast(ClassTarget.index(0), ClassTarget.index(1)))));
            EXPLANATIONS.put("amounts", five.textClassification().explain(TEXT,
                    ClassificationOptions.DEFAULT.withScoring(ClassScoring.NONE)
                            .withText(TextOptions.DEFAULT.withMethod(TextMethod.of(new Saliency(true))))));
            EXPLANATIONS.put("their labels", five.textClassification().explain(TEXT,
                    ClassificationOptions.TRANSFORMERS_INTERPRET_MULTI_LABEL));
            EXPLANATIONS.put("pair", five.pairClassification().explain(TEXT, "a \ud800 pair 😀 of"));
            EXPLANATIONS.put("zero-shot", nli.zeroShot().explain(TEXT, List.of("war 😀", "city")));
            EXPLANATIONS.put("tokens", token.tokenClassification().explain(TEXT));
            EXPLANATIONS.put("entities", token.tokenClassification().explain(TEXT,
                    TokenOptions.DEFAULT.withExplained(TokenOptions.Explained.ENTITIES)));
            EXPLANATIONS.put("mask", maskedLm.fillMask().explain("😀 the [MASK] \"of\" it"));
            EXPLANATIONS.put("cosine", token.similarity().explain(TEXT, "😀 the king of <b>"));
        }
    }

    static Stream<Arguments> names() {
        return Stream
                .of("class", "contrast", "amounts", "their labels", "pair", "zero-shot", "tokens", "entities", "mask",
                        "cosine")
                .map(Arguments::of);
    }

    private static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static String words(JsonNode text, JsonNode span) {
        int[] codePoints = text.asText().codePoints().toArray();
        return new String(codePoints, span.get(0).asInt(), span.get(1).asInt() - span.get(0).asInt());
    }

    private static List<String> keys(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    void isValidAndHoldsTheNumbersOfTheExplanation(String name) {
        TextExplanation e = EXPLANATIONS.get(name);
        JsonNode json = parse(JsonDocument.of(e, TextDetails.WORDS));
        assertThat(schema.validate(json)).isEmpty();
        assertThat(json.get("convention").asText()).isEqualTo(e.run().convention().id());
        assertThat(json.get("explanations")).hasSameSizeAs(e.explanations());
        for (int i = 0; i < e.explanations().size(); i++) {
            TargetAttribution target = e.explanations().get(i);
            JsonNode node = json.get("explanations").get(i);
            assertThat(node.get("target").asText()).isEqualTo(target.target());
            assertThat(node.get("index").asInt()).isEqualTo(target.index());
            assertThat(node.get("label").asText()).isEqualTo(target.label());
            assertThat(node.get("scoreKind").asText()).isEqualTo(target.scoreKind().id());
            assertThat(node.get("score").doubleValue()).isEqualTo(target.score());
            assertThat(node.get("delta").isNull()).isEqualTo(Double.isNaN(target.delta()));
            assertThat(node.get("tokens")).hasSameSizeAs(target.tokens());
            for (int t = 0; t < target.tokens().size(); t++) {
                TokenAttribution token = target.tokens().get(t);
                JsonNode entry = node.get("tokens").get(t);
                assertThat(entry.get("raw").doubleValue()).isEqualTo(token.raw());
                if (token.span() != null && !token.text().equals("[UNK]")) {
                    String source = entry.get("source").asText();
                    JsonNode text = source.equals("hypothesis") ? node.get(source) : json.get(source);
                    assertThat(words(text, entry.get("span")))
                            .isEqualToIgnoringCase(token.text().replaceFirst("^##", ""));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void wordsAreTheTokensMerged(String name) {
        TextExplanation e = EXPLANATIONS.get(name);
        JsonNode json = parse(JsonDocument.of(e, TextDetails.WORDS));
        for (int i = 0; i < e.explanations().size(); i++) {
            JsonNode words = json.get("explanations").get(i).get("words");
            List<WordAttribution> expected = e.words(e.explanations().get(i));
            assertThat(words).hasSameSizeAs(expected);
            List<Integer> tokens = new ArrayList<>();
            double sum = 0;
            for (JsonNode word : words) {
                for (int t = word.at("/tokens/0").asInt(); t < word.at("/tokens/1").asInt(); t++) {
                    tokens.add(t);
                }
                sum += word.get("raw").doubleValue();
            }
            List<TokenAttribution> all = e.explanations().get(i).tokens();
            assertThat(tokens).isEqualTo(Stream.iterate(0, t -> t + 1).limit(all.size()).toList());
            assertThat(sum).isCloseTo(all.stream().mapToDouble(TokenAttribution::raw).sum(), within(1e-12));
        }
        assertThat(parse(JsonDocument.of(e)).at("/explanations/0").has("words")).isFalse();
    }

    @Test
    void hasTheKeysOfTheContractInTheirOrder() {
        JsonNode pair = parse(JsonDocument.of(EXPLANATIONS.get("pair")));
        assertThat(keys(pair)).containsExactly("task", "model", "device", "precision", "convention", "baseline", "text",
                "textPair", "tokensLeftOut", "scoring", "prediction", "explanations");
        assertThat(keys(pair.get("prediction"))).containsExactly("index", "label", "logit", "probability", "classes");
        assertThat(pair.at("/prediction/classes")).hasSize(5);
        assertThat(pair.get("textPair").asText()).isEqualTo("a \ufffd pair 😀 of");
        JsonNode zeroShot = parse(JsonDocument.of(EXPLANATIONS.get("zero-shot")));
        assertThat(keys(zeroShot)).containsExactly("task", "model", "device", "precision", "convention", "baseline",
                "text", "hypothesisTemplate", "tokensLeftOut", "prediction", "explanations");
        assertThat(keys(zeroShot.get("prediction"))).containsExactly("index", "label", "hypothesis", "entailmentLogit",
                "probability", "labels");
        assertThat(keys(zeroShot.at("/explanations/0"))).containsExactly("target", "index", "label", "hypothesis",
                "scoreKind", "score", "baselineScore", "delta", "method", "quadrature", "steps", "tolerance",
                "converged", "attributionSum",
                "tokens");
        JsonNode tokens = parse(JsonDocument.of(EXPLANATIONS.get("tokens"), TextDetails.WORDS));
        assertThat(keys(tokens)).containsExactly("task", "model", "device", "precision", "convention", "baseline",
                "text", "tokensLeftOut", "prediction", "explanations");
        assertThat(keys(tokens.at("/explanations/0/words/0"))).containsExactly("text", "tokens", "source", "span",
                "raw",
                "attribution");
    }

    @Test
    void holdsThePredictions() {
        ClassificationExplanation e = (ClassificationExplanation) EXPLANATIONS.get("class");
        JsonNode json = parse(JsonDocument.of(e));
        assertThat(json.get("task").asText()).isEqualTo("text-classification");
        assertThat(json.get("textPair").isNull()).isTrue();
        assertThat(json.get("scoring").asText()).isEqualTo("sigmoid");
        assertThat(json.at("/prediction/label").asText()).isEqualTo(e.prediction().label());
        assertThat(json.at("/prediction/classes/4/probability").doubleValue())
                .isEqualTo(e.predictions().get(4).probability());
        assertThat(parse(JsonDocument.of(EXPLANATIONS.get("amounts"))).at("/prediction/probability").isNull()).isTrue();
        ZeroShotExplanation zeroShot = (ZeroShotExplanation) EXPLANATIONS.get("zero-shot");
        assertThat(parse(JsonDocument.of(zeroShot)).at("/prediction/labels/1/entailmentLogit").doubleValue())
                .isEqualTo(zeroShot.predictions().get(1).entailmentLogit());
        TokenClassificationExplanation tokens = (TokenClassificationExplanation) EXPLANATIONS.get("tokens");
        JsonNode prediction = parse(JsonDocument.of(tokens)).get("prediction");
        assertThat(prediction.get("tokens")).hasSameSizeAs(tokens.predictions());
        assertThat(prediction.get("entities")).hasSameSizeAs(tokens.entities()).isNotEmpty();
        assertThat(prediction.at("/entities/0/text").asText())
                .isEqualTo(words(parse(JsonDocument.of(tokens)).get("text"), prediction.at("/entities/0/span")));
    }

    @ParameterizedTest
    @MethodSource("names")
    void isOneLineForManyInAFile(String name) {
        TextExplanation e = EXPLANATIONS.get(name);
        String line = JsonDocument.line(e, TextDetails.WORDS);
        assertThat(line).endsWith("\n").containsOnlyOnce("\n");
        assertThat(parse(line)).isEqualTo(parse(JsonDocument.of(e, TextDetails.WORDS)));
    }

    static Stream<Arguments> damage() {
        return Stream.of(
                damage("class", "no text", d -> d.remove("text")),
                damage("class", "no second text", d -> d.remove("textPair")),
                damage("class", "unknown scoring", d -> d.put("scoring", "auto")),
                damage("class", "probability above 1",
                        d -> ((ObjectNode) d.at("/prediction/classes/0")).put("probability", 1.5)),
                damage("class", "no classes", d -> ((ObjectNode) d.get("prediction")).putArray("classes")),
                damage("class", "unknown target", d -> ((ObjectNode) d.at("/explanations/0")).put("target", "token")),
                damage("class", "no kind of score", d -> ((ObjectNode) d.at("/explanations/0")).remove("scoreKind")),
                damage("class", "unknown kind of score",
                        d -> ((ObjectNode) d.at("/explanations/0")).put("scoreKind", "odds")),
                damage("class", "tokens left out below 0", d -> d.put("tokensLeftOut", -1)),
                damage("class", "unknown source",
                        d -> ((ObjectNode) d.at("/explanations/0/tokens/1")).put("source", "premise")),
                damage("class", "word without tokens",
                        d -> ((ObjectNode) d.at("/explanations/0/words/1")).remove("tokens")),
                damage("zero-shot", "no hypothesis",
                        d -> ((ObjectNode) d.at("/explanations/0")).remove("hypothesis")),
                damage("zero-shot", "no labels", d -> ((ObjectNode) d.get("prediction")).remove("labels")),
                damage("zero-shot", "no template", d -> d.remove("hypothesisTemplate")),
                damage("mask", "no mask", d -> d.remove("mask")),
                damage("mask", "no words", d -> ((ObjectNode) d.get("prediction")).remove("words")),
                damage("mask", "a label", d -> ((ObjectNode) d.at("/explanations/0")).put("target", "label")),
                damage("cosine", "unknown pooling", d -> d.put("pooling", "max")),
                damage("cosine", "a cosine of 2", d -> ((ObjectNode) d.get("prediction")).put("cosine", 2)),
                damage("cosine", "a logit", d -> ((ObjectNode) d.at("/explanations/1")).put("scoreKind", "logit")),
                damage("cosine", "one text", d -> ((ArrayNode) d.get("explanations")).remove(0)),
                damage("tokens", "no entities", d -> ((ObjectNode) d.get("prediction")).remove("entities")),
                damage("tokens", "token without label",
                        d -> ((ObjectNode) d.at("/prediction/tokens/0")).remove("label")),
                damage("tokens", "token of a class",
                        d -> ((ArrayNode) d.get("explanations")).addObject().put("target", "class")));
    }

    private static Arguments damage(String explanation, String name, Consumer<ObjectNode> damage) {
        return Arguments.of(explanation, Named.of(name, damage));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void damage(String explanation, Consumer<ObjectNode> damage) {
        ObjectNode document = (ObjectNode) parse(JsonDocument.of(EXPLANATIONS.get(explanation), TextDetails.WORDS));
        damage.accept(document);
        assertThat(schema.validate(document)).isNotEmpty();
    }
}
