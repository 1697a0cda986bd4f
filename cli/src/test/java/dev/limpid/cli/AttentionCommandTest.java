package dev.limpid.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.demo.DemoModels;
import dev.limpid.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionCommandTest {
    private static final String TEXT = "The film was great!";

    @TempDir
    Path folder;

    @Test
    void withoutArgumentsTheEmbeddedModelReadsAnExample() throws IOException {
        Run run = Run.limpid("attention");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("text  The plot is thin, but the actors are a delight to watch.\n")
                .contains("\nattention  6 layers of 12 heads, 16 tokens\nrelevance for  ", "\ntoken     rollout  rel")
                .endsWith("\nTo look around in it: --html attention.html writes a page with every layer and head.\n");
        JsonNode json = new ObjectMapper().readTree(Run.limpid("attention", "--json", "-").out());
        JsonNode strongest = json.at("/tokens/0");
        for (JsonNode token : json.get("tokens")) {
            boolean stronger = token.get("relevance").asDouble() > strongest.get("relevance").asDouble();
            strongest = stronger ? token : strongest;
        }
        assertThat(strongest.get("text").asText()).as("why it is positive").isEqualTo("delight");
        assertThat(json.get("model").asText()).isEqualTo("embedded");
    }

    @Test
    void theEmbeddedModelOfImagesLooksAtAnImage() throws IOException {
        Path photo = Files.write(folder.resolve("cat.png"), DemoModels.photo());
        Run run = Run.limpid("attention", "--image", photo.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("image  cat.png, seen as 32 × 32\n").contains("\nrelevance for  cat, logit ",
                "\nrollout of each patch, in percent of the strongest\n",
                "\nrelevance of each patch, in percent of the strongest\n");
    }

    @Test
    void filesHoldTheSameAttention() throws IOException {
        Run run = text("--html", path("a.html"), "--map", path("a.safetensors"), "--json", path("a.json"));
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("text  " + TEXT + "\n").endsWith("\nwrote  " + path("a.html") + "\nwrote  "
                + path("a.safetensors") + "\nwrote  " + path("a.json") + "\n");
        assertThat(folder.resolve("a.html")).content().startsWith("<!DOCTYPE html>").contains(TEXT)
                .endsWith("</html>\n");
        JsonNode json = new ObjectMapper().readTree(folder.resolve("a.json").toFile());
        assertThat(json.get("map").asText()).isEqualTo(path("a.safetensors"));
        int tokens = json.get("tokens").size();
        try (SafetensorsFile map = SafetensorsFile.open(folder.resolve("a.safetensors"))) {
            assertThat(map.names()).containsExactlyInAnyOrder("attention", "gradient");
            assertThat(map.info("attention").shape()).containsExactly(json.get("layers").asLong(),
                    json.get("heads").asLong(), tokens, tokens);
            assertThat(map.info("gradient").shape()).isEqualTo(map.info("attention").shape());
            assertThat(map.metadata()).containsEntry("model", "sequence-2").containsEntry("target",
                    json.get("target").asText());
            float[] attention = map.floats("attention");
            for (int row = 0; row < attention.length; row += tokens) {
                double sum = 0;
                for (int j = 0; j < tokens; j++) {
                    sum += attention[row + j];
                }
                assertThat(sum).isCloseTo(1, within(1e-5));
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("a.html", "a.json",
                    "a.safetensors");
        }
    }

    @Test
    void aClassIsTheTargetOfRelevanceAndNothingToRollout() throws IOException {
        JsonNode one = json("--index", "0");
        JsonNode other = json("--class", json("--index", "1").get("target").asText());
        assertThat(other.get("target")).isNotEqualTo(one.get("target"));
        assertThat(other.at("/tokens").findValues("rollout")).isEqualTo(one.at("/tokens").findValues("rollout"));
        assertThat(other.at("/tokens").findValues("relevance"))
                .isNotEqualTo(one.at("/tokens").findValues("relevance"));
        JsonNode predicted = json();
        assertThat(predicted.get("score").asDouble())
                .isEqualTo(Math.max(one.get("score").asDouble(), other.get("score").asDouble()));
    }

    @Test
    void aModelWithoutClassesHasRolloutOnly() throws IOException {
        Run run = Run.limpid("attention", "--model", Run.QA.toString(), "--text", "where is it?", "--pair",
                "the old river", "--json", path("a.json"), "--map", path("a.safetensors"));
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("\npair  the old river\n").doesNotContain("relevance");
        JsonNode json = new ObjectMapper().readTree(folder.resolve("a.json").toFile());
        assertThat(json.get("target").isNull()).isTrue();
        assertThat(json.at("/tokens").findValuesAsText("source")).contains("text", "textPair");
        try (SafetensorsFile map = SafetensorsFile.open(folder.resolve("a.safetensors"))) {
            assertThat(map.names()).containsExactly("attention");
        }
    }

    @Test
    void aModelOfImagesIsKnownAsOne() throws IOException {
        Path vit = TinyViT.in(folder);
        Run run = Run.limpid("attention", "--model", vit.toString(), "--html", path("a.html"));
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("image  chelsea.png, seen as 12 × 12\nattention  ").contains("frog");
        assertThat(folder.resolve("a.html")).content().contains("chelsea.png", "row 2, column 2");
        JsonNode json = new ObjectMapper().readTree(
                Run.limpid("attention", "--model", vit.toString(), "--class", "dog", "--json", "-").out());
        assertThat(json.at("/image/name").asText()).isEqualTo("chelsea.png");
        assertThat(json.get("target").asText()).isEqualTo("dog");
        assertThat(json.at("/tokens/9/patch").toString()).isEqualTo("[2,2]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--view model", "--view neuron", "--layer 1", "--heads 1", "--include-layers 1",
            "--include-heads 1"})
    void optionsOfThePageReachIt(String options) throws IOException {
        assertThat(text("--html", path("usual.html")).exit()).isZero();
        Run run = text(Stream.concat(Stream.of(options.split(" ")), Stream.of("--html", path("a.html")))
                .toArray(String[]::new));
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(folder.resolve("a.html")).content().isNotEqualTo(Files.readString(folder.resolve("usual.html")));
    }

    @Test
    void aLongTextIsCutIfAllowed() throws IOException {
        Run run = Run.limpid("attention", "--model", Run.QA.toString(), "--text", "the old river ".repeat(40),
                "--truncate", "--json", path("a.json"), "--html", path("a.html"));
        assertThat(run.exit()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(folder.resolve("a.json").toFile());
        assertThat(json.get("tokens")).hasSize(64);
        assertThat(json.get("tokensLeftOut").asInt()).isPositive();
        assertThat(run.out()).contains("\nleft out  " + json.get("tokensLeftOut").asInt() + " tokens at the end\n");
        assertThat(folder.resolve("a.html")).content().containsPattern("<h1[^>]*>.{90,130}…<");
    }

    @Test
    void hostileTextsAreShownAndDoNothing() {
        String hostile = "</script><img onerror=x> \u001b[31m great";
        Run run = Run.limpid("attention", "--model", Run.golden("sequence-2").toString(), "--text", hostile, "--html",
                path("a.html"));
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).doesNotContain("\u001b");
        assertThat(folder.resolve("a.html")).content().doesNotContain("</script><img", "\u001b")
                .contains("&lt;/script&gt;&lt;img");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--threads 1", "--device reference"})
    void resourcesDoNotChangeTheResult(String options) throws IOException {
        JsonNode usual = json();
        JsonNode other = json(options.split(" "));
        for (int t = 0; t < usual.get("tokens").size(); t++) {
            for (String key : List.of("rollout", "relevance")) {
                assertThat(other.get("tokens").get(t).get(key).asDouble())
                        .isCloseTo(usual.get("tokens").get(t).get(key).asDouble(), within(1e-6));
            }
        }
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private static Run text(String... more) {
        return Run.limpid(Stream.concat(Stream.of("attention", "--model", Run.golden("sequence-2").toString(),
                "--text", TEXT), Stream.of(more)).toArray(String[]::new));
    }

    private static JsonNode json(String... more) throws IOException {
        Run run = text(Stream.concat(Stream.of(more), Stream.of("--json", "-")).toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        return new ObjectMapper().readTree(run.out());
    }
}
