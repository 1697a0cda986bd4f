package dev.limpid.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QaCommandTest {
    private static final String CONTEXT = "the river is in the old city";

    @TempDir
    Path folder;

    @Test
    void withoutArgumentsItAnswersTheExampleRightly() {
        Run run = Run.limpid("qa");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("question  Where is the Eiffel Tower?\ncontext   The Eiffel Tower, built in")
                .contains("\nanswer  Paris\n", "\nstart  paris (35)  score 2.76", "\nend  paris (35)  score 2.81");
    }

    @Test
    void theEmbeddedModelReadsTheUsersText() throws IOException {
        JsonNode json = json("qa", "--question", "Who built it?", "--context",
                "The Eiffel Tower, built in 1889 by the company of Gustave Eiffel, stands in Paris.", "--steps", "4",
                "--json", "-");
        assertThat(json.at("/prediction/answer").asText()).isEqualTo("Gustave Eiffel");
        assertThat(json.at("/model").asText()).isEqualTo("embedded");
    }

    @Test
    void jsonOnStandardOutputStandsAlone() throws IOException {
        JsonNode json = json(qa("--json", "-"));
        assertThat(json.at("/task").asText()).isEqualTo("question-answering");
        assertThat(json.at("/model").asText()).isEqualTo("qa");
        assertThat(json.at("/explanations/0/steps").asInt()).isIn(3, 5, 11, 19, 35, 67, 131);
        assertThat(json.at("/explanations/0/quadrature").asText()).isEqualTo("clenshaw-curtis-middle");
        assertThat(json.at("/explanations/0/tolerance").asDouble()).isEqualTo(0.03);
        assertThat(json.at("/explanations/0/converged").asBoolean()).isTrue();
        double raw = 0;
        for (JsonNode token : json.at("/explanations/0/tokens")) {
            raw += token.get("raw").asDouble();
        }
        double difference = json.at("/explanations/0/score").asDouble()
                - json.at("/explanations/0/baselineScore").asDouble();
        assertThat(raw - difference).isCloseTo(json.at("/explanations/0/delta").asDouble(), within(1e-6));
    }

    @Test
    void stepsAreAsManyAsItTakesOrAsManyAsGiven() throws IOException {
        JsonNode fine = json(qa("--steps", "auto", "--tolerance", "1e-4", "--json", "-")).at("/explanations/1");
        assertThat(fine.get("tolerance").asDouble()).isEqualTo(1e-4);
        assertThat(fine.get("converged").asBoolean()).isTrue();
        JsonNode given = json(qa("--steps", "300", "--json", "-")).at("/explanations/1");
        assertThat(given.get("quadrature").asText()).isEqualTo("gauss-legendre");
        assertThat(given.has("tolerance")).isFalse();
        assertThat(given.has("converged")).isFalse();
        double largest = 0;
        for (JsonNode token : given.get("tokens")) {
            largest = Math.max(largest, Math.abs(token.get("raw").asDouble()));
        }
        for (int t = 0; t < given.get("tokens").size(); t++) {
            assertThat(fine.at("/tokens/" + t + "/raw").asDouble())
                    .isCloseTo(given.at("/tokens/" + t + "/raw").asDouble(), within(1e-3 * largest));
        }
        JsonNode rule = json(qa("--quadrature", "clenshaw-curtis", "--json", "-")).at("/explanations/0");
        assertThat(rule.get("steps").asInt()).isEqualTo(50);
        JsonNode interpret = json(qa("--convention", "transformers-interpret", "--json", "-")).at("/explanations/0");
        assertThat(interpret.get("steps").asInt()).isEqualTo(50);
        assertThat(interpret.get("quadrature").asText()).isEqualTo("gauss-legendre");
    }

    @Test
    void theMostStepsThatMayBeTakenAreSaidToBeTooFew() throws IOException {
        Run run = Run.limpid(qa("--tolerance", "1e-6", "--max-steps", "6", "--json", "-"));
        assertThat(run.exit()).isZero();
        assertThat(run.err()).contains("the most steps allowed, 5,", "tolerance 1.0E-6", "2 of 2 targets");
        JsonNode json = new ObjectMapper().readTree(run.out());
        for (JsonNode e : json.get("explanations")) {
            assertThat(e.get("steps").asInt()).isEqualTo(5);
            assertThat(e.get("converged").asBoolean()).isFalse();
            assertThat(e.get("delta").asDouble()).isNotZero();
        }
    }

    @Test
    void filesHoldTheSameAsTheTerminal() throws IOException {
        Path html = folder.resolve("e.html");
        Path json = folder.resolve("e.json");
        Run run = Run.limpid(qa("--html", html.toString(), "--json", json.toString()));
        assertThat(run.exit()).as(run.err()).isZero();
        JsonNode document = new ObjectMapper().readTree(json.toFile());
        assertThat(document).isEqualTo(json(qa("--json", "-")));
        assertThat(run.out()).startsWith("answer  " + document.at("/prediction/answer").asText());
        assertThat(html).content().startsWith("<!DOCTYPE html>").endsWith("</html>\n");
        assertThat(files()).containsExactlyInAnyOrder("e.html", "e.json");
    }

    @Test
    void optionsReachTheExplanation() throws IOException {
        JsonNode json = json(
                qa("--steps", "7", "--quadrature", "riemann-middle", "--device", "reference", "--json", "-"));
        assertThat(json.at("/explanations/1/steps").asInt()).isEqualTo(7);
        assertThat(json.at("/explanations/1/quadrature").asText()).isEqualTo("riemann-middle");
        assertThat(json.at("/device").asText()).isEqualTo("reference");
        assertThat(json.at("/precision").asText()).isEqualTo("f64");
        assertThat(json(qa("--steps", "1", "--precision", "f32", "--json", "-")).at("/precision").asText())
                .isEqualTo("f32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--threads 1", "--threads 3", "--internal-batch-size 3", "--memory 64k"})
    void resourcesDoNotChangeTheResult(String options) throws IOException {
        JsonNode usual = json(qa("--json", "-")).at("/explanations/0/tokens");
        String[] more = Stream.concat(Stream.of(options.split(" ")), Stream.of("--json", "-")).toArray(String[]::new);
        JsonNode other = json(qa(more)).at("/explanations/0/tokens");
        assertThat(other).hasSameSizeAs(usual);
        for (int t = 0; t < usual.size(); t++) {
            assertThat(other.get(t).get("raw").asDouble()).isCloseTo(usual.get(t).get("raw").asDouble(), within(1e-6));
        }
    }

    @Test
    void conventionsDiffer() throws IOException {
        JsonNode right = json(qa("--json", "-"));
        JsonNode other = json(qa("--convention", "transformers-interpret", "--json", "-"));
        assertThat(other.at("/explanations/0/baselineScore").asDouble())
                .isNotCloseTo(right.at("/explanations/0/baselineScore").asDouble(), within(1e-3));
    }

    @Test
    void aContextOfAHundredThousandWordsIsReadInWindows() throws IOException {
        Path file = Files.writeString(folder.resolve("long.txt"), "the old river and a new city ".repeat(14_286));
        JsonNode json = json("qa", "--model", Run.QA.toString(), "--question", "where is it?", "--context-file",
                file.toString(), "--steps", "2", "--stride", "8", "--json", "-");
        assertThat(json.at("/window/count").asInt()).isGreaterThan(1000);
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheContext() throws IOException {
        Path file = Files.writeString(folder.resolve("bom.txt"), "\uFEFF" + CONTEXT);
        JsonNode json = json("qa", "--model", Run.QA.toString(), "--question", "where is it?", "--context-file",
                file.toString(), "--json", "-");
        assertThat(json).isEqualTo(json("qa", "--model", Run.QA.toString(), "--question", "where is it?", "--context",
                CONTEXT, "--json", "-"));
    }

    @Test
    void wordsStandInPlaceOfPieces() throws IOException {
        Run run = Run.limpid("qa", "--words", "--steps", "4");
        assertThat(run.out()).contains("\nanswer  Paris\n", "\nstart  paris (35)").doesNotContain("##");
        JsonNode json = json("qa", "--words", "--steps", "4", "--question", "Who built it?", "--context",
                "The company of Gustave Eiffel built it.", "--json", "-");
        assertThat(json.at("/explanations/0/words").toString()).contains("\"text\":\"Eiffel\"");
    }

    @Test
    void coloursAreForTerminalsOnly() {
        assertThat(Run.limpid(qa()).out()).doesNotContain("\u001b[");
        assertThat(Run.limpid(Map.of("TERM", "xterm"), true, qa()).out()).contains("\u001b[");
        assertThat(Run.limpid(Map.of("TERM", "xterm", "NO_COLOR", "1"), true, qa()).out()).doesNotContain("\u001b[");
        assertThat(Run.limpid(Map.of("TERM", "dumb"), true, qa()).out()).doesNotContain("\u001b[");
        assertThat(Run.limpid(Map.of("TERM", "xterm"), true, qa("--no-colour")).out()).doesNotContain("\u001b[");
    }

    private static String[] qa(String... more) {
        return Stream.concat(Stream.of("qa", "--model", Run.QA.toString(), "--question", "where is it?", "--context",
                CONTEXT), Stream.of(more)).toArray(String[]::new);
    }

    private static JsonNode json(String... args) throws IOException {
        Run run = Run.limpid(args);
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        return new ObjectMapper().readTree(run.out());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
