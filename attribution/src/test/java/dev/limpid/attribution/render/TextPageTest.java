package dev.limpid.attribution.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import dev.limpid.attribution.explain.ClassificationExplanation;
import dev.limpid.attribution.explain.ClassificationOptions;
import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.TargetAttribution;
import dev.limpid.attribution.explain.TextExplanation;
import dev.limpid.attribution.explain.TextOptions;
import dev.limpid.attribution.explain.TokenClassificationExplanation;
import dev.limpid.attribution.explain.TokenOptions;
import dev.limpid.attribution.explain.ZeroShotOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages, tables and reports of texts' classes, labels, entities, masks and likeness. */
class TextPageTest {
    private static final String TEXT = "the old river is unseen, in the City.";
    private static Chromium chromium;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        chromium = Chromium.start().orElse(null);
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
        }
    }

    static Stream<Named<TextExplanation>> examples() {
        return TextExamples.all(TEXT);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void pagesAreValidAndSaySomethingOfEveryNumber(TextExplanation explanation) throws Exception {
        for (TextDetails details : List.of(TextDetails.TOKENS, TextDetails.WORDS)) {
            String page = HtmlPage.of(explanation, details);
            assertThat(HtmlValidator.complaints(page)).isEmpty();
            assertThat(page).contains(Html.escape(TEXT)).doesNotContain("NaN", "null", "<script", "http:", "https:");
            for (TargetAttribution target : explanation.explanations()) {
                assertThat(page).contains(">" + Decimals.fixed(target.score(), 2) + "</td>");
            }
        }
    }

    @ParameterizedTest(name = "hostile text {index}")
    @FieldSource("dev.limpid.attribution.render.Examples#HOSTILE")
    void hostileTextsAreText(String text) throws Exception {
        for (Named<TextExplanation> named : TextExamples.all("a " + text).toList()) {
            for (TextDetails details : List.of(TextDetails.TOKENS, TextDetails.WORDS)) {
                String page = HtmlPage.of(named.getPayload(), details);
                assertThat(HtmlValidator.complaints(page)).as(named.getName()).isEmpty();
                assertThat(page).doesNotContain("<script", "<img", "<svg");
                String report = TokenBar.of(named.getPayload(), details, false, 60);
                assertThat(report.replace("\n", "").codePoints()
                        .anyMatch(c -> Character.isISOControl(c) || c == 0x202e || c == 0x2066)).isFalse();
            }
        }
    }

    @Test
    void nothingRunsInABrowser() throws IOException {
        assumeThat(chromium).as("no Chromium; the reason is on the error stream").isNotNull();
        for (Named<TextExplanation> named : TextExamples.all("a " + Examples.HOSTILE.getFirst()).toList()) {
            try (OpenedPage opened = open(HtmlPage.of(named.getPayload(), TextDetails.WORDS))) {
                assertThat(opened.page().locator("script, img, svg, link, iframe").count()).isZero();
                assertThat(opened.page().evaluate("typeof window.hit")).isEqualTo("undefined");
                assertThat(opened.complaints()).as(named.getName()).isEmpty();
                assertThat(opened.requests()).hasSize(1);
                assertThat(opened.page().locator(".context").first().textContent())
                        .contains(Examples.HOSTILE.getFirst());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void stripsShowTokensOrWordsInTheirColours(TextExplanation explanation) throws IOException {
        assumeThat(chromium).as("no Chromium; the reason is on the error stream").isNotNull();
        for (TextDetails details : List.of(TextDetails.TOKENS, TextDetails.WORDS)) {
            try (OpenedPage opened = open(HtmlPage.of(explanation, details))) {
                List<String> titles = new ArrayList<>();
                List<String> colours = new ArrayList<>();
                for (TargetAttribution target : explanation.explanations()) {
                    if (details.words()) {
                        explanation.words(target)
                                .forEach(word -> add(titles, colours, word.text(), word.attribution()));
                    } else {
                        target.tokens().forEach(token -> add(titles, colours, token.text(), token.attribution()));
                    }
                }
                Locator spans = opened.page().locator(".words span");
                assertThat(all(spans, "e.title.split('\\n')[0]")).isEqualTo(titles);
                assertThat(all(spans, "getComputedStyle(e).backgroundColor")).isEqualTo(colours);
            }
        }
    }

    private static void add(List<String> titles, List<String> colours, String text, double attribution) {
        AttributionColour c = AttributionColour.of(attribution);
        titles.add(text);
        colours.add("rgb(" + c.red() + ", " + c.green() + ", " + c.blue() + ")");
    }

    @Test
    void pagesFitNarrowScreens() throws IOException {
        assumeThat(chromium).as("no Chromium; the reason is on the error stream").isNotNull();
        for (Named<TextExplanation> named : TextExamples.all("a " + "x".repeat(60) + " river").toList()) {
            for (int width : List.of(320, 1280)) {
                try (OpenedPage opened = open(HtmlPage.of(named.getPayload()),
                        new Browser.NewContextOptions().setViewportSize(width, 800))) {
                    opened.page().locator("summary").click();
                    assertThat(opened.page().evaluate("document.documentElement.scrollWidth")).as(named.getName())
                            .isEqualTo(width);
                }
            }
        }
    }

    @Test
    void theTokenExplainedIsOutlinedAndTheEntityUnderlined() throws IOException {
        assumeThat(chromium).as("no Chromium; the reason is on the error stream").isNotNull();
        for (Named<TextExplanation> named : examples().toList()) {
            if (!(named.getPayload() instanceof TokenClassificationExplanation e)) {
                continue;
            }
            boolean tokens = e.explanations().getFirst().target().equals("token");
            try (OpenedPage opened = open(HtmlPage.of(e))) {
                assertThat(opened.page().locator(".words .target").count())
                        .isEqualTo(tokens ? e.explanations().size() : 0);
                int marked = tokens
                        ? 0
                        : e.entities().stream().mapToInt(one -> one.end() - one.start() + 1).sum();
                assertThat(opened.page().locator(".words .answered").count()).isEqualTo(marked);
            }
        }
    }

    @Test
    void aTextWithoutEntitiesIsSaidToHaveNone() throws Exception {
        TokenClassificationExplanation some = TextExamples.with("token", m -> m.tokenClassification().explain(TEXT));
        TokenClassificationExplanation none = new TokenClassificationExplanation(some.run(), TEXT, some.predictions(),
                List.of(), List.of());
        assertThat(HtmlValidator.complaints(HtmlPage.of(none))).isEmpty();
        assertThat(HtmlPage.of(none)).contains(">0 entities</h1>");
        assertThat(TokenBar.of(none, false, 80)).isEqualTo("no entities\n");
    }

    @Test
    void aTextCutOffIsSaidToBe() {
        ClassificationExplanation cut = TextExamples.with("sequence-2", m -> m.textClassification().explain(
                "the river ".repeat(60),
                ClassificationOptions.DEFAULT.withText(TextOptions.DEFAULT.withTruncate(true))));
        assertThat(cut.run().tokensLeftOut()).isPositive();
        assertThat(HtmlPage.of(cut)).contains("its last " + cut.run().tokensLeftOut() + " tokens were cut off");
        assertThat(TokenBar.of(cut, false, 80)).contains("the last " + cut.run().tokensLeftOut() + " tokens");
    }

    @Test
    void reportsNameThePredictionFirst() {
        List<String> begins = examples().map(named -> TokenBar.of(named.getPayload(), false, 80).lines().findFirst()
                .orElseThrow().split(" ", 2)[0]).toList();
        assertThat(begins).containsExactly("prediction", "prediction", "prediction", "prediction", "prediction",
                "prediction", "prediction", "prediction", "entity", "entity", "prediction", "cosine");
        assertThat(TokenBar.of(examples().toList().get(4).getPayload(), false, 80)).doesNotContain("delta", "baseline",
                "nan");
    }

    @Test
    void theFootPromisesASumOnlyWhereThereIsOne() {
        for (Named<TextExplanation> named : examples().toList()) {
            boolean adds = explanationsAdd(named.getPayload());
            String page = HtmlPage.of(named.getPayload());
            assertThat(page.contains("<dt>Delta</dt>")).as(named.getName()).isEqualTo(adds);
            assertThat(page.contains("do not add up")).as(named.getName()).isNotEqualTo(adds);
            assertThat(adds).isEqualTo(!List.of("leave one out", "saliency").contains(named.getName()));
        }
    }

    private static boolean explanationsAdd(TextExplanation explanation) {
        return explanation.explanations().stream().noneMatch(one -> Double.isNaN(one.delta()));
    }

    static Stream<Named<JsonNode>> published() throws IOException {
        JsonNode golden = new ObjectMapper().readTree(Path.of("src/test/resources/golden/text-tables.json").toFile());
        return golden.get("tables").valueStream()
                .map(t -> Named.of(t.get("task").asText() + " " + t.get("checkpoint").asText(), t));
    }

    /** Headers, cells and words; colours are captum's arithmetic on these, which CaptumTableTest holds to its bytes. */
    @ParameterizedTest
    @MethodSource("published")
    void tablesSayWhatThoseOfTransformersInterpretSay(JsonNode golden) {
        TextExplanation explanation = TextExamples.with(golden.get("checkpoint").asText(), m -> explain(m, golden));
        StringBuilder expected = new StringBuilder();
        golden.get("headers").forEach(header -> expected.append("<th>").append(header.asText()).append("</th>\n"));
        for (JsonNode row : golden.get("rows")) {
            row.get("cells").forEach(cell -> expected.append("<b>").append(cell.asText()).append("</b>\n"));
            row.get("words").forEach(word -> expected.append(word.asText()).append('\n'));
        }
        String table = CaptumTable.of(explanation);
        StringBuilder found = new StringBuilder();
        Pattern.compile("<th>.*?</th>|<b>(?!Legend).*?</b>|<font color=\"black\"> (.*?) {20}")
                .matcher(table).results()
                .forEach(m -> found.append(m.group(1) == null ? m.group() : m.group(1)).append('\n'));
        assertThat(found).hasToString(expected.toString());
    }

    private static TextExplanation explain(LimpidModel model, JsonNode golden) {
        String text = golden.get("text").asText();
        return switch (golden.get("task").asText()) {
            case "classify" ->
                model.textClassification().explain(text, ClassificationOptions.TRANSFORMERS_INTERPRET);
            case "pair" -> model.pairClassification().explain(text, golden.get("pair").asText(),
                    ClassificationOptions.TRANSFORMERS_INTERPRET);
            case "multilabel" -> model.textClassification().explain(text,
                    ClassificationOptions.TRANSFORMERS_INTERPRET_MULTI_LABEL);
            case "zero-shot" -> model.zeroShot().explain(text,
                    golden.get("labels").valueStream().map(JsonNode::asText).toList(),
                    ZeroShotOptions.TRANSFORMERS_INTERPRET);
            default -> model.tokenClassification().explain(text, TokenOptions.TRANSFORMERS_INTERPRET);
        };
    }

    private OpenedPage open(String html) {
        return open(html, new Browser.NewContextOptions());
    }

    private OpenedPage open(String html, Browser.NewContextOptions options) {
        Path file = folder.resolve("page.html");
        try {
            Files.write(file, HtmlValidator.utf8(html));
            return OpenedPage.of(chromium, file, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<String> all(Locator locator, String expression) {
        return (List<String>) locator.evaluateAll("elements => elements.map(e => " + expression + ")");
    }
}
