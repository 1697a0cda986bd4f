package dev.limpid.attribution.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.attribution.explain.Answer;
import dev.limpid.attribution.explain.Baseline;
import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.attribution.explain.TargetAttribution;
import dev.limpid.attribution.explain.TokenAttribution;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.attribution.explain.Window;
import dev.limpid.tokenizer.Span;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class HtmlPageTest {
    private static final Pattern TOKEN = Pattern
            .compile("<span[^>]* style=\"background-color: ([^\"]+)\" title=\"([^\"]*)\"><bdi>([^<]*)</bdi></span>");

    static Stream<Named<QuestionAnsweringExplanation>> isValidHtml() {
        QuestionAnsweringExplanation published = Examples.published(Convention.DEFAULT);
        QuestionAnsweringExplanation small = Examples.of(Convention.DEFAULT, "q", List.of("a", "b", "c"), " ", 1);
        return Stream.of(Named.of("published", published),
                Named.of("no answer", Examples.with(published, new Answer("", 0, 0, null, 1, 2))),
                Named.of("hostile",
                        Examples.of(Convention.DEFAULT, Examples.HOSTILE.getFirst(), Examples.HOSTILE, " ", 2)),
                Named.of("windowed", Examples.windowed(small, "before\n", " after")),
                Named.of("right to left", Examples.of(Convention.DEFAULT, "מה?", List.of("שלום", "עולם"), " ", 4)),
                Named.of("one empty token", Examples.of(Convention.DEFAULT, "?", List.of(""), " ", 5)));
    }

    @ParameterizedTest
    @MethodSource
    void isValidHtml(QuestionAnsweringExplanation explanation) throws Exception {
        assertThat(HtmlValidator.complaints(HtmlPage.of(explanation))).isEmpty();
    }

    @Test
    void theValidatorSeesWhatIsWrong() throws Exception {
        assertThat(HtmlValidator.complaints(HtmlPage.of(Examples.published(Convention.TRANSFORMERS_INTERPRET))))
                .isNotEmpty();
        String page = HtmlPage.of(Examples.published(Convention.DEFAULT));
        assertThat(HtmlValidator.complaints(page.replace("</details>", ""))).isNotEmpty();
        assertThat(HtmlValidator.complaints(page.replace("usage", "us\u0001ge"))).isNotEmpty();
        assertThat(HtmlValidator.complaints(page.replace("--page: #fff", "color: #ff"))).isNotEmpty();
    }

    @ParameterizedTest(name = "hostile text {index}")
    @FieldSource("dev.limpid.attribution.render.Examples#HOSTILE")
    void everyHostileTextIsShownAsText(String text) throws Exception {
        QuestionAnsweringExplanation e = Examples.of(Convention.DEFAULT, text, List.of("a", text, text), " ", 11);
        String page = HtmlPage.of(e);
        assertThat(HtmlValidator.complaints(page)).isEmpty();
        assertThat(page).contains("<bdi>" + Html.escape(text) + "</bdi>", "<mark>" + Html.escape(text) + "</mark>",
                "<h1 lang=\"\" dir=\"auto\">" + Html.escape(text) + "</h1>").doesNotContain("<script", "<img", "<svg");
    }

    @Test
    void everyTokenHasItsColourAndItsNumbers() {
        QuestionAnsweringExplanation e = Examples.published(Convention.DEFAULT);
        List<MatchResult> found = TOKEN.matcher(HtmlPage.of(e)).results().toList();
        List<TokenAttribution> tokens = e.explanations().stream().flatMap(t -> t.tokens().stream()).toList();
        assertThat(found).hasSameSizeAs(tokens).hasSize(80);
        for (int t = 0; t < tokens.size(); t++) {
            TokenAttribution token = tokens.get(t);
            assertThat(found.get(t).group(1)).isEqualTo(AttributionColour.of(token.attribution()).css());
            assertThat(found.get(t).group(2)).isEqualTo(token.text() + "\nraw " + Decimals.signed(token.raw())
                    + "\nnormalised " + Decimals.signed(token.attribution()));
            assertThat(found.get(t).group(3)).isEqualTo(token.text());
        }
        assertThat(HtmlPage.of(e)).contains("hsl(120, 75%, 55%)\" title=\"what\nraw +2.9367\nnormalised +0.9177\"");
    }

    @Test
    void aRowATargetWithItsNumbers() {
        String page = HtmlPage.of(Examples.published(Convention.DEFAULT));
        assertThat(page).containsSubsequence("<td class=\"name\">start</td>", ">usage</span> (21)</td>", ">5.54</td>",
                ">0.15</td>", ">1.68</td>", ">-0.0028</td>", "<td class=\"name\">end</td>",
                ">language</span> (29)</td>",
                ">5.40</td>", ">0.15</td>", ">1.67</td>", ">0.1009</td>");
    }

    @Test
    void theAnswerIsMarkedInItsContext() {
        String page = HtmlPage.of(Examples.published(Convention.DEFAULT));
        assertThat(page).contains("<h1 lang=\"\" dir=\"auto\">What is natural language processing ?</h1>",
                "relates to the <mark>usage of machines to process and understand human language</mark>.\nMany",
                "<strong lang=\"\" dir=\"auto\">usage of machines to process and understand human language</strong>")
                .doesNotContain("overlapping windows");
    }

    @Test
    void saysWhenThereIsNoAnswer() {
        QuestionAnsweringExplanation e = Examples.with(Examples.published(Convention.DEFAULT),
                new Answer("", 0, 0, null, 1, 2));
        assertThat(HtmlPage.of(e)).contains("none in this context", "Many researchers").doesNotContain("<mark>");
    }

    @Test
    void saysWhichWindowItShows() {
        QuestionAnsweringExplanation e = Examples.windowed(
                Examples.of(Convention.DEFAULT, "q", List.of("a", "b", "c"), " ", 1), "x".repeat(50), "y".repeat(60));
        assertThat(HtmlPage.of(e)).contains("window 2 of 3", "\">… a b <mark>c</mark> …</p>").doesNotContain("xx",
                "yy");
        QuestionAnsweringExplanation whole = new QuestionAnsweringExplanation(e.model(), e.device(), e.precision(),
                e.convention(), e.baseline(), e.question(), e.context(), e.answer(),
                new Window(0, 1, e.window().context()),
                e.start(), e.end());
        assertThat(HtmlPage.of(whole)).contains("xx a b <mark>c</mark>yy".replace(" a", "a")).doesNotContain("…");
    }

    @ParameterizedTest
    @EnumSource(Baseline.class)
    void theFootSaysHowItWasMade(Baseline baseline) {
        QuestionAnsweringExplanation e = Examples.published(Convention.DEFAULT);
        String page = HtmlPage.of(new QuestionAnsweringExplanation("m<o>del", "cuda:1", "f32", e.convention(), baseline,
                e.question(), e.context(), e.answer(), e.window(), e.start(), e.end()));
        String foot = page.substring(page.indexOf("<footer>"));
        assertThat(foot).contains("<dt>Model</dt><dd>m&lt;o&gt;del</dd>", "<dt>Device</dt><dd>cuda:1, f32</dd>",
                "<dt>Method</dt><dd>integrated-gradients</dd>", "<dt>Quadrature</dt><dd>gauss-legendre, 50 steps</dd>",
                "<dt>Delta</dt><dd>start -0.0028, end 0.1009</dd>", "<dt>Baseline</dt><dd>" + baseline.id() + "</dd>",
                "<dt>Convention</dt><dd>default</dd>", "<dt>Score</dt>", "<dt>Baseline score</dt>",
                "<dt>Raw attribution</dt>", "<dt>Normalised attribution</dt>", "<dt>Attribution sum</dt>");
    }

    @Test
    void piecesAreAttachedToTheirWord() {
        List<TokenAttribution> tokens = List.of(new TokenAttribution("[CLS]", Source.SPECIAL, null, 0, 0),
                new TokenAttribution("wh", Source.QUESTION, new Span(0, 2), 0, 0),
                new TokenAttribution("[SEP]", Source.SPECIAL, null, 0, 0),
                new TokenAttribution("mac", Source.CONTEXT, new Span(0, 3), 0.5, 0.5),
                new TokenAttribution("##ron", Source.CONTEXT, new Span(3, 6), -1, -1),
                new TokenAttribution(",", Source.CONTEXT, new Span(6, 7), 0, 0),
                new TokenAttribution("naive", Source.CONTEXT, new Span(8, 13), 0, 0),
                new TokenAttribution("[UNK]", Source.CONTEXT, new Span(14, 15), 0, 0),
                new TokenAttribution("##", Source.CONTEXT, new Span(16, 18), 0, 0),
                new TokenAttribution("[SEP]", Source.SPECIAL, null, 0, 0));
        TargetAttribution target = new TargetAttribution("start", 3, "mac", 1, 0, 0, "integrated-gradients",
                "gauss-legendre", 50, tokens);
        String context = "Macron, naïve ☃ ##";
        String page = HtmlPage.of(new QuestionAnsweringExplanation("m", "cpu", "f32", Convention.DEFAULT, Baseline.PAD,
                "wh", context, new Answer("Macron", 3, 4, new Span(0, 6), 1, 1), new Window(0, 1, new Span(0, 18)),
                target, target));
        String words = page.substring(page.indexOf("<div class=\"words\""), page.indexOf("</div>"));
        assertThat(words.replace("<br>", "/").replaceAll("<[^>]*>", ""))
                .isEqualTo("[CLS]\nwh\n[SEP]/\nmacron,\nnaive\n[UNK]\n##\n[SEP]");
        assertThat(words).contains("hsl(0, 75%, 60%)\" title=\"##ron\nraw -1.0000",
                "title=\"naive\nin the text: naïve\nraw",
                "title=\"[UNK]\nin the text: ☃\nraw", "title=\"mac\nraw", "class=\"open answered target\"",
                "class=\"joined open answered\"",
                "<span class=\"special\"");
    }

    @Test
    void tokensRunInTheDirectionOfTheirText() {
        assertThat(HtmlPage.of(Examples.of(Convention.DEFAULT, "1?", List.of("שלום"), " ", 1)))
                .contains("<div class=\"words\" lang=\"\" dir=\"rtl\">");
        assertThat(HtmlPage.of(Examples.of(Convention.DEFAULT, "1?", List.of("2"), " ", 1)))
                .contains("<div class=\"words\" lang=\"\" dir=\"ltr\">");
    }

    @Test
    void isSelfContained() {
        String page = HtmlPage.of(Examples.published(Convention.DEFAULT));
        assertThat(page).startsWith("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")
                .doesNotContain("<script", "<link", "<img", "src=", "href=", "url(", "@import", "http:", "https:");
    }
}
