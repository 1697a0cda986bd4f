package dev.limpid.attribution.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.attribution.explain.AttentionExplanation;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttentionReportTest {
    private static List<String> lines(AttentionExplanation e, int width) {
        return AttentionReport.of(e, new AttentionDetails("a\u001b.png", null), width).lines().toList();
    }

    @Test
    void eachTokenHasALineWithBothScores() {
        AttentionExplanation e = AttentionExamples.text(1, "日本", true, "good");
        List<String> lines = lines(e, 80);
        assertThat(lines).startsWith("text  " + AttentionExamples.TEXT, "pair  no", "left out  2 tokens at the end",
                "attention  2 layers of 3 heads, 7 tokens", "relevance for  good, logit 1.5000", "",
                "token   rollout  relevance").hasSize(14);
        for (int t = 0; t < 7; t++) {
            String token = e.tokens().get(t);
            assertThat(lines.get(7 + t)).isEqualTo(token + " ".repeat(5 - TextWidth.of(token)) + "  %8s  %9s",
                    Decimals.fixed(100 * e.rollout()[t], 1) + " %", Decimals.fixed(e.relevance()[t], 4));
        }
    }

    @Test
    void withoutATargetRolloutStandsAlone() {
        List<String> lines = lines(AttentionExamples.text(2, "\u001b[31m", false, null), 80);
        assertThat(lines.get(3)).isEqualTo("token   rollout");
        assertThat(lines.get(5)).startsWith("\ufffd[31m  ").endsWith(" %");
        assertThat(String.join("", lines)).doesNotContain("relevance", "left out", "pair");
    }

    @Test
    void patchesStandAsInTheImage() {
        AttentionExplanation e = AttentionExamples.image(3, "cat");
        List<String> lines = lines(e, 80);
        assertThat(lines).startsWith("image  a\ufffd.png, seen as 6 × 4", "attention  2 layers of 3 heads, 7 tokens",
                "relevance for  cat, logit 1.5000", "", "rollout of each patch, in percent of the strongest")
                .hasSize(11);
        double strongest = Arrays.stream(e.relevance()).skip(1).max().orElseThrow();
        for (int row = 0; row < 2; row++) {
            for (int column = 0; column < 3; column++) {
                long percent = Math.round(100 * e.relevance()[1 + 3 * row + column] / strongest);
                assertThat(lines.get(9 + row).substring(5 * column, 5 * column + 5).strip()).isEqualTo("" + percent);
            }
        }
        assertThat(lines(e, 14)).as("too narrow for a table").hasSize(3);
    }
}
