package dev.limpid.attribution.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.attribution.render.CaptumTable.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaptumTableTest {
    @Test
    void isTheTableItsAuthorsPublished() {
        assertThat(CaptumTable.of(Published.entityRows())).isEqualTo(Published.ALL.at("/ner/html").asText());
    }

    @Test
    void isCaptumsTableOfThePublishedAnswer() {
        QuestionAnsweringExplanation explanation = Examples.published(Convention.TRANSFORMERS_INTERPRET);
        assertThat(CaptumTable.of(explanation)).isEqualTo(Published.ALL.at("/qa/captumHtml").asText());
        assertThat(HtmlPage.of(explanation)).isEqualTo(CaptumTable.of(explanation));
        for (JsonNode row : Published.ALL.at("/qa/table")) {
            for (JsonNode cell : row) {
                assertThat(CaptumTable.of(explanation)).contains("<b>" + cell.asText() + "</b>");
            }
        }
    }

    @Test
    void tiesMinusZeroNotANumberAndTokensInBracketsAreCaptums() {
        JsonNode edge = Published.ALL.get("edge");
        List<String> tokens = Published.list(edge.get("tokens")).stream().map(JsonNode::asText).toList();
        List<Double> attributions = Published.list(edge.get("attributions")).stream()
                .map(a -> a.isNull() ? Double.NaN : a.asDouble()).toList();
        String table = CaptumTable.of(List.of(new Row("tie", "no", 0.125, "tie", -0.001, tokens, attributions),
                new Row("tie", "", 0.375, "tie", Double.NaN, List.of(), List.of())));
        assertThat(table).contains("<b>no (0.12)</b>", "<b>-0.00</b>", "<b> (0.38)</b>", "<b>nan</b>", " &lt; ",
                "it's");
        // captum does not escape the two tokens that are brackets
        assertThat(table.replace(" &lt; ", " < ").replace(" &gt; ", " > "))
                .isEqualTo(edge.get("captumHtml").asText());
    }

    @Test
    void markupInTextsIsEscaped() {
        String table = CaptumTable.of(List.of(new Row("<i>", "a & \"b\"", 1, "</b><script>x</script>", 0,
                List.of("x<script>", "<img src=x onerror=alert(1)>", "S&P", "\ud800"), List.of(0.1, 0.1, 0.1, 0.1))));
        assertThat(table).contains("<b>&lt;i&gt;</b>", "<b>a &amp; &quot;b&quot; (1.00)</b>",
                "<b>&lt;/b&gt;&lt;script&gt;x&lt;/script&gt;</b>", " x&lt;script&gt; ", " #img src=x onerror=alert(1) ",
                " S&amp;P ", " � ").doesNotContain("<script", "<img", "<i>");
    }

    @Test
    void aRowNeedsANumberForEachToken() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Row("", "", 0, "", 0, List.of("a", "b"), List.of(0.5)))
                .withMessageContaining("2 tokens and 1 attributions");
    }
}
