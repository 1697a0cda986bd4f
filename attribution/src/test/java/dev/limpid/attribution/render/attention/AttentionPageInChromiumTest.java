package dev.limpid.attribution.render.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.limpid.attribution.render.Examples;
import dev.limpid.attribution.render.VisibleText;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all views have in common, as a browser shows it: numbers, hostile tokens, pictures, narrow screens. */
class AttentionPageInChromiumTest extends AttentionInChromium {
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
