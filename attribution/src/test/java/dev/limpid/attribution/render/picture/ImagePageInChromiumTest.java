package dev.limpid.attribution.render.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.Media;
import dev.limpid.attribution.render.Chromium;
import dev.limpid.attribution.render.Decimals;
import dev.limpid.attribution.render.Examples;
import dev.limpid.attribution.render.HtmlValidator;
import dev.limpid.attribution.render.OpenedPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page as a browser shows it, moved with mouse and keys; what its canvases hold is compared with the pixels that PNGs have. */
class ImagePageInChromiumTest {
    private static final PictureOptions OPTIONS = PictureOptions.DEFAULT;
    private static final ImageFigure FIGURE = Figures.random(16, 24, 31);

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

    /** Opens a page and waits until its script has drawn. */
    private OpenedPage open(List<ImageFigure> figures, PictureOptions options) throws IOException {
        OpenedPage opened = open(ImagePage.of(figures, options), new Browser.NewContextOptions());
        opened.page().locator("#controls").waitFor();
        return opened;
    }

    @SuppressWarnings("unchecked")
    private static int[] canvas(Page page, int figure) {
        List<Integer> rgb = (List<Integer>) page.locator("#figure-" + figure + " .stage canvas").evaluate("""
                canvas => {
                  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
                  copy.drawImage(canvas, 0, 0);
                  const d = copy.getImageData(0, 0, canvas.width, canvas.height).data;
                  return Array.from({length: d.length / 4}, (_, i) => d[4*i] << 16 | d[4*i + 1] << 8 | d[4*i + 2]);
                }""");
        return rgb.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int[] expected(List<ImageFigure> figures, PictureOptions options, int figure) {
        return Panel.of(figures, options).get(figure).pixels().rgb();
    }

    private static void select(Page page, PictureOptions options) {
        page.locator("input[name=view][value=" + options.view().id() + "]").check();
        page.locator("select[name=sign]").selectOption(options.sign().id());
        page.locator("select[name=unit]").selectOption(options.unit().id());
        page.locator("select[name=palette]").selectOption(options.palette().id());
    }

    @ParameterizedTest
    @EnumSource(View.class)
    void everyViewSignUnitAndPaletteHasThePixelsOfThePicture(View view) throws IOException {
        try (OpenedPage opened = open(List.of(FIGURE), OPTIONS)) {
            for (Sign sign : Sign.values()) {
                for (Unit unit : Unit.values()) {
                    Palette palette = unit == Unit.PIXELS ? Palette.CAPTUM : Palette.BLUE_ORANGE;
                    PictureOptions options = OPTIONS.withView(view).withSign(sign).withUnit(unit).withPalette(palette);
                    select(opened.page(), options);
                    assertThat(canvas(opened.page(), 0)).as("%s", options)
                            .isEqualTo(expected(List.of(FIGURE), options, 0));
                    assertThat(opened.page().locator("#replaced").isVisible())
                            .isEqualTo(options.signNote().isPresent());
                }
            }
            assertThat(opened.complaints()).isEmpty();
            assertThat(opened.requests()).allMatch(url -> url.startsWith("data:") || url.endsWith("/page.html"));
        }
    }

    @Test
    void opensWithTheOptionsGiven() throws IOException {
        PictureOptions options = new PictureOptions(View.OVERLAY, Sign.NEGATIVE, 0.035, Unit.PATCHES,
                Palette.BLUE_ORANGE, 0.25, true, true, OPTIONS.convention());
        List<ImageFigure> figures = List.of(FIGURE, Figures.random(8, 8, 32));
        try (OpenedPage opened = open(figures, options)) {
            for (int f = 0; f < 2; f++) {
                assertThat(canvas(opened.page(), f)).isEqualTo(expected(figures, options, f));
            }
            opened.page().locator("input[name=scale]").uncheck();
            for (int f = 0; f < 2; f++) {
                assertThat(canvas(opened.page(), f)).isEqualTo(expected(figures, options.withSharedScale(false), f));
            }
        }
    }

    @Test
    void theSliderChangesTheOverlaysOpacity() throws IOException {
        PictureOptions overlay = OPTIONS.withView(View.OVERLAY);
        try (OpenedPage opened = open(List.of(FIGURE), overlay)) {
            Locator slider = opened.page().locator("input[name=opacity]");
            slider.focus();
            for (int i = 0; i < 3; i++) {
                opened.page().keyboard().press("ArrowRight");
            }
            assertThat(opened.page().locator("#opacity-value").textContent()).isEqualTo("53 %");
            assertThat(canvas(opened.page(), 0)).isEqualTo(expected(List.of(FIGURE), overlay.withOpacity(0.53), 0));
            BoundingBox box = slider.boundingBox();
            opened.page().mouse().click(box.x + box.width - 1, box.y + box.height / 2);
            assertThat(canvas(opened.page(), 0)).isEqualTo(expected(List.of(FIGURE), OPTIONS, 0));
            opened.page().locator("input[name=view][value=heatmap]").check();
            assertThat(slider.isDisabled()).isTrue();
        }
    }

    @Test
    void theSliderChangesTheShareOfOutliers() throws IOException {
        try (OpenedPage opened = open(List.of(FIGURE), OPTIONS)) {
            for (String percent : List.of("0", "3", "33.5", "50")) {
                opened.page().locator("input[name=outlier]").fill(percent);
                double outlier = Double.parseDouble(percent) / 100;
                assertThat(canvas(opened.page(), 0)).as("%s %%", percent)
                        .isEqualTo(expected(List.of(FIGURE), OPTIONS.withOutlier(outlier), 0));
                double scale = ScaledMap.sharedScale(List.of(FIGURE.map()), Sign.ALL, outlier);
                String number = Decimals.significant(scale);
                assertThat(opened.page().locator(".ticks span").allTextContents())
                        .containsExactly("−" + number + " against", "0", "for +" + number);
            }
        }
    }

    private static String number(double value) {
        return (value < 0 ? "−" : "+") + Decimals.significant(Math.abs(value));
    }

    private static String readout(ImageFigure figure, int x, int y) {
        int width = figure.map().width();
        int area = width * figure.map().height();
        int i = y * width + x;
        double[] v = figure.map().values();
        AttributionMap patches = figure.map().patches(Figures.PATCH);
        return "column " + x + ", row " + y + ": " + number(figure.map().pixels()[i]) + " (R " + number(v[i]) + ", G "
                + number(v[area + i]) + ", B " + number(v[2 * area + i]) + "); patch column " + x / 6 + ", row " + y / 4
                + ": " + number(patches.values()[y / 4 * patches.width() + x / 6]);
    }

    @Test
    void pointingAtAPixelShowsItsNumbers() throws IOException {
        try (OpenedPage opened = open(List.of(FIGURE), OPTIONS)) {
            Locator stage = opened.page().locator(".stage canvas");
            stage.scrollIntoViewIfNeeded();
            BoundingBox box = stage.boundingBox();
            for (int[] at : new int[][]{{0, 0}, {23, 15}, {7, 11}}) {
                opened.page().mouse().move(box.x + (at[0] + 0.5) * box.width / 24,
                        box.y + (at[1] + 0.5) * box.height / 16);
                assertThat(opened.page().locator(".readout").textContent()).isEqualTo(readout(FIGURE, at[0], at[1]));
                BoundingBox cursor = opened.page().locator(".cursor").boundingBox();
                assertThat(cursor.x).isCloseTo(box.x + at[0] * box.width / 24, within(0.51));
                assertThat(cursor.y).isCloseTo(box.y + at[1] * box.height / 16, within(0.51));
            }
        }
    }

    @Test
    void arrowKeysMoveTheCursor() throws IOException {
        try (OpenedPage opened = open(List.of(FIGURE), OPTIONS)) {
            Page page = opened.page();
            Locator readout = page.locator(".readout");
            assertThat(readout.getAttribute("aria-live")).isEqualTo("polite");
            page.locator("input[name=outlier]").focus();
            page.keyboard().press("Tab");
            assertThat(readout.textContent()).isEqualTo(readout(FIGURE, 12, 8));
            page.keyboard().press("ArrowRight");
            page.keyboard().press("ArrowDown");
            assertThat(readout.textContent()).isEqualTo(readout(FIGURE, 13, 9));
            page.keyboard().press("Shift+ArrowLeft");
            assertThat(readout.textContent()).isEqualTo(readout(FIGURE, 7, 9));
            page.keyboard().press("End");
            page.keyboard().press("ArrowRight");
            assertThat(readout.textContent()).isEqualTo(readout(FIGURE, 23, 9));
            page.keyboard().press("Home");
            page.keyboard().press("ArrowUp");
            assertThat(readout.textContent()).isEqualTo(readout(FIGURE, 0, 8));
            page.locator("select[name=unit]").selectOption("patches");
            page.locator(".stage canvas").focus();
            page.keyboard().press("ArrowRight");
            assertThat(readout.textContent()).isEqualTo(readout(FIGURE, 6, 8));
            assertThat(page.locator(".cursor").boundingBox().width)
                    .isCloseTo(page.locator(".stage canvas").boundingBox().width / 4, within(0.51));
        }
    }

    @Test
    void anAllZeroMapIsDrawnAsZero() throws IOException {
        ImageFigure zero = Figures.of("z.png", "cat", new AttributionMap(1, 4, 4, new double[16]),
                Figures.plain(4, 4, 0x123456), null);
        try (OpenedPage opened = open(List.of(zero), OPTIONS)) {
            assertThat(canvas(opened.page(), 0)).containsOnly(0xfefefe);
            assertThat(opened.page().locator(".ticks span").allTextContents()).containsExactly("", "0", "");
            opened.page().locator(".stage canvas").focus();
            assertThat(opened.page().locator(".readout").textContent())
                    .isEqualTo("column 2, row 2: 0; patch column 0, row 0: 0");
            assertThat(opened.complaints()).isEmpty();
        }
    }

    @Test
    void hostileTextsAreShownAndNothingRuns() throws IOException {
        String hostile = Examples.HOSTILE.getFirst();
        ImageFigure figure = Figures.of(hostile, hostile, FIGURE.map(), FIGURE.image(), null);
        try (OpenedPage opened = open(List.of(figure, figure), OPTIONS)) {
            assertThat(opened.page().locator("h2").first().textContent()).isEqualTo(hostile);
            assertThat(opened.page().locator("strong").nth(1).textContent()).isEqualTo(hostile);
            assertThat(opened.page().evaluate("typeof window.hit")).isEqualTo("undefined");
            assertThat(opened.complaints()).isEmpty();
        }
    }

    @Test
    void thePolicyStopsEveryOtherScript() throws IOException {
        String page = ImagePage.of(List.of(FIGURE), OPTIONS).replace("<main>",
                "<main><script>window.hit=1</script><img src=\"x.png\" onerror=\"window.hit=2\" alt=\"\">");
        try (OpenedPage opened = open(page, new Browser.NewContextOptions())) {
            opened.page().locator("#controls").waitFor();
            assertThat(opened.page().evaluate("typeof window.hit")).isEqualTo("undefined");
            assertThat(opened.complaints()).isNotEmpty()
                    .allMatch(complaint -> complaint.contains("Content Security Policy"));
        }
    }

    @Test
    void withoutScriptOneViewIsShown() throws IOException {
        String html = ImagePage.of(List.of(FIGURE), OPTIONS);
        try (OpenedPage opened = open(html, new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
            assertThat(opened.page().locator(".stage .still").isVisible()).isTrue();
            assertThat(opened.page().locator(".stage canvas").isVisible()).isFalse();
            assertThat(opened.page().locator("#controls").isVisible()).isFalse();
            assertThat(opened.page().locator("noscript").isVisible()).isTrue();
        }
    }

    @Test
    void thePaperShowsTheViewChosen() throws IOException {
        try (OpenedPage opened = open(List.of(FIGURE), OPTIONS)) {
            opened.page().emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
            assertThat(opened.page().locator("#controls").isVisible()).isFalse();
            assertThat(opened.page().locator(".stage canvas").isVisible()).isTrue();
            assertThat(opened.page().locator(".stage canvas").evaluate("e => getComputedStyle(e).printColorAdjust"))
                    .isEqualTo("exact");
        }
    }

    @ParameterizedTest(name = "{0} pixels wide")
    @ValueSource(ints = {320, 700, 1280})
    void nothingSticksOut(int width) throws IOException {
        ImageFigure figure = Figures.of("y".repeat(200), "x".repeat(300), FIGURE.map(), FIGURE.image(),
                Figures.plain(200, 3000, 0x808080));
        String html = ImagePage.of(List.of(figure, FIGURE), OPTIONS);
        try (OpenedPage opened = open(html, new Browser.NewContextOptions().setViewportSize(width, 800))) {
            opened.page().locator("#controls").waitFor();
            assertThat(opened.page().evaluate("document.documentElement.scrollWidth")).isEqualTo(width);
        }
    }
}
