package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.ClassPrediction;
import dev.limpid.attribution.explain.ClassificationExplanation;
import dev.limpid.attribution.explain.FillMaskExplanation;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.attribution.explain.SimilarityExplanation;
import dev.limpid.attribution.explain.TextExplanation;
import dev.limpid.attribution.explain.TokenClassificationExplanation;
import dev.limpid.attribution.explain.ZeroShotExplanation;
import java.util.List;

/**
 * What a model predicted, as a table: classes, labels or entities, the likeliest first.
 *
 * @param names the columns' names; the first is that of the labels
 * @param rows the columns of each row
 */
record PredictionTable(List<String> names, List<List<String>> rows) {
    private static final int MOST = 10;

    /** Of a text; without rows where the task has no such predictions. */
    static PredictionTable of(TextExplanation explanation) {
        return switch (explanation) {
            case ClassificationExplanation e -> ofClasses(e.predictions().stream().limit(MOST).toList());
            case ZeroShotExplanation e -> new PredictionTable(List.of("label", "index", "probability", "entailment"),
                    e.predictions().stream().limit(MOST).map(p -> List.of(p.label(), Integer.toString(p.index()),
                            percent(p.probability()), Decimals.fixed(p.entailmentLogit(), 2))).toList());
            case TokenClassificationExplanation e -> new PredictionTable(List.of("entity", "kind", "probability"),
                    e.entities().stream()
                            .map(entity -> List.of(entity.text(), entity.label(), percent(entity.probability())))
                            .toList());
            case FillMaskExplanation e -> new PredictionTable(List.of("word", "index", "probability", "logit"),
                    ofClasses(e.predictions()).rows);
            case QuestionAnsweringExplanation _,SimilarityExplanation _ -> new PredictionTable(List.of(), List.of());
        };
    }

    /** Of classes. */
    static PredictionTable ofClasses(List<ClassPrediction> predictions) {
        return new PredictionTable(List.of("class", "index", "probability", "logit"), predictions.stream().map(p -> List
                .of(p.label(), Integer.toString(p.index()), percent(p.probability()), Decimals.fixed(p.logit(), 2)))
                .toList());
    }

    /** A probability as people read it; a dash for none. */
    static String percent(double share) {
        return Double.isNaN(share) ? "–" : Decimals.fixed(100 * share, 1) + " %";
    }

    /** A label on one line of a terminal, cut off where it is very long. */
    static String label(String label) {
        int widest = 40;
        String visible = VisibleText.forTerminal(label);
        return TextWidth.of(visible) > widest ? TextWidth.split(visible, widest - 1).getFirst() + "…" : visible;
    }

    /** Appends it for a terminal: labels to the left, numbers to the right. */
    void appendText(StringBuilder out) {
        int widest = Math.max(TextWidth.of(names.getFirst()),
                rows.stream().mapToInt(row -> TextWidth.of(label(row.getFirst()))).max().orElse(0));
        appendText(out, widest, names);
        rows.forEach(row -> appendText(out, widest, row));
    }

    private void appendText(StringBuilder out, int widest, List<String> row) {
        String label = label(row.getFirst());
        out.append(label).append(" ".repeat(widest - TextWidth.of(label)));
        for (int c = 1; c < row.size(); c++) {
            int width = switch (names.get(c)) {
                case "index" -> 5;
                case "probability", "entailment" -> 11;
                default -> 8;
            };
            out.append("  ").append(("%" + width + "s").formatted(VisibleText.forTerminal(row.get(c))));
        }
        out.append('\n');
    }

    /** Appends it as HTML. */
    void appendHtml(StringBuilder html) {
        html.append("<div class=\"scroll\"><table class=\"numbers\">\n<thead><tr>");
        for (int c = 0; c < names.size(); c++) {
            html.append("<th scope=\"col\"").append(c == 0 ? "" : " class=\"number\"").append('>')
                    .append(Html.escape(names.get(c))).append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : rows) {
            html.append("<tr><td>").append(Html.isolated("span", row.getFirst())).append("</td>");
            row.subList(1, row.size())
                    .forEach(cell -> html.append("<td class=\"number\">").append(Html.escape(cell)).append("</td>"));
            html.append("</tr>\n");
        }
        html.append("</tbody>\n</table></div>\n");
    }
}
