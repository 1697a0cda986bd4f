package dev.limpid.attribution.render.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.limpid.attribution.render.Chromium;
import dev.limpid.attribution.render.HtmlValidator;
import dev.limpid.attribution.render.OpenedPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Opens pages of attention in Chromium for tests, and reads what they show. */
abstract class AttentionInChromium {
    static final int HEADS = 3;
    static final int LENGTH = 8;
    static final int SENTENCE_B = 5;
    static final AttentionFigure FIGURE = AttentionFigures.random(4, HEADS, AttentionTokens
            .of(AttentionFigures.tokens(LENGTH), new int[]{0, 0, 0, 0, 0, 1, 1, 1}), 11);

    private static Chromium chromium;

    @TempDir
    Path folder;

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

    Page open(AttentionFigure figure, AttentionOptions options, Browser.NewContextOptions context)
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

    Page open(AttentionView view) throws IOException {
        return open(FIGURE, AttentionOptions.DEFAULT.with(view), new Browser.NewContextOptions());
    }

    static float weight(AttentionStack stack, int layer, int head, int i, int j) {
        return stack.layers().get(layer)[(head * LENGTH + i) * LENGTH + j];
    }

    static float rowMax(AttentionStack stack, int layer, int head, int i) {
        float max = 0;
        for (int j = 0; j < LENGTH; j++) {
            max = Math.max(max, weight(stack, layer, head, i, j));
        }
        return max;
    }

    static Locator token(Page page, String side, int index) {
        return page.locator(".tokens." + side + " li[data-index='" + index + "']");
    }

    @SuppressWarnings("unchecked")
    static List<String> all(Locator locator, String expression) {
        return (List<String>) locator.evaluateAll("elements => elements.map(e => " + expression + ")");
    }

    static List<String> values(Page page, String side) {
        return all(page.locator(".tokens." + side + " .value"), "e.textContent");
    }

    /** What the line at the foot says, without the characters that isolate tokens. */
    static String said(Page page) {
        return page.locator("#status").textContent().replaceAll("[\\u2068\\u2069]", "");
    }

    static List<String> pressed(Page page) {
        return all(page.locator(".square[aria-pressed=true]"), "e.textContent");
    }

    /** Rows of tokens whose line ends have colour, at a column of the canvas. */
    @SuppressWarnings("unchecked")
    static List<Integer> litRows(Page page, boolean left, int pitch) {
        return (List<Integer>) page.locator(".pair canvas").evaluate("""
                (canvas, [left, pitch]) => {
                  const d = copied(canvas).getImageData(left ? 1 : canvas.width - 2, 0, 1, canvas.height).data;
                  const lit = [];
                  for (let row = 0; row < canvas.height / pitch; row++) {
                    const middle = Math.trunc(pitch * (row + 0.5));
                    if (d[4 * middle + 3] > 0 || d[4 * middle - 1] > 0) lit.push(row);
                  }
                  return lit;
                }""", List.of(left, pitch));
    }

    static List<Integer> litRows(Page page, boolean left) {
        return litRows(page, left, 22);
    }

    @SuppressWarnings("unchecked")
    static List<Number> numbers(Object list) {
        return (List<Number>) list;
    }

    /** The numbers beside a column are means over heads, off by no more than 1/255 of the largest number of the rows. */
    static void assertMeans(Page page, String side, int layer, int token, boolean query, int... heads) {
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
}
