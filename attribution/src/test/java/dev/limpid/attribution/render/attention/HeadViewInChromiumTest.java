package dev.limpid.attribution.render.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The head view as a browser shows it, moved with mouse and keys. */
class HeadViewInChromiumTest extends AttentionInChromium {
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
}
