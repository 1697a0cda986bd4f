package dev.limpid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
    @Test
    void everyCommandHasExamples() {
        for (List<String> call : List.of(List.of("--help"), List.of("qa", "--help"), List.of("help", "qa"),
                List.of("image", "--help"), List.of("attention", "--help"), List.of("tokenize", "-h"),
                List.of("classify", "-h"), List.of("pair", "-h"),
                List.of("multilabel", "-h"), List.of("zero-shot", "-h"), List.of("ner", "-h"),
                List.of("fill-mask", "-h"), List.of("similarity", "-h"), List.of("explain", "-h"))) {
            Run run = Run.limpid(call.toArray(new String[0]));
            assertThat(run.exit()).isZero();
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).startsWith("Usage: limpid").contains("\nExamples:\n  limpid ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--model", "--adapter", "--question", "--context", "--context-file", "--steps", "--method",
            "--convention", "--baseline", "--html", "--json", "--device", "--precision", "--threads", "--quadrature",
            "--stride",
            "--words",
            "--memory", "--internal-batch-size", "--no-answer", "--no-colour", "--debug", "--input", "--output",
            "--overwrite"})
    void helpTellsOfEveryOption(String option) {
        assertThat(Run.limpid("qa", "--help").out()).containsPattern(option + "[ =\n]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--model", "--adapter", "--image", "--title", "--class", "--index", "--top", "--contrast",
            "--method", "--convention", "--baseline", "--steps", "--tolerance", "--max-steps", "--quadrature",
            "--samples", "--stdev", "--seed",
            "--memory", "--internal-batch-size", "--metrics", "--view", "--side-by-side", "--sign", "--outlier",
            "--patches", "--shared-scale", "--colors", "--out", "--html", "--json", "--map", "--device", "--precision",
            "--threads", "--no-colour", "--debug"})
    void helpOfImageTellsOfEveryOption(String option) {
        assertThat(Run.limpid("image", "--help").out()).containsPattern(option + "[ =\n]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--model", "--adapter", "--text", "--pair", "--image", "--truncate", "--class", "--index",
            "--view", "--layer", "--heads", "--include-layers", "--include-heads", "--html", "--json", "--map",
            "--device", "--precision", "--threads", "--debug"})
    void helpOfAttentionTellsOfEveryOption(String option) {
        assertThat(Run.limpid("attention", "--help").out()).containsPattern(option + "[ =\n]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classify", "pair", "multilabel", "zero-shot", "ner", "fill-mask", "similarity"})
    void helpOfTextsTellsOfEveryOption(String command) {
        String help = Run.limpid(command, "--help").out();
        for (String option : List.of("--text", "--model", "--adapter", "--method", "--convention", "--score",
                "--baseline", "--steps", "--quadrature", "--embedding", "--truncate", "--memory",
                "--internal-batch-size", "--words", "--html", "--json", "--input", "--output", "--overwrite",
                "--device", "--precision",
                "--threads", "--no-colour", "--debug")) {
            assertThat(help).containsPattern(option + "[ =\n]");
        }
    }

    @Test
    void theVersionIsMavens() {
        Run run = Run.limpid("--version");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("limpid " + System.getProperty("limpid.version") + "\nJava ");
    }

    @Test
    void devicesAreListedWithTheirPrecisionsAndAReason() {
        Run run = Run.limpid("devices");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).containsPattern("(?m)^cpu +usable +f32 +pure Java, \\S")
                .containsPattern("(?m)^reference +usable +plain loops in double precision");
    }
}
