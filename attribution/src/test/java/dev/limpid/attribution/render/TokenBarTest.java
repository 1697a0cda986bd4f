package dev.limpid.attribution.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.explain.Answer;
import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.attribution.explain.TokenAttribution;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBarTest {
    private static final Pattern COLOUR = Pattern
            .compile("\u001b\\[38;2;0;0;0;48;2;\\d{1,3};\\d{1,3};\\d{1,3}m|\u001b\\[0m");
    private static final QuestionAnsweringExplanation PUBLISHED = Examples.published(Convention.DEFAULT);

    @Test
    void withoutColourThereIsNoEscapeSequence() {
        String text = TokenBar.of(PUBLISHED, false, 80);
        assertThat(text).startsWith("""
                answer  usage of machines to process and understand human language

                start  usage (21)  score 5.54  baseline 0.15  delta -0.0028
                index  token""").doesNotContain("\u001b", "[CLS] what");
    }

    @Test
    void theBarHoldsEveryTokenOnItsColour() {
        String text = TokenBar.of(PUBLISHED, true, 80);
        for (var target : PUBLISHED.explanations()) {
            for (TokenAttribution token : target.tokens()) {
                AttributionColour c = AttributionColour.of(token.attribution());
                assertThat(text).contains("\u001b[38;2;0;0;0;48;2;" + c.red() + ";" + c.green() + ";" + c.blue() + "m"
                        + token.text() + "\u001b[0m");
            }
        }
        assertThat(COLOUR.matcher(text).replaceAll("")).contains(
                "[CLS] what is natural language processing ? [SEP] in artificial intelligence and",
                "language.");
    }

    @ParameterizedTest(name = "{0} columns")
    @ValueSource(ints = {1, 20, 37, 80, 200})
    void linesKeepToTheWidth(int width) {
        String text = TokenBar
                .of(Examples.of(Convention.DEFAULT, "q?", List.of("日本語", "word", "x".repeat(90), "😀", "a b"),
                        " ", 3), true, width);
        List<String> lines = COLOUR.matcher(text).replaceAll("").lines().toList();
        assertThat(lines).filteredOn(line -> !line.matches(" *\\d+ .*[.]\\d{4}.*|index .*|.*x{24,}.*"))
                .allMatch(line -> TextWidth.of(line) <= Math.max(width, 20));
        assertThat(String.join("", lines)).contains("日本語").contains("word");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nothingFromTextsControlsTheTerminal(long seed) {
        Random random = new Random(seed);
        List<String> words = IntStream.range(0, 40).mapToObj(i -> word(random)).toList();
        for (QuestionAnsweringExplanation e : List.of(
                Examples.of(Convention.DEFAULT, word(random), words, "\u001b[2J", seed),
                Examples.of(Convention.DEFAULT, word(random), Examples.HOSTILE, "\r\u0007", seed))) {
            for (boolean colour : new boolean[]{true, false}) {
                String rest = TokenBar.of(e, colour, 60);
                rest = colour ? COLOUR.matcher(rest).replaceAll("") : rest;
                assertThat(rest.codePoints()).noneMatch(c -> Character.isISOControl(c) && c != '\n')
                        .noneMatch(c -> c >= 0xD800 && c <= 0xDFFF).noneMatch(c -> c == 0x202E);
            }
        }
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(1, 12); i > 0; i--) {
            word.append((char) (random.nextBoolean() ? random.nextInt(0xA0) : random.nextInt(0x10000)));
        }
        return word.toString();
    }

    @Test
    void theStrongestTokensComeFirst() {
        List<String> lines = TokenBar.of(PUBLISHED, false, 80).lines().toList();
        assertThat(lines.get(3)).isEqualTo("index  token       attribution         raw");
        assertThat(lines.get(4)).isEqualTo("    1  what            +0.9177     +2.9367");
        List<Double> shown = lines.stream().skip(4).limit(8)
                .map(line -> Double.parseDouble(line.replaceAll(" +[^ ]+$|^ *[0-9]+ +[^ ]+ +[+-]", ""))).toList();
        assertThat(shown).hasSize(8).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        double eighth = PUBLISHED.start().tokens().stream().mapToDouble(t -> -Math.abs(t.attribution())).sorted()
                .skip(7).findFirst().orElseThrow();
        assertThat(shown.getLast()).isCloseTo(-eighth, within(5e-5));
    }

    @Test
    void saysWhatIsSpecial() {
        QuestionAnsweringExplanation none = Examples.with(PUBLISHED, new Answer("", 0, 0, null, 1, 2));
        assertThat(TokenBar.of(none, false, 80)).startsWith("answer  (none in this context)\n\nstart  usage (21)");
        QuestionAnsweringExplanation windowed = Examples.windowed(
                Examples.of(Convention.DEFAULT, "q", List.of("a", "b", "c"), " ", 1), "x", "y");
        assertThat(TokenBar.of(windowed, false, 80))
                .startsWith("answer  c\nwindow  2 of 3 of the context\n\nstart  c (5)");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"false", "true"})
    void everyLineEnds(boolean colour) {
        assertThat(TokenBar.of(PUBLISHED, colour, 40)).endsWith("\n").doesNotContain("\r", " \n");
    }
}
