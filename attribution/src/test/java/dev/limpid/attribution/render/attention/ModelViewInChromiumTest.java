package dev.limpid.attribution.render.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The model view as a browser shows it, moved with mouse and keys. */
class ModelViewInChromiumTest extends AttentionInChromium {
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
    void aLongTextIsDrawnAsFarAsItIsSeen() throws IOException {
        AttentionStack layers = AttentionFigures.withoutProjections(1, 12, 512, 15).stacks().getFirst();
        AttentionStack stack = new AttentionStack(layers.id(), layers.title(), layers.meaning(), 12, false,
                Collections.nCopies(12, layers.layers().getFirst()), true);
        AttentionFigure figure = new AttentionFigure("long", "model", "cpu", null,
                AttentionTokens.of(AttentionFigures.tokens(512)), List.of(stack), null);
        Page page = open(figure, AttentionOptions.DEFAULT.with(AttentionView.MODEL),
                new Browser.NewContextOptions().setViewportSize(1280, 400));
        PlaywrightAssertions.assertThat(page.locator(".cell[data-layer='0'][data-drawn]")).hasCount(12);
        page.locator(".cell[data-layer='1'][data-head='7']").click();
        page.mouse().move(5, 5); // the detail came under the mouse, which points at a token now
        assertThat(page.locator(".detail .tokens.left li").count()).isEqualTo(512);
        assertThat(litRows(page, true, 15)).as("rows with lines").hasSizeGreaterThan(400);
        assertThat((boolean) page.evaluate("decoded.has('attention-11')")).as("far below what is seen").isFalse();
        Number pixels = (Number) page.evaluate(
                "views.model.pair.lines.steps.flat().length / 3 * (170 + 512 * 15 / 3)");
        assertThat(pixels.doubleValue()).isBetween(1e6, 15.1e6);
        page.mouse().move(300, 300);
        page.mouse().wheel(0, 3000);
        PlaywrightAssertions.assertThat(page.locator(".cell[data-layer='11'][data-drawn]")).hasCount(12);
    }
}
