package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.Baseline;
import dev.limpid.attribution.explain.ScoreKind;
import dev.limpid.attribution.explain.TextExplanation;
import java.util.List;

/** The sections that the pages of all text tasks share: the attributions, and the foot. */
final class TextSections {
    private final TextExplanation explanation;
    private final TextDetails details;

    TextSections(TextExplanation explanation, TextDetails details) {
        this.explanation = explanation;
        this.details = details;
    }

    /**
     * Appends the attributions.
     *
     * @param title what they answer
     * @param what the name of the column of what is explained
     * @param outlined what is outlined among the tokens; null if nothing is
     * @param underlined what is underlined; null if nothing is
     */
    void appendAttributions(StringBuilder html, String title, String what, String outlined, String underlined) {
        List<ShownTarget> targets = ShownTarget.of(explanation, details);
        html.append("<section>\n<h2>").append(Html.escape(title)).append("</h2>\n");
        TargetTable.appendLegend(html, outlined, underlined);
        TargetTable.append(html, targets, what);
        TargetTable.appendNumbers(html, targets);
        html.append("</section>\n");
    }

    /**
     * Appends the foot.
     *
     * @param score what the score is, in a sentence
     */
    void appendFooter(StringBuilder html, String score) {
        PageFooter footer = new PageFooter().meaning("Score", score)
                .meaningsOfAttributions(description(explanation.run().baseline()),
                        explanation.explanations().stream().noneMatch(one -> Double.isNaN(one.delta())))
                .fact("Model", explanation.run().model())
                .fact("Device", explanation.run().device() + ", " + explanation.run().precision());
        if (!explanation.explanations().isEmpty()) {
            footer.facts(ShownTarget.of(explanation, details));
        }
        footer.fact("Baseline", explanation.run().baseline().id())
                .fact("Convention", explanation.run().convention().id()).append(html);
    }

    /** What a class's score is. */
    static String score(ScoreKind kind) {
        return switch (kind) {
            case LOGIT -> "The model's logit: the higher, the surer; it has no unit and is no probability.";
            case PROBABILITY -> "The probability the model gives, between 0 and 1; near either end it hardly changes,"
                    + " whatever the text.";
            case COSINE -> "The cosine of the angle between the two texts' vectors, between −1 and 1.";
        };
    }

    private static String description(Baseline baseline) {
        return switch (baseline) {
            case PAD -> "the same input with every word replaced by [PAD]";
            case MASK -> "the same input with every word replaced by [MASK]";
            case ZERO -> "the same input with every word replaced by the zero vector";
            case MEAN -> "the same input with every word replaced by the mean of all word embeddings";
        };
    }
}
