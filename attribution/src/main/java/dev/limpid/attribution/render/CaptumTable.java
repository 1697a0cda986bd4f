package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.ClassScoring;
import dev.limpid.attribution.explain.ClassificationExplanation;
import dev.limpid.attribution.explain.FillMaskExplanation;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.attribution.explain.SimilarityExplanation;
import dev.limpid.attribution.explain.TargetAttribution;
import dev.limpid.attribution.explain.TextExplanation;
import dev.limpid.attribution.explain.TokenAttribution;
import dev.limpid.attribution.explain.TokenClassificationExplanation;
import dev.limpid.attribution.explain.ZeroShotExplanation;
import java.util.List;

/**
 * The table that captum's {@code visualize_text} draws and transformers-interpret's {@code visualize()} saves, byte for byte.
 *
 * <p>Numbers, colours, labels and layout are captum's, its malformed markup included: the table has no valid width, the header row is never closed, each
 * row ends with {@code <tr>}, and no character set is named. One thing differs: captum writes tokens, labels and answers unescaped, so that a text with
 * markup in it breaks the table or runs a script; here {@code & < > "} are escaped and characters that HTML cannot hold are replaced by U+FFFD. For
 * texts without those the bytes are the same.
 *
 * <p>Source: {@code captum/attr/_utils/visualization.py} (captum 0.5 to 0.8) and {@code question_answering.py} of transformers-interpret 0.10.0.
 */
public final class CaptumTable {
    /** captum's source breaks lines inside its string literals, and the indentation became part of the document. */
    private static final String INDENT_13 = " ".repeat(13);
    private static final String INDENT_17 = " ".repeat(17);
    private static final String INDENT_20 = " ".repeat(20);
    private static final String INDENT_21 = " ".repeat(21);

    private CaptumTable() {}

    /**
     * The table of an explanation, a row for each number explained, as the task's own {@code visualize()} fills it in.
     *
     * @throws IllegalArgumentException if transformers-interpret has no such task
     */
    public static String of(TextExplanation explanation) {
        String table = of(explanation.explanations().stream().map(target -> row(explanation, target)).toList());
        return explanation instanceof ClassificationExplanation e && isMultiLabel(e)
                ? table.replace("Predicted Label", "Prediction Score").replace("True Label", "n/a")
                : table;
    }

    private static Row row(TextExplanation explanation, TargetAttribution target) {
        return switch (explanation) {
            case QuestionAnsweringExplanation e -> {
                String label = target.label() + " (" + target.index() + ")";
                yield row(target, label, e.answer().text(), target.score(), label);
            }
            case ClassificationExplanation e when isMultiLabel(e) ->
                row(target, "n/a", "", target.score(), target.label());
            case ClassificationExplanation e when e.predictions().size() == 1 -> {
                String rounded = Decimals.fixed(target.score(), 0);
                yield row(target, rounded, rounded, target.score(), rounded);
            }
            case ClassificationExplanation e -> row(target, Integer.toString(target.index()), e.prediction().label(),
                    target.score(), target.label());
            case ZeroShotExplanation e -> row(target, target.label(), target.label(), e.predictions().stream()
                    .filter(p -> p.index() == target.index()).findFirst().orElseThrow().probability(), target.label());
            case TokenClassificationExplanation e -> row(target, target.label(), target.label(), target.score(),
                    e.predictions().get(target.index()).token());
            case FillMaskExplanation _,SimilarityExplanation _ -> throw new IllegalArgumentException(
                    "transformers-interpret has no table of " + explanation.getClass().getSimpleName());
        };
    }

    private static boolean isMultiLabel(ClassificationExplanation e) {
        return e.scoring() == ClassScoring.SIGMOID && e.predictions().size() > 1;
    }

    private static Row row(TargetAttribution target, String trueLabel, String predictedLabel, double predictedScore,
            String attributionLabel) {
        return new Row(trueLabel, predictedLabel, predictedScore, attributionLabel, target.attributionSum(),
                target.tokens().stream().map(TokenAttribution::text).toList(),
                target.tokens().stream().map(TokenAttribution::attribution).toList());
    }

    /** The table of these rows: captum's {@code visualize_text(records, legend=True)}. */
    static String of(List<Row> rows) {
        StringBuilder html = new StringBuilder("<table width: 100%>");
        html.append("<div style=\"border-top: 1px solid; margin-top: 5px;").append(INDENT_13)
                .append("padding-top: 5px; display: inline-block\"><b>Legend: </b>");
        appendLegend(html, -1, "Negative");
        appendLegend(html, 0, "Neutral");
        appendLegend(html, 1, "Positive");
        html.append("</div><tr><th>True Label</th><th>Predicted Label</th><th>Attribution Label</th>")
                .append("<th>Attribution Score</th><th>Word Importance</th>");
        rows.forEach(row -> append(html, row));
        return html.append("</table>").toString();
    }

    private static void appendLegend(StringBuilder html, int value, String name) {
        html.append("<span style=\"display: inline-block; width: 10px; height: 10px;").append(INDENT_17)
                .append("border: 1px solid; background-color:").append(INDENT_17)
                .append(AttributionColour.of(value).css()).append("\"></span> ").append(name).append("  ");
    }

    private static void append(StringBuilder html, Row row) {
        html.append("<tr>");
        appendCell(html, row.trueLabel());
        appendCell(html, row.predictedLabel() + " (" + Decimals.fixed(row.predictedScore(), 2) + ")");
        appendCell(html, row.attributionLabel());
        appendCell(html, Decimals.fixed(row.attributionScore(), 2));
        html.append("<td>");
        for (int t = 0; t < row.tokens().size(); t++) {
            html.append("<mark style=\"background-color: ")
                    .append(AttributionColour.of(row.attributions().get(t)).css())
                    .append("; opacity:1.0;").append(INDENT_21).append("line-height:1.75\"><font color=\"black\"> ")
                    .append(Html.escape(specialToken(row.tokens().get(t)))).append(INDENT_20).append("</font></mark>");
        }
        html.append("</td><tr>");
    }

    private static void appendCell(StringBuilder html, String text) {
        html.append("<td><text style=\"padding-right:2em\"><b>").append(Html.escape(text)).append("</b></text></td>");
    }

    /** {@code <s>} becomes {@code #s}: a token in angle brackets loses all of them, a browser would take it for an element. */
    private static String specialToken(String token) {
        return token.startsWith("<") && token.endsWith(">") ? "#" + token.replaceAll("^[<>]+|[<>]+$", "") : token;
    }

    /**
     * A row: captum's {@code VisualizationDataRecord}, without the convergence delta it never shows.
     *
     * @param trueLabel first column
     * @param predictedLabel second column
     * @param predictedScore in parentheses after it, with two decimals
     * @param attributionLabel third column
     * @param attributionScore fourth column, with two decimals
     * @param tokens the words of the last column
     * @param attributions what colours them
     */
    record Row(String trueLabel, String predictedLabel, double predictedScore, String attributionLabel,
            double attributionScore, List<String> tokens, List<Double> attributions) {
        /** @throws IllegalArgumentException unless there is an attribution for every token */
        Row {
            if (tokens.size() != attributions.size()) {
                throw new IllegalArgumentException("a row needs one attribution for each token, found " + tokens.size()
                        + " tokens and " + attributions.size() + " attributions");
            }
        }
    }
}
