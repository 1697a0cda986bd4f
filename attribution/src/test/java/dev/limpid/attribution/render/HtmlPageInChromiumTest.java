package dev.limpid.attribution.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.attribution.explain.TokenAttribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages as a browser shows them. */
class HtmlPageInChromiumTest {
    private static Chromium chromium;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        chromium = Chromium.start().orElse(null);
    }

    @BeforeEach
    void skipWithoutChromium() {
        assumeTrue(chromium != null, "no Chromium; the reason is on the error stream");
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
        }
    }

    private OpenedPage open(String html, Browser.NewContextOptions options) throws IOException {
        Path file = folder.resolve("page.html");
        Files.write(file, HtmlValidator.utf8(html));
        return OpenedPage.of(chromium, file, options);
    }

    private OpenedPage open(String html) throws IOException {
        return open(html, new Browser.NewContextOptions());
    }

    private static List<TokenAttribution> tokens(QuestionAnsweringExplanation e) {
        return e.explanations().stream().flatMap(target -> target.tokens().stream()).toList();
    }

    @SuppressWarnings("unchecked")
    private static List<String> all(Locator locator, String expression) {
        return (List<String>) locator.evaluateAll("elements => elements.map(e => " + expression + ")");
    }

    @ParameterizedTest
    @EnumSource(value = ColorScheme.class, names = {"LIGHT", "DARK"})
    void wordsHaveTheColoursOfTheScale(ColorScheme scheme) throws IOException {
        QuestionAnsweringExplanation e = Examples.published(Convention.DEFAULT);
        try (OpenedPage opened = open(HtmlPage.of(e), new Browser.NewContextOptions().setColorScheme(scheme))) {
            Locator words = opened.page().locator(".words span");
            assertThat(all(words, "getComputedStyle(e).backgroundColor")).isEqualTo(
                    tokens(e).stream().map(token -> rgb(AttributionColour.of(token.attribution()))).toList());
            assertThat(all(words, "getComputedStyle(e).color")).containsOnly("rgb(0, 0, 0)");
            assertThat(all(words, "e.textContent")).isEqualTo(tokens(e).stream().map(TokenAttribution::text).toList());
            assertThat(opened.complaints()).isEmpty();
            assertThat(opened.requests()).containsExactly(folder.resolve("page.html").toUri().toString());
        }
    }

    private static String rgb(AttributionColour c) {
        return "rgb(" + c.red() + ", " + c.green() + ", " + c.blue() + ")";
    }

    @Test
    void everyColourOfTheScaleIsTheOneTerminalsGet() throws IOException {
        StringBuilder html = new StringBuilder("<!DOCTYPE html><title>scale</title>");
        List<String> expected = new ArrayList<>();
        for (int step = -100; step <= 100; step++) {
            AttributionColour colour = AttributionColour.of(step / 100.0);
            html.append("<p style=\"background-color: ").append(colour.css()).append("\"></p>");
            expected.add(rgb(colour));
        }
        try (OpenedPage opened = open(html.toString())) {
            assertThat(all(opened.page().locator("p"), "getComputedStyle(e).backgroundColor")).isEqualTo(expected);
        }
    }

    @Test
    void hoveringShowsTheNumbers() throws IOException {
        QuestionAnsweringExplanation e = Examples.published(Convention.DEFAULT);
        try (OpenedPage opened = open(HtmlPage.of(e))) {
            assertThat(all(opened.page().locator(".words span"), "e.title")).isEqualTo(tokens(e).stream()
                    .map(t -> t.text() + "\nraw " + Decimals.signed(t.raw()) + "\nnormalised "
                            + Decimals.signed(t.attribution()))
                    .toList());
        }
    }

    @Test
    void hostileTextsAreShownAndNothingRuns() throws IOException {
        List<String> words = Examples.HOSTILE;
        QuestionAnsweringExplanation e = Examples.of(Convention.DEFAULT, words.getFirst(), words, " ", 21);
        try (OpenedPage opened = open(HtmlPage.of(e))) {
            assertThat(all(opened.page().locator(".words >> nth=0 >> span"), "e.textContent"))
                    .isEqualTo(e.start().tokens().stream().map(t -> VisibleText.forMarkup(t.text())).toList());
            assertThat(opened.page().locator("h1").textContent()).isEqualTo(words.getFirst());
            assertThat(opened.page().title()).isEqualTo(words.getFirst());
            assertThat(opened.page().locator(".context").textContent()).isEqualTo(VisibleText.forMarkup(e.context()));
            assertThat(opened.page().locator("script, img, svg, link, iframe, object, a, button, form").count())
                    .isZero();
            assertThat(opened.page().evaluate("typeof window.hit")).isEqualTo("undefined");
            assertThat(opened.complaints()).isEmpty();
            assertThat(opened.requests()).hasSize(1);
        }
    }

    @Test
    void thePolicyStopsEvenAScriptInThePage() throws IOException {
        String page = HtmlPage.of(Examples.published(Convention.DEFAULT)).replace("<main>",
                "<main><script>window.hit=1</script><img src=\"x.png\" onerror=\"window.hit=2\" alt=\"\">");
        try (OpenedPage opened = open(page)) {
            assertThat(opened.page().evaluate("typeof window.hit")).isEqualTo("undefined");
            assertThat(opened.complaints()).isNotEmpty()
                    .allMatch(complaint -> complaint.contains("Content Security Policy"));
        }
    }

    @Test
    void theTableOfTransformersInterpretRunsNothingEither() throws IOException {
        List<String> words = Examples.HOSTILE.stream().filter(w -> w.chars().allMatch(c -> c < 128)).toList();
        QuestionAnsweringExplanation e = Examples.of(Convention.TRANSFORMERS_INTERPRET, words.getFirst(), words, " ",
                22);
        try (OpenedPage opened = open(HtmlPage.of(e))) {
            assertThat(opened.page().locator("mark").count()).isEqualTo(tokens(e).size());
            assertThat(opened.page().locator("script, img, svg").count()).isZero();
            assertThat(opened.page().evaluate("typeof window.hit")).isEqualTo("undefined");
            assertThat(opened.complaints()).isEmpty();
            assertThat(opened.requests()).hasSize(1);
        }
    }

    @ParameterizedTest(name = "{0} pixels wide")
    @ValueSource(ints = {320, 700, 1280})
    void nothingSticksOut(int width) throws IOException {
        List<String> words = List.of("word", "x".repeat(300), "日本語", "שלום", "end");
        QuestionAnsweringExplanation e = Examples.of(Convention.DEFAULT, "y".repeat(200), words, " ", 23);
        try (OpenedPage opened = open(HtmlPage.of(e), new Browser.NewContextOptions().setViewportSize(width, 800))) {
            opened.page().locator("summary").click();
            assertThat(opened.page().evaluate("document.documentElement.scrollWidth")).isEqualTo(width);
        }
    }

    @Test
    void coloursArePrinted() throws IOException {
        QuestionAnsweringExplanation e = Examples.published(Convention.DEFAULT);
        try (OpenedPage opened = open(HtmlPage.of(e),
                new Browser.NewContextOptions().setColorScheme(ColorScheme.DARK))) {
            opened.page().emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
            assertThat(all(opened.page().locator(".words span, mark"), "getComputedStyle(e).printColorAdjust"))
                    .containsOnly("exact");
            assertThat(all(opened.page().locator("body"), "getComputedStyle(e).backgroundColor"))
                    .containsExactly("rgb(255, 255, 255)");
        }
    }
}
