package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.TargetAttribution;
import dev.limpid.attribution.explain.TokenAttribution;
import java.util.ArrayList;
import java.util.List;

/** The tables that explanations of tokens share: one row a target with its coloured tokens, and one row a token with all its numbers. */
final class TargetTable {
    private static final double[] LEGEND = {-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1};

    private static final int MOST_BESIDE = 5;

    private TargetTable() {}

    /**
     * Appends what the colours and marks mean.
     *
     * @param target what is outlined; null if nothing is
     * @param marked what is underlined; null if nothing is
     */
    static void appendLegend(StringBuilder html, String target, String marked) {
        html.append("<p class=\"legend\"><span>against<span class=\"scale\" aria-hidden=\"true\">");
        for (double value : LEGEND) {
            html.append("<span class=\"swatch\" style=\"background-color: ").append(AttributionColour.of(value).css())
                    .append("\" title=\"").append(Decimals.fixed(value, 2)).append("\"></span>");
        }
        html.append("</span>for</span> ");
        appendMark(html, "outlined", target);
        appendMark(html, "underlined", marked);
        html.append("<span>point at a token to see its numbers</span></p>\n");
    }

    private static void appendMark(StringBuilder html, String mark, String meaning) {
        if (meaning != null) {
            html.append("<span><span class=\"").append(mark).append("\">").append(mark).append("</span> ")
                    .append(Html.escape(meaning)).append("</span> ");
        }
    }

    /**
     * Appends one row a target.
     *
     * @param what the second column's name
     */
    static void append(StringBuilder html, List<ShownTarget> targets, String what) {
        html.append("<table class=\"targets\">\n<thead><tr><th scope=\"col\">Target</th><th scope=\"col\">")
                .append(Html.escape(what)).append("""
                        <br>(index)</th>\
                        <th scope="col" class="number">Score</th><th scope="col" class="number">Baseline<br>score</th>\
                        <th scope="col" class="number">Attribution<br>sum</th><th scope="col" class="number">Delta</th>\
                        <th scope="col">Tokens, coloured by attribution</th></tr></thead>
                        <tbody>
                        """);
        for (ShownTarget shown : targets) {
            TargetAttribution target = shown.target();
            html.append("<tr><td class=\"name\">").append(Html.escape(target.target()))
                    .append("</td><td class=\"token\">").append(Html.isolated("span", shown.label())).append(" (")
                    .append(target.index()).append(")</td>");
            appendNumber(html, "score", Decimals.fixed(target.score(), 2));
            appendNumber(html, "baseline score",
                    ShownTarget.number(target.baselineScore(), value -> Decimals.fixed(value, 2)));
            appendNumber(html, "attribution sum", Decimals.fixed(target.attributionSum(), 2));
            appendNumber(html, "delta", ShownTarget.number(target.delta(), Decimals::fine));
            html.append("<td class=\"tokens\">");
            new TokenStrip(shown).append(html);
            html.append("</td></tr>\n");
        }
        html.append("</tbody>\n</table>\n");
    }

    private static void appendNumber(StringBuilder html, String label, String number) {
        html.append("<td class=\"number\" data-label=\"").append(label).append("\">").append(number).append("</td>");
    }

    /** Appends, folded away, every token with its numbers: what hovering shows, for paper, touch and screen readers. */
    static void appendNumbers(StringBuilder html, List<ShownTarget> targets) {
        html.append("<details><summary>The numbers of every token</summary>\n");
        List<List<ShownTarget>> tables = new ArrayList<>();
        for (ShownTarget target : targets) {
            boolean fits = !tables.isEmpty() && tables.getLast().size() < MOST_BESIDE
                    && texts(tables.getLast().getFirst()).equals(texts(target));
            if (!fits) {
                tables.add(new ArrayList<>());
            }
            tables.getLast().add(target);
        }
        tables.forEach(table -> appendTable(html, table));
        html.append("</details>\n");
    }

    private static List<String> texts(ShownTarget target) {
        return target.tokens().stream().map(TokenAttribution::text).toList();
    }

    /** Targets with the same tokens, beside each other. */
    private static void appendTable(StringBuilder html, List<ShownTarget> targets) {
        html.append("<div class=\"scroll\"><table class=\"numbers\">\n<thead><tr>")
                .append("<th scope=\"col\" class=\"number\">Index</th><th scope=\"col\">Token</th>");
        for (ShownTarget target : targets) {
            String name = Html.escape(target.name());
            html.append("<th scope=\"col\" class=\"number\">").append(name).append(", raw</th>")
                    .append("<th scope=\"col\" class=\"number\">").append(name).append(", normalised</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (int t = 0; t < targets.getFirst().tokens().size(); t++) {
            html.append("<tr><td class=\"number\">").append(t).append("</td><td>")
                    .append(Html.isolated("span", targets.getFirst().tokens().get(t).text())).append("</td>");
            for (ShownTarget target : targets) {
                TokenAttribution token = target.tokens().get(t);
                html.append("<td class=\"number\">").append(Decimals.signed(token.raw())).append("</td>")
                        .append("<td class=\"number\">").append(Decimals.signed(token.attribution())).append("</td>");
            }
            html.append("</tr>\n");
        }
        html.append("</tbody>\n</table></div>\n");
    }
}
