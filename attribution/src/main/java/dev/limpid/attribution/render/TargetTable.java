package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.TargetAttribution;
import dev.limpid.attribution.explain.TokenAttribution;
import java.util.List;

/** The tables that explanations of tokens share: one row a target with its coloured tokens, and one row a token with all its numbers. */
final class TargetTable {
    private static final double[] LEGEND = {-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1};

    private TargetTable() {}

    /** Appends what the colours and marks mean. */
    static void appendLegend(StringBuilder html, String marked, String target) {
        html.append("<p class=\"legend\"><span>against<span class=\"scale\" aria-hidden=\"true\">");
        for (double value : LEGEND) {
            html.append("<span class=\"swatch\" style=\"background-color: ").append(AttributionColour.of(value).css())
                    .append("\" title=\"").append(Decimals.fixed(value, 2)).append("\"></span>");
        }
        html.append("</span>for</span> <span><span class=\"outlined\">outlined</span> ").append(Html.escape(target))
                .append("</span> <span><span class=\"underlined\">underlined</span> ").append(Html.escape(marked))
                .append("</span> <span>point at a token to see its numbers</span></p>\n");
    }

    /** Appends one row a target. */
    static void append(StringBuilder html, List<TargetAttribution> targets, TokenStrip strip) {
        html.append("""
                <table class="targets">
                <thead><tr><th scope="col">Target</th><th scope="col">Token<br>(index)</th>\
                <th scope="col" class="number">Score</th><th scope="col" class="number">Baseline<br>score</th>\
                <th scope="col" class="number">Attribution<br>sum</th><th scope="col" class="number">Delta</th>\
                <th scope="col">Tokens, coloured by attribution</th></tr></thead>
                <tbody>
                """);
        for (TargetAttribution target : targets) {
            html.append("<tr><td class=\"name\">").append(Html.escape(target.target()))
                    .append("</td><td class=\"token\">").append(Html.isolated("span", target.label())).append(" (")
                    .append(target.index()).append(")</td>");
            appendNumber(html, "score", Decimals.fixed(target.score(), 2));
            appendNumber(html, "baseline score", Decimals.fixed(target.baselineScore(), 2));
            appendNumber(html, "attribution sum", Decimals.fixed(target.attributionSum(), 2));
            appendNumber(html, "delta", Decimals.fine(target.delta()));
            html.append("<td class=\"tokens\">");
            strip.append(html, target);
            html.append("</td></tr>\n");
        }
        html.append("</tbody>\n</table>\n");
    }

    private static void appendNumber(StringBuilder html, String label, String number) {
        html.append("<td class=\"number\" data-label=\"").append(label).append("\">").append(number).append("</td>");
    }

    /** Appends, folded away, every token with its numbers: what hovering shows, for paper, touch and screen readers. */
    static void appendNumbers(StringBuilder html, List<TargetAttribution> targets) {
        html.append(
                "<details><summary>The numbers of every token</summary>\n<div class=\"scroll\"><table class=\"numbers\">\n<thead><tr>")
                .append("<th scope=\"col\" class=\"number\">Index</th><th scope=\"col\">Token</th>");
        for (TargetAttribution target : targets) {
            String name = Html.escape(target.target());
            html.append("<th scope=\"col\" class=\"number\">").append(name).append(", raw</th>")
                    .append("<th scope=\"col\" class=\"number\">").append(name).append(", normalised</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (int t = 0; t < targets.getFirst().tokens().size(); t++) {
            html.append("<tr><td class=\"number\">").append(t).append("</td><td>")
                    .append(Html.isolated("span", targets.getFirst().tokens().get(t).text())).append("</td>");
            for (TargetAttribution target : targets) {
                TokenAttribution token = target.tokens().get(t);
                html.append("<td class=\"number\">").append(Decimals.signed(token.raw())).append("</td>")
                        .append("<td class=\"number\">").append(Decimals.signed(token.attribution())).append("</td>");
            }
            html.append("</tr>\n");
        }
        html.append("</tbody>\n</table></div>\n</details>\n");
    }
}
