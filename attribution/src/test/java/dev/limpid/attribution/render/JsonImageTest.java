package dev.limpid.attribution.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.limpid.attribution.explain.ImageAttribution;
import dev.limpid.attribution.explain.ImageExplanation;
import dev.limpid.attribution.explain.ImageFaithfulness;
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

class JsonImageTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonSchema SCHEMA = schema();
    static final List<String> HOSTILE = Examples.HOSTILE;

    private static final ImageDetails ALL = ImageDetails.NONE.withName("photo.png").withSeed(7L)
            .withMap("map.safetensors", List.of("attributions.1.1", "attributions.1.2"))
            .withMetrics(List.of(new ImageFaithfulness(1, 2, 3, 4, 5), new ImageFaithfulness(6, 7, 8, 9, 10)))
            .withPatches(true);

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

    private static JsonNode valid(ImageExplanation explanation, ImageDetails details) {
        JsonNode json = parse(JsonDocument.of(explanation, details));
        assertThat(SCHEMA.validate(json)).isEmpty();
        return json;
    }

    private static List<String> keys(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    @Test
    void hasTheKeysOfTheContractInTheirOrder() {
        JsonNode json = valid(ImageExamples.of(1, "cat", "dog"), ALL);
        assertThat(keys(json)).containsExactly("task", "model", "device", "precision", "convention", "baseline",
                "prediction", "image", "input", "channels", "map", "explanations");
        assertThat(keys(json.get("prediction"))).containsExactly("index", "label", "logit", "probability", "top");
        assertThat(keys(json.at("/explanations/1"))).containsExactly("target", "index", "label", "score",
                "baselineScore", "delta", "method", "quadrature", "steps", "attributionSum", "seed", "tensor",
                "metrics", "patches");
        assertThat(keys(json.at("/explanations/1/metrics"))).containsExactly("infidelity", "deletionAuc",
                "insertionAuc", "comprehensiveness", "sufficiency");
    }

    @Test
    void holdsTheNumbersOfTheExplanation() {
        ImageExplanation e = ImageExamples.of(2, "cat", "dog");
        JsonNode json = valid(e, ALL);
        assertThat(json.get("task").asText()).isEqualTo("image-classification");
        assertThat(json.get("image").toString()).isEqualTo("{\"name\":\"photo.png\",\"width\":20,\"height\":10}");
        assertThat(json.get("input").toString()).isEqualTo(
                "{\"width\":6,\"height\":4,\"channels\":3,\"patch\":{\"width\":3,\"height\":2}}");
        assertThat(json.get("channels").intValue()).isEqualTo(3);
        assertThat(json.get("map").asText()).isEqualTo("map.safetensors");
        assertThat(json.at("/prediction/top")).hasSize(5);
        assertThat(json.at("/prediction/top/4/logit").doubleValue()).isEqualTo(-1.0);
        for (int t = 0; t < 2; t++) {
            ImageAttribution target = e.explanations().get(t);
            JsonNode node = json.get("explanations").get(t);
            assertThat(node.get("label").asText()).isEqualTo(target.label());
            assertThat(node.get("index").intValue()).isEqualTo(t);
            assertThat(node.get("score").doubleValue()).isEqualTo(2.5);
            assertThat(node.get("baselineScore").doubleValue()).isEqualTo(-0.5);
            assertThat(node.get("attributionSum").doubleValue()).isEqualTo(target.attributionSum());
            assertThat(node.get("tensor").asText()).isEqualTo("attributions.1." + (t + 1));
            assertThat(node.get("seed").longValue()).isEqualTo(7);
            assertThat(node.at("/metrics/sufficiency").doubleValue()).isEqualTo(t == 0 ? 5 : 10);
        }
    }

    @Test
    void patchesAreSumsOverTheirPixelsAndChannels() {
        ImageExplanation e = ImageExamples.of(3, "cat", "dog");
        JsonNode patches = valid(e, ALL).at("/explanations/0/patches");
        double[] values = e.explanations().getFirst().values();
        for (int row = 0; row < 2; row++) {
            for (int column = 0; column < 2; column++) {
                double sum = 0;
                for (int c = 0; c < 3; c++) {
                    for (int y = 2 * row; y < 2 * row + 2; y++) {
                        for (int x = 3 * column; x < 3 * column + 3; x++) {
                            sum += values[(c * ImageExamples.HEIGHT + y) * ImageExamples.WIDTH + x];
                        }
                    }
                }
                assertThat(patches.get(row).get(column).doubleValue()).isCloseTo(sum, within(1e-12));
            }
        }
        assertThat(patches).hasSize(2);
        assertThat(patches.get(0)).hasSize(2);
    }

    @Test
    void whatAMethodHasNotIsNull() {
        JsonNode json = valid(ImageExamples.of(4, List.of(ImageExamples.withoutBaseline())), ImageDetails.NONE);
        JsonNode explanation = json.at("/explanations/0");
        assertThat(explanation.get("target").asText()).isEqualTo("contrast");
        for (String key : List.of("baselineScore", "delta", "quadrature")) {
            assertThat(explanation.get(key).isNull()).as(key).isTrue();
        }
        assertThat(json.get("map").isNull()).isTrue();
        assertThat(json.at("/image/name").isNull()).isTrue();
        assertThat(keys(explanation)).doesNotContain("seed", "tensor", "metrics", "patches");
    }

    @Test
    void aLineIsTheSameDocument() {
        ImageExplanation e = ImageExamples.of(5, "cat", "dog");
        String line = JsonDocument.line(e, ALL);
        assertThat(line).endsWith("}\n").hasLineCount(1);
        assertThat(parse(line)).isEqualTo(parse(JsonDocument.of(e, ALL)));
    }

    @ParameterizedTest
    @FieldSource("HOSTILE")
    void labelsAndNamesComeBackAsTheyWere(String text) {
        ImageExplanation e = ImageExamples.of(6, text);
        JsonNode json = valid(e, ImageDetails.NONE.withName(text));
        assertThat(json.at("/explanations/0/label").asText()).isEqualTo(VisibleText.wellFormed(text));
        assertThat(json.at("/prediction/label").asText()).isEqualTo(VisibleText.wellFormed(text));
        assertThat(json.at("/image/name").asText()).isEqualTo(VisibleText.wellFormed(text));
        assertThat(JsonDocument.line(e, ImageDetails.NONE.withName(text))).hasLineCount(1);
    }

    @Test
    void aScoreThatIsNoNumberIsRefused() {
        ImageAttribution target = new ImageAttribution("class", 0, "cat", Double.NaN, 0, 0, "idgi", null, 1,
                new double[ImageExamples.CHANNELS * ImageExamples.HEIGHT * ImageExamples.WIDTH]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonDocument.of(ImageExamples.of(7, List.of(target)), ImageDetails.NONE))
                .withMessageContaining("score is NaN");
    }

    static Stream<Named<Consumer<ObjectNode>>> damage() {
        return Stream.of(
                damage("another task", d -> d.put("task", "image")),
                damage("no baseline", d -> d.remove("baseline")),
                damage("empty baseline", d -> d.put("baseline", "")),
                damage("no prediction", d -> d.remove("prediction")),
                damage("prediction without top", d -> at(d, "/prediction").remove("top")),
                damage("prediction without label", d -> at(d, "/prediction").remove("label")),
                damage("no classes at the top", d -> ((ArrayNode) d.at("/prediction/top")).removeAll()),
                damage("a class without logit", d -> at(d, "/prediction/top/2").remove("logit")),
                damage("probability of 1.1", d -> at(d, "/prediction").put("probability", 1.1)),
                damage("no image", d -> d.remove("image")),
                damage("image without name", d -> at(d, "/image").remove("name")),
                damage("image without width", d -> at(d, "/image").remove("width")),
                damage("no input", d -> d.remove("input")),
                damage("input of no height", d -> at(d, "/input").put("height", 0)),
                damage("input without patch", d -> at(d, "/input").remove("patch")),
                damage("no channels", d -> d.remove("channels")),
                damage("no map", d -> d.remove("map")),
                damage("map a number", d -> d.put("map", 1)),
                damage("no explanations", d -> ((ArrayNode) d.get("explanations")).removeAll()),
                damage("another target", d -> at(d, "/explanations/0").put("target", "start")),
                damage("no index", d -> at(d, "/explanations/0").remove("index")),
                damage("no delta", d -> at(d, "/explanations/0").remove("delta")),
                damage("score null", d -> at(d, "/explanations/0").putNull("score")),
                damage("label null", d -> at(d, "/explanations/1").putNull("label")),
                damage("quadrature empty", d -> at(d, "/explanations/1").put("quadrature", "")),
                damage("tolerance of one", d -> at(d, "/explanations/1").put("tolerance", 1)),
                damage("tolerance of nothing", d -> at(d, "/explanations/1").put("tolerance", 0)),
                damage("converged a word", d -> at(d, "/explanations/1").put("converged", "yes")),
                damage("seed of half", d -> at(d, "/explanations/1").put("seed", 0.5)),
                damage("metrics without sufficiency", d -> at(d, "/explanations/1/metrics").remove("sufficiency")),
                damage("patches in one row", d -> ((ArrayNode) d.at("/explanations/1/patches")).add(1.5)));
    }

    private static ObjectNode at(ObjectNode document, String path) {
        return (ObjectNode) document.at(path);
    }

    private static Named<Consumer<ObjectNode>> damage(String name, Consumer<ObjectNode> damage) {
        return Named.of(name, damage);
    }

    @ParameterizedTest
    @MethodSource
    void damage(Consumer<ObjectNode> damage) {
        ObjectNode document = (ObjectNode) parse(JsonDocument.of(ImageExamples.of(8, "cat", "dog"), ALL));
        damage.accept(document);
        assertThat(SCHEMA.validate(document)).isNotEmpty();
    }

    @Test
    void moreKeysMayBeAdded() {
        ObjectNode document = (ObjectNode) parse(JsonDocument.of(ImageExamples.of(9, "cat", "dog"), ALL));
        for (String path : List.of("", "/prediction", "/prediction/top/0", "/image", "/input", "/input/patch",
                "/explanations/0", "/explanations/0/metrics")) {
            at(document, path).put("new", 1);
        }
        assertThat(SCHEMA.validate(document)).isEmpty();
    }
}
