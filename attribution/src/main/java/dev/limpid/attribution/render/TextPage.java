package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.ClassPrediction;
import dev.limpid.attribution.explain.ClassificationExplanation;
import dev.limpid.attribution.explain.FillMaskExplanation;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.attribution.explain.ScoreKind;
import dev.limpid.attribution.explain.SimilarityExplanation;
import dev.limpid.attribution.explain.TargetAttribution;
import dev.limpid.attribution.explain.TextExplanation;
import dev.limpid.attribution.explain.TokenClassificationExplanation;
import dev.limpid.attribution.explain.ZeroShotExplanation;

/** The page of a text's classes, labels or entities: the prediction, the text, why, and what the numbers mean. */
final class TextPage {
    private final TextExplanation explanation;
    private final StringBuilder html = new StringBuilder();

    private TextPage(TextExplanation explanation) {
        this.explanation = explanation;
    }

    static String of(TextExplanation explanation, TextDetails details) {
        TextPage page = new TextPage(explanation);
        TextSections sections = new TextSections(explanation, details);
        String title = page.appendHeader();
        page.appendPredictions();
        if (!explanation.explanations().isEmpty()) {
            page.appendSection(sections);
        }
        ScoreKind kind = explanation.explanations().stream().map(TargetAttribution::scoreKind).findFirst()
                .orElse(ScoreKind.LOGIT);
        sections.appendFooter(page.html, TextSections.score(kind));
        return PageFrame.page(title, page.html);
    }

    /** Returns the page's title. */
    private String appendHeader() {
        return switch (explanation) {
            case ClassificationExplanation e -> {
                ClassPrediction p = e.prediction();
                appendHeader(e.textPair() == null ? "Text classification" : "Classification of two texts", p.label(),
                        Double.isNaN(p.probability())
                                ? "logit " + Decimals.fixed(p.logit(), 2)
                                : PredictionTable.percent(p.probability()),
                        e.text(), e.textPair());
                yield p.label() + ": " + e.text();
            }
            case ZeroShotExplanation e -> {
                appendHeader("Zero-shot classification", e.prediction().label(),
                        PredictionTable.percent(e.prediction().probability()), e.text(), null);
                yield e.prediction().label() + ": " + e.text();
            }
            case TokenClassificationExplanation e -> {
                String count = e.entities().size() == 1 ? "1 entity" : e.entities().size() + " entities";
                appendHeader("Token classification", count, "", e.text(), null);
                yield count + ": " + e.text();
            }
            case FillMaskExplanation e -> {
                appendHeader("Fill-mask", e.prediction().label(),
                        PredictionTable.percent(e.prediction().probability()), e.text(), null);
                yield e.prediction().label() + ": " + e.text();
            }
            case SimilarityExplanation e -> {
                String cosine = "cosine " + Decimals.fixed(e.cosine(), 3);
                appendHeader("Likeness of two texts", cosine, "", e.text(), e.textPair());
                yield cosine + ": " + e.text();
            }
            case QuestionAnsweringExplanation _ ->
                throw new IllegalArgumentException("answers have a page of their own");
        };
    }

    private void appendHeader(String task, String prediction, String score, String text, String pair) {
        html.append("<header>\n<p class=\"kicker\">").append(task).append(", explained</p>\n")
                .append(Html.isolated("h1", prediction)).append('\n');
        if (!score.isEmpty()) {
            html.append("<p class=\"answer\">").append(Html.escape(score)).append("</p>\n");
        }
        appendText(text);
        if (pair != null) {
            appendText(pair);
        }
        int leftOut = explanation.run().tokensLeftOut();
        if (leftOut > 0) {
            html.append("<p class=\"note\">The text is longer than the model's window: its last ").append(leftOut)
                    .append(" tokens were cut off, and the model did not see them.</p>\n");
        }
        html.append("</header>\n");
    }

    private void appendText(String text) {
        html.append("<p class=\"context\" lang=\"\" dir=\"auto\">").append(Html.escape(text.strip())).append("</p>\n");
    }

    private void appendPredictions() {
        PredictionTable table = PredictionTable.of(explanation);
        if (!table.rows().isEmpty()) {
            html.append("<section>\n<h2>What the model predicts</h2>\n");
            table.appendHtml(html);
            html.append("</section>\n");
        }
    }

    private void appendSection(TextSections sections) {
        switch (explanation) {
            case TokenClassificationExplanation e when e.explanations().getFirst().target().equals("token") ->
                sections.appendAttributions(html, "Why each token has its label", "Token, label",
                        "the token explained", null);
            case TokenClassificationExplanation _ -> sections.appendAttributions(html, "Why they are entities",
                    "Entity, kind", null, "the entity");
            case ZeroShotExplanation _ -> sections.appendAttributions(html, "What speaks for each label", "Label",
                    null, null);
            case FillMaskExplanation _ -> sections.appendAttributions(html, "Why this word", "Word", "the mask", null);
            case SimilarityExplanation _ -> sections.appendAttributions(html, "What makes them alike", "Text", null,
                    null);
            case ClassificationExplanation _,QuestionAnsweringExplanation _ -> sections.appendAttributions(html, "Why",
                    "Class", null, null);
        }
    }
}
