package dev.limpid.attribution.render.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import dev.limpid.attribution.render.Chromium;
import dev.limpid.attribution.render.Examples;
import dev.limpid.attribution.render.HtmlValidator;
import dev.limpid.attribution.render.OpenedPage;
import dev.limpid.attribution.render.VisibleText;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The views as a browser shows them, moved with mouse and keys. */
class AttentionPageInChromiumTest {
    private static final int HEADS = 3;
    private static final int LENGTH = 8;
    private static final int SENTENCE_B = 5;
    private static final AttentionFigure FIGURE = AttentionFigures.random(4, HEADS, AttentionTokens
            .of(AttentionFigures.tokens(LENGTH), new int[]{0, 0, 0, 0, 0, 1, 1, 1}), 11);

    private static Chromium chromium;

    @TempDir
    private Path folder;

    private OpenedPage opened;

    @BeforeAll
    static void start() {
        chromium = Chromium.start().orElse(null);
    }

    @BeforeEach
    void skipWithoutChromium() {
        assumeTrue(chromium != null, "no Chromium; the reason is on the error stream");
    }

    /** Whatever a test does, nothing is fetched and nothing complains. */
    @AfterEach
    void closePage() {
        if (opened != null) {
            List<String> requests = opened.requests().stream().filter(url -> !url.startsWith("data:")
                    && !url.startsWith("blob:")).toList();
            List<String> complaints = List.copyOf(opened.complaints());
            opened.close();
            assertThat(requests).hasSize(1);
            assertThat(complaints).isEmpty();
        }
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
        }
    }

    private Page open(AttentionFigure figure, AttentionOptions options, Browser.NewContextOptions context)
            throws IOException {
        Path file = folder.resolve("page.html");
        Files.write(file, HtmlValidator.utf8(AttentionPage.of(figure, options)));
        opened = OpenedPage.of(chromium, file, context);
        // Reading a canvas itself more than once makes the browser complain that it is slow.
        opened.page().evaluate("""
                () => {
                  window.copied = (canvas) => {
                    const context = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
                    context.drawImage(canvas, 0, 0);
                    return context;
                  };
                }""");
        opened.page().locator("#stage > div").waitFor();
        return opened.page();
    }

    private Page open(AttentionView view) throws IOException {
        return open(FIGURE, AttentionOptions.DEFAULT.with(view), new Browser.NewContextOptions());
    }

    private static float weight(AttentionStack stack, int layer, int head, int i, int j) {
        return stack.layers().get(layer)[(head * LENGTH + i) * LENGTH + j];
    }

    private static float rowMax(AttentionStack stack, int layer, int head, int i) {
        float max = 0;
        for (int j = 0; j < LENGTH; j++) {
            max = Math.max(max, weight(stack, layer, head, i, j));
        }
        return max;
    }

    private static Locator token(Page page, String side, int index) {
        return page.locator(".tokens." + side + " li[data-index='" + index + "']");
    }

    @SuppressWarnings("unchecked")
    private static List<String> all(Locator locator, String expression) {
        return (List<String>) locator.evaluateAll("elements => elements.map(e => " + expression + ")");
    }

    private static List<String> values(Page page, String side) {
        return all(page.locator(".tokens." + side + " .value"), "e.textContent");
    }

    /** What the line at the foot says, without the characters that isolate tokens. */
    private static String said(Page page) {
        return page.locator("#status").textContent().replaceAll("[\\u2068\\u2069]", "");
    }

    private static List<String> pressed(Page page) {
        return all(page.locator(".square[aria-pressed=true]"), "e.textContent");
    }

    /** Rows of tokens whose line ends have colour, at a column of the canvas. */
    @SuppressWarnings("unchecked")
    private static List<Integer> litRows(Page page, boolean left) {
        return (List<Integer>) page.locator(".pair canvas").evaluate("""
                (canvas, left) => {
                  const d = copied(canvas).getImageData(left ? 1 : canvas.width - 2, 0, 1, canvas.height).data;
                  const lit = [];
                  for (let row = 0; row < canvas.height / 22; row++) {
                    if (d[4 * (22 * row + 11) + 3] > 0 || d[4 * (22 * row + 10) + 3] > 0) lit.push(row);
                  }
                  return lit;
                }""", left);
    }

    @SuppressWarnings("unchecked")
    private static List<Number> numbers(Object list) {
        return (List<Number>) list;
    }

    @Test
    void everyNumberIsDecodedToAFractionOfItsRowsLargest() throws IOException {
        Page page = open(AttentionView.HEAD);
        for (int s = 0; s < FIGURE.stacks().size(); s++) {
            AttentionStack stack = FIGURE.stacks().get(s);
            for (int layer = 0; layer < stack.layers().size(); layer++) {
                List<Number> decoded = numbers(page.evaluate("""
                        ([s, layer, heads]) => {
                          const decodedLayer = layerOf(data.stacks[s], layer);
                          return Array.from({ length: heads * T * T }, (_, n) =>
                            decodedLayer.at(Math.trunc(n / (T * T)), Math.trunc(n / T) % T, n % T));
                        }""", List.of(s, layer, stack.heads())));
                float[] expected = stack.layers().get(layer);
                assertThat(decoded).hasSize(expected.length);
                for (int n = 0; n < expected.length; n++) {
                    float max = rowMax(stack, layer, n / (LENGTH * LENGTH), n / LENGTH % LENGTH);
                    assertThat(decoded.get(n).doubleValue()).isCloseTo(expected[n], within(max / 509.0));
                }
            }
        }
    }

    @Test
    void aLayerIsDecodedWhenItIsShown() throws IOException {
        Page page = open(AttentionView.HEAD);
        assertThat(page.evaluate("[...decoded.keys()].join()")).isEqualTo("attention-0");
        page.locator("select[name=layer]").selectOption("2");
        assertThat(page.evaluate("[...decoded.keys()].join()")).isEqualTo("attention-0,attention-2");
    }

    @Test
    void hoveringATokenShowsItsLinesOnlyAndTheirNumbers() throws IOException {
        Page page = open(AttentionView.HEAD);
        assertThat(litRows(page, true)).hasSize(LENGTH);
        assertThat(values(page, "right")).containsOnly("");
        token(page, "left", 3).hover();
        assertThat(litRows(page, true)).containsExactly(3);
        assertThat(values(page, "left")).containsOnly("");
        assertMeans(page, "right", 0, 3, true, 0, 1, 2);
        token(page, "right", 6).hover();
        assertThat(litRows(page, false)).containsExactly(6);
        assertThat(values(page, "right")).containsOnly("");
        assertMeans(page, "left", 0, 6, false, 0, 1, 2);
        assertThat(said(page)).contains("6 “token6” is attended to most by");
        page.mouse().move(5, 5);
        assertThat(litRows(page, true)).hasSize(LENGTH);
        assertThat(values(page, "left")).containsOnly("");
    }

    /** The numbers beside a column are means over heads, off by no more than 1/255 of the largest number of the rows. */
    private static void assertMeans(Page page, String side, int layer, int token, boolean query, int... heads) {
        AttentionStack stack = FIGURE.stacks().getFirst();
        List<String> values = values(page, side);
        for (int other = 0; other < LENGTH; other++) {
            int i = query ? token : other;
            int j = query ? other : token;
            double mean = IntStream.of(heads).mapToDouble(h -> weight(stack, layer, h, i, j)).average().orElseThrow();
            double max = IntStream.of(heads).mapToDouble(h -> rowMax(stack, layer, h, i)).max().orElseThrow();
            assertThat(Double.parseDouble(values.get(other))).isCloseTo(mean, within(max / 255));
        }
    }

    @Test
    void stripsBehindTokensHaveAColourForEachHead() throws IOException {
        Page page = open(AttentionView.HEAD);
        token(page, "left", 0).hover();
        assertThat(all(page.locator(".tokens.right .text"), "e.style.backgroundImage"))
                .allMatch(strip -> strip.startsWith("linear-gradient(to right, rgba(0, 114, 178, "));
        page.locator(".square").first().click();
        token(page, "left", 0).hover();
        assertThat(all(page.locator(".tokens.right .text"), "e.style.backgroundImage"))
                .allMatch(strip -> strip.startsWith("linear-gradient(to right, rgba(230, 159, 0, "));
    }

    @Test
    void clickingAHeadTurnsItOffAndOn() throws IOException {
        Page page = open(AttentionView.HEAD);
        assertThat(pressed(page)).containsExactly("0", "1", "2");
        page.locator(".square").nth(1).click();
        assertThat(pressed(page)).containsExactly("0", "2");
        token(page, "left", 4).hover();
        assertMeans(page, "right", 0, 4, true, 0, 2);
        page.locator(".square").nth(0).click();
        page.locator(".square").nth(2).click();
        assertThat(pressed(page)).as("the only one stays on").containsExactly("2");
        token(page, "left", 4).hover();
        assertMeans(page, "right", 0, 4, true, 2);
        page.locator(".square").nth(1).click();
        assertThat(pressed(page)).containsExactly("1", "2");
    }

    @Test
    void doubleClickingAHeadSelectsItAloneAndThenAll() throws IOException {
        Page page = open(AttentionView.HEAD);
        page.locator(".square").nth(1).dblclick();
        assertThat(pressed(page)).containsExactly("1");
        page.locator(".square").nth(0).dblclick();
        assertThat(pressed(page)).containsExactly("0");
        page.locator(".square").nth(0).dblclick();
        assertThat(pressed(page)).containsExactly("0", "1", "2");
        page.locator(".square").nth(2).press("Shift+Enter");
        assertThat(pressed(page)).containsExactly("2");
        page.locator(".square").nth(0).press("Enter");
        assertThat(pressed(page)).containsExactly("0", "2");
    }

    @Test
    void dropDownsChangeLayerMapsAndSentences() throws IOException {
        Page page = open(AttentionView.HEAD);
        page.locator(".square").nth(0).click();
        page.locator("select[name=layer]").selectOption("3");
        assertThat(pressed(page)).as("heads are kept").containsExactly("1", "2");
        token(page, "left", 1).hover();
        assertMeans(page, "right", 3, 1, true, 1, 2);

        page.locator("select[name=block]").selectOption("ab");
        assertThat(all(page.locator(".tokens.left .text"), "e.textContent"))
                .isEqualTo(AttentionFigures.tokens(LENGTH).subList(0, SENTENCE_B));
        assertThat(all(page.locator(".tokens.right .text"), "e.textContent"))
                .isEqualTo(AttentionFigures.tokens(LENGTH).subList(SENTENCE_B, LENGTH));
        token(page, "right", 6).hover();
        assertThat(litRows(page, false)).containsExactly(6 - SENTENCE_B);
        assertThat(values(page, "left")).hasSize(SENTENCE_B);

        page.locator("select[name=block]").selectOption("all");
        page.locator("select[name=stack]").selectOption("1");
        assertThat(page.locator("#heads").isVisible()).isFalse();
        token(page, "left", 2).hover();
        List<String> rollout = values(page, "right");
        for (int j = 0; j < LENGTH; j++) {
            float max = rowMax(FIGURE.stacks().get(1), 3, 0, 2);
            assertThat(Double.parseDouble(rollout.get(j))).isCloseTo(weight(FIGURE.stacks().get(1), 3, 0, 2, j),
                    within(max / 255.0));
        }
    }

    @Test
    void aTokenThatIsClickedIsHeldAndPairsTellTheirNumbers() throws IOException {
        Page page = open(AttentionView.HEAD);
        token(page, "left", 2).click();
        token(page, "right", 5).hover();
        assertThat(litRows(page, true)).containsExactly(2);
        assertThat(said(page))
                .matches("2 “token2” to 5 “token5”: head 0: [\\d.]+, head 1: [\\d.]+, head 2: [\\d.]+");
        page.mouse().move(5, 5);
        assertThat(litRows(page, true)).containsExactly(2);
        token(page, "left", 2).click();
        page.mouse().move(5, 5);
        assertThat(litRows(page, true)).hasSize(LENGTH);
    }

    @Test
    void theHeadViewIsMovedWithKeys() throws IOException {
        Page page = open(AttentionView.HEAD);
        page.locator(".square").last().focus();
        page.keyboard().press("Tab");
        assertThat(litRows(page, true)).containsExactly(0);
        page.keyboard().press("ArrowDown");
        page.keyboard().press("ArrowDown");
        assertThat(litRows(page, true)).containsExactly(2);
        assertThat(page.evaluate("document.getElementById(document.activeElement.getAttribute("
                + "'aria-activedescendant')).getAttribute('aria-selected')")).isEqualTo("true");
        assertMeans(page, "right", 0, 2, true, 0, 1, 2);
        page.keyboard().press("End");
        assertThat(litRows(page, true)).containsExactly(LENGTH - 1);
        page.keyboard().press("Enter");
        page.keyboard().press("ArrowRight");
        page.keyboard().press("Home");
        assertThat(said(page)).startsWith("7 “token7” to 0 “token0”: head 0: ");
        page.keyboard().press("Escape");
        assertThat(litRows(page, true)).hasSize(LENGTH);
    }

    @Test
    void aThumbnailOpensAndCloses() throws IOException {
        Page page = open(AttentionView.MODEL);
        PlaywrightAssertions.assertThat(page.locator(".cell[data-drawn]")).hasCount(12);
        assertThat(all(page.locator(".cell canvas"),
                "String(copied(e).getImageData(0, 0, 96, 96).data.some(v => v > 0))"))
                .hasSize(12).containsOnly("true");
        Locator cell = page.locator(".cell[data-layer='2'][data-head='1']");
        cell.click();
        assertThat(page.locator(".detail h2").textContent()).isEqualTo("Layer 2, head 1");
        token(page, "left", 6).hover();
        assertThat(litRows(page, true)).containsExactly(6);
        assertMeans(page, "right", 2, 6, true, 1);
        page.locator(".cell[data-layer='3'][data-head='0']").click();
        assertThat(page.locator(".detail")).satisfies(detail -> assertThat(detail.count()).isOne());
        assertThat(all(page.locator(".cell[aria-pressed=true]"), "e.title")).containsExactly("Layer 3, head 0");
        page.locator(".cell[data-layer='3'][data-head='0']").click();
        assertThat(page.locator(".detail").count()).isZero();
    }

    @Test
    void theModelViewIsMovedWithKeys() throws IOException {
        Page page = open(AttentionView.MODEL);
        page.locator(".cell").first().focus();
        page.keyboard().press("ArrowDown");
        page.keyboard().press("ArrowRight");
        page.keyboard().press("ArrowRight");
        page.keyboard().press("Enter");
        assertThat(page.locator(".detail h2").textContent()).isEqualTo("Layer 1, head 2");
        page.keyboard().press("Escape");
        assertThat(page.locator(".detail").count()).isZero();
        assertThat(page.evaluate("document.activeElement.title")).isEqualTo("Layer 1, head 2");
        assertThat(page.locator(".cell[tabindex='0']").count()).as("one stop of the tab key").isOne();
    }

    @Test
    void thumbnailsCanBeMatrices() throws IOException {
        Page page = open(AttentionView.MODEL);
        page.locator("select[name=thumbnail]").selectOption("matrix");
        PlaywrightAssertions.assertThat(page.locator(".cell[data-drawn]")).hasCount(12);
        AttentionStack stack = FIGURE.stacks().getFirst();
        for (int i = 0; i < LENGTH; i++) {
            int row = i;
            List<Number> alphas = numbers(page.locator(".cell[data-layer='1'][data-head='2'] canvas").evaluate(
                    "(canvas, i) => Array.from({ length: T }, (_, j) =>"
                            + " copied(canvas).getImageData(12 * j + 6, 12 * i + 6, 1, 1).data[3])",
                    row));
            for (int j = 0; j < LENGTH; j++) {
                double expected = 255 * Math.pow(weight(stack, 1, 2, row, j), 0.6);
                assertThat(alphas.get(j).doubleValue()).isCloseTo(expected,
                        within(2 + 255 * Math.pow(rowMax(stack, 1, 2, row) / 509, 0.6)));
            }
        }
    }

    @Test
    void aQueryIsExpandedIntoProductsScoresAndSoftmax() throws IOException {
        Page page = open(AttentionView.NEURON);
        page.locator("select[name=layer]").selectOption("1");
        page.locator("select[name=head]").selectOption("2");
        token(page, "left", 3).hover();
        assertMeans(page, "right", 1, 3, true, 2);
        token(page, "left", 3).click();
        assertScores(page, 1, 2, 3);
        page.locator(".vectors select").selectOption("5");
        assertScores(page, 1, 2, 5);
        page.locator(".vectors canvas").nth(1).hover(new Locator.HoverOptions().setPosition(1, 1));
        float key = FIGURE.projections().keys().get(1)[2 * LENGTH * FIGURE.projections().headSize()];
        String said = said(page);
        assertThat(said).startsWith("key of 0 “token0”, dimension 0: ");
        assertThat(Double.parseDouble(said.substring(said.lastIndexOf(' ') + 1).replace('−', '-')))
                .isCloseTo(key, within(0.01 * Math.abs(key) + 1e-3));
        page.mouse().move(5, 5);
        page.locator(".collapse").press("Enter");
        assertThat(page.locator(".vectors").count()).isZero();
        assertThat(page.locator(".pair").count()).isOne();
        page.keyboard().press("ArrowUp");
        page.keyboard().press("Enter");
        assertScores(page, 1, 2, 4);
        page.keyboard().press("Escape");
        assertThat(page.locator(".pair").count()).isOne();
    }

    private static void assertScores(Page page, int layer, int head, int query) {
        int size = FIGURE.projections().headSize();
        List<String> scores = all(page.locator(".scores .score"), "e.textContent");
        List<String> shares = all(page.locator(".scores .share"), "e.textContent");
        assertThat(scores).hasSize(LENGTH);
        for (int j = 0; j < LENGTH; j++) {
            double score = 0;
            for (int d = 0; d < size; d++) {
                score += FIGURE.projections().queries().get(layer)[(head * LENGTH + query) * size + d]
                        * FIGURE.projections().keys().get(layer)[(head * LENGTH + j) * size + d] / Math.sqrt(size);
            }
            assertThat(Double.parseDouble(scores.get(j).replace('−', '-'))).isCloseTo(score,
                    within(0.005 * Math.abs(score) + 2e-3));
            AttentionStack stack = FIGURE.stacks().getFirst();
            assertThat(Double.parseDouble(shares.get(j))).isCloseTo(weight(stack, layer, head, query, j),
                    within(rowMax(stack, layer, head, query) / 255.0));
        }
    }

    @ParameterizedTest
    @EnumSource
    void hostileTokensAreShownAndNothingRuns(AttentionView view) throws IOException {
        AttentionFigure hostile = AttentionFigures.random(2, 2, AttentionTokens.of(Examples.HOSTILE), 12);
        AttentionFigure named = new AttentionFigure(Examples.HOSTILE.getFirst(), Examples.HOSTILE.get(1), "cpu",
                Examples.HOSTILE.get(2), hostile.tokens(), hostile.stacks(), hostile.projections());
        Page page = open(named, AttentionOptions.DEFAULT.with(view), new Browser.NewContextOptions());
        if (view == AttentionView.MODEL) {
            page.locator(".cell").first().click();
        }
        assertThat(all(page.locator(".tokens.left .text"), "e.textContent"))
                .isEqualTo(Examples.HOSTILE.stream().map(VisibleText::forMarkup).toList());
        token(page, "left", 0).hover();
        token(page, "left", 0).click();
        assertThat(page.locator("h1").textContent()).isEqualTo(Examples.HOSTILE.getFirst());
        assertThat(page.locator("img, svg, iframe, object").count()).isZero();
        assertThat(page.evaluate("typeof window.hit")).isEqualTo("undefined");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsSeenIsSavedAsAPicture(AttentionView view) throws IOException {
        Page page = open(view);
        if (view == AttentionView.NEURON) {
            token(page, "left", 1).click();
        }
        Download download = page.waitForDownload(() -> page.locator("#png").click());
        assertThat(download.suggestedFilename()).isEqualTo("attention.png");
        Path file = folder.resolve("saved.png");
        download.saveAs(file);
        BufferedImage image = ImageIO.read(file.toFile());
        assertThat(image.getWidth()).isGreaterThan(2 * 420);
        assertThat(image.getHeight()).isGreaterThan(2 * LENGTH * 22);
        int[] pixels = image.getRGB(0, image.getHeight() / 4, image.getWidth(), image.getHeight() / 2, null, 0,
                image.getWidth());
        assertThat(IntStream.of(pixels).distinct().count()).as("colours").isGreaterThan(20);
        assertThat(image.getRGB(0, 0)).isEqualTo(0xffffffff);
    }

    @Test
    void patchesOfAnImageAreTokensAndStayBrightWhereTheyAreAttendedTo() throws IOException {
        AttentionFigure figure = AttentionFigures.random(2, 3, AttentionFigures.patches(2, 3, 4), 13);
        Page page = open(figure, AttentionOptions.DEFAULT, new Browser.NewContextOptions());
        assertThat(page.locator(".tokens.left .patch").count()).isEqualTo(6);
        assertThat(page.locator(".tokens.left li").first().textContent()).isEqualTo("[CLS]");
        assertThat(all(page.locator(".tokens.left .patch"), "e.style.backgroundPosition"))
                .containsExactly("0px 0px", "-20px 0px", "-40px 0px", "0px -20px", "-20px -20px", "-40px -20px");
        token(page, "left", 0).hover();
        AttentionStack stack = figure.stacks().getFirst();
        double[] means = IntStream.range(1, 7).mapToDouble(j -> IntStream.range(0, 3)
                .mapToDouble(h -> stack.layers().getFirst()[h * 49 + j]).average().orElseThrow()).toArray();
        double most = java.util.Arrays.stream(means).max().orElseThrow();
        for (int patch = 0; patch < 6; patch++) {
            int expected = figure.tokens().patches().image().at(patch % 3 * 4 + 2, patch / 3 * 4 + 2) >> 8 & 255;
            Number green = (Number) page.locator(".picture canvas").evaluate("""
                    (canvas, patch) => copied(canvas).getImageData((patch % 3 + 0.5) * canvas.width / 3,
                      (Math.trunc(patch / 3) + 0.5) * canvas.height / 2, 1, 1).data[1]""", patch);
            assertThat(green.doubleValue()).isCloseTo(expected * (1 - 0.85 * (1 - means[patch] / most)), within(3.0));
        }
        page.locator(".picture canvas").hover(new Locator.HoverOptions().setPosition(300, 10));
        assertThat(litRows(page, true)).containsExactly(3);
    }

    @ParameterizedTest(name = "{0} pixels wide")
    @ValueSource(ints = {320, 700, 1280})
    void nothingSticksOut(int width) throws IOException {
        AttentionTokens tokens = AttentionTokens.of(List.of("word", "x".repeat(300), "日本語", "שלום", "end"));
        Page page = open(AttentionFigures.random(12, 12, tokens, 14), AttentionOptions.DEFAULT,
                new Browser.NewContextOptions().setViewportSize(width, 800).setColorScheme(ColorScheme.DARK));
        for (String view : List.of("head", "model", "neuron")) {
            page.locator("input[value=" + view + "]").check();
            if (view.equals("model")) {
                page.locator(".cell").first().click();
            }
            assertThat(page.evaluate("document.documentElement.scrollWidth")).as(view).isEqualTo(width);
        }
        token(page, "left", 1).click();
        assertThat(page.locator(".vectors").count()).isOne();
        assertThat(page.evaluate("document.documentElement.scrollWidth")).as("vectors").isEqualTo(width);
    }
}
