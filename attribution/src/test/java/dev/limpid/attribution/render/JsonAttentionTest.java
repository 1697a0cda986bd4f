package dev.limpid.attribution.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.limpid.attribution.explain.AttentionExplanation;
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
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class JsonAttentionTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonSchema SCHEMA = schema();
    private static final AttentionDetails PHOTO = new AttentionDetails("photo.png", "maps.safetensors");
    static final List<String> HOSTILE = Examples.HOSTILE;

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

    private static JsonNode valid(AttentionExplanation explanation, AttentionDetails details) {
        JsonNode json = parse(JsonDocument.of(explanation, details));
        assertThat(SCHEMA.validate(json)).isEmpty();
        return json;
    }

    private static List<String> keys(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    @Test
    void aTextHasItsKeysInTheirOrder() {
        JsonNode json = valid(AttentionExamples.text(1, "𝒳", false, "good"), AttentionDetails.NONE);
        assertThat(keys(json)).containsExactly("task", "model", "device", "precision", "text", "textPair",
                "tokensLeftOut", "layers", "heads", "map", "target", "score", "tokens");
        assertThat(keys(json.at("/tokens/0"))).containsExactly("text", "source", "span", "rollout", "relevance");
        assertThat(json.get("task").asText()).isEqualTo("attention");
        assertThat(json.get("layers").intValue()).isEqualTo(2);
        assertThat(json.get("heads").intValue()).isEqualTo(3);
        assertThat(json.get("map").isNull()).isTrue();
        assertThat(json.get("textPair").isNull()).isTrue();
        assertThat(json.get("score").doubleValue()).isEqualTo(1.5);
    }

    @Test
    void tokensHaveTheScoresAndStandAtCodePoints() {
        AttentionExplanation e = AttentionExamples.text(2, "𝒳", true, "good");
        JsonNode json = valid(e, AttentionDetails.NONE);
        double sum = 0;
        for (int t = 0; t < 7; t++) {
            JsonNode token = json.get("tokens").get(t);
            assertThat(token.get("text").asText()).isEqualTo(e.tokens().get(t));
            assertThat(token.get("rollout").doubleValue()).isEqualTo(e.rollout()[t]);
            assertThat(token.get("relevance").doubleValue()).isEqualTo(e.relevance()[t]);
            sum += token.get("rollout").doubleValue();
        }
        assertThat(sum).isCloseTo(1, within(1e-6));
        assertThat(json.at("/tokens").findValues("span").toString())
                .isEqualTo("[null, [0,1], [2,4], [5,6], null, [0,2], null]");
        assertThat(json.at("/tokens").findValuesAsText("source")).containsExactly("special", "text", "text", "text",
                "special", "textPair", "special");
        assertThat(json.get("tokensLeftOut").intValue()).isEqualTo(2);
    }

    @Test
    void withoutATargetThereIsNoRelevance() {
        JsonNode json = valid(AttentionExamples.text(3, "𝒳", true, null), AttentionDetails.NONE);
        assertThat(json.get("target").isNull()).isTrue();
        assertThat(json.get("score").isNull()).isTrue();
        assertThat(json.get("tokens")).allMatch(token -> token.get("relevance").isNull());
    }

    @Test
    void anImageHasPatches() {
        JsonNode json = valid(AttentionExamples.image(4, "cat"), PHOTO);
        assertThat(keys(json)).containsExactly("task", "model", "device", "precision", "image", "input", "layers",
                "heads", "map", "target", "score", "tokens");
        assertThat(json.get("image").toString()).isEqualTo("{\"name\":\"photo.png\"}");
        assertThat(json.get("input").toString())
                .isEqualTo("{\"width\":6,\"height\":4,\"patch\":{\"width\":2,\"height\":2}}");
        assertThat(json.get("map").asText()).isEqualTo("maps.safetensors");
        assertThat(json.at("/tokens").findValues("patch").toString())
                .isEqualTo("[null, [0,0], [0,1], [0,2], [1,0], [1,1], [1,2]]");
    }

    @Test
    void everyTokenStandsOnALine() {
        List<String> lines = JsonDocument.of(AttentionExamples.text(5, "𝒳", false, null), AttentionDetails.NONE)
                .lines()
                .toList();
        assertThat(lines.getFirst()).isEqualTo("{");
        assertThat(lines).contains("  \"tokens\": [");
        assertThat(lines.stream().filter(line -> line.startsWith("    {\"text\": \""))).hasSize(5)
                .allMatch(line -> line.matches(".*\"relevance\": null},?"));
        assertThat(lines).hasSize(5 + 16);
    }

    @ParameterizedTest
    @FieldSource("HOSTILE")
    void textsComeBackAsTheyWere(String word) {
        JsonNode json = valid(AttentionExamples.text(6, word, false, word), AttentionDetails.NONE);
        String expected = VisibleText.wellFormed(word);
        assertThat(json.at("/tokens/1/text").asText()).isEqualTo(expected);
        assertThat(json.get("target").asText()).isEqualTo(expected);
    }

    static Stream<Named<Consumer<ObjectNode>>> damage() {
        return Stream.of(damage("another task", d -> d.put("task", "text-classification")),
                damage("no tokens", d -> d.remove("tokens")), damage("no layers", d -> d.remove("layers")),
                damage("no heads", d -> d.put("heads", 0)), damage("no target", d -> d.remove("target")),
                damage("neither text nor image", d -> d.remove("text")),
                damage("text and image", d -> d.putObject("image").put("name", "a.png")),
                damage("no span", d -> ((ObjectNode) d.at("/tokens/1")).remove("span")),
                damage("no source", d -> ((ObjectNode) d.at("/tokens/1")).remove("source")),
                damage("more than all", d -> ((ObjectNode) d.at("/tokens/1")).put("rollout", 1.1)),
                damage("negative relevance", d -> ((ObjectNode) d.at("/tokens/1")).put("relevance", -0.1)),
                damage("no relevance", d -> ((ObjectNode) d.at("/tokens/1")).remove("relevance")));
    }

    private static Named<Consumer<ObjectNode>> damage(String name, Consumer<ObjectNode> damage) {
        return Named.of(name, damage);
    }

    @ParameterizedTest
    @MethodSource
    void damage(Consumer<ObjectNode> damage) {
        ObjectNode document = (ObjectNode) parse(
                JsonDocument.of(AttentionExamples.text(7, "𝒳", false, "good"), AttentionDetails.NONE));
        damage.accept(document);
        assertThat(SCHEMA.validate(document)).isNotEmpty();
    }
}
