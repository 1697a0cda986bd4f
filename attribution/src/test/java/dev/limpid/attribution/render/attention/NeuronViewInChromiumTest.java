package dev.limpid.attribution.render.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The neuron view as a browser shows it, moved with mouse and keys. */
class NeuronViewInChromiumTest extends AttentionInChromium {
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
}
