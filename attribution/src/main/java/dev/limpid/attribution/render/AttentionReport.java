package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.AttentionExplanation;
import java.util.Arrays;
import java.util.List;

/**
 * What a model attended to, for a terminal: a line for each token with its rollout and its relevance, or for an image a table of patches for each of them.
 *
 * <p>Texts from outside never reach the terminal as anything but visible characters.
 */
public final class AttentionReport {
    private static final int CELL = 5;
    private static final int MOST_PATCHES = 24;

    private final AttentionExplanation explanation;
    private final AttentionDetails details;
    private final int width;
    private final StringBuilder out = new StringBuilder();

    private AttentionReport(AttentionExplanation explanation, AttentionDetails details, int width) {
        this.explanation = explanation;
        this.details = details;
        this.width = width;
    }

    /**
     * The report.
     *
     * @param details of which the image's name is told
     * @param width columns of the terminal; tables of patches are left out where they do not fit, and so they are where there are very many
     * @return lines, each ending with a line feed
     */
    public static String of(AttentionExplanation explanation, AttentionDetails details, int width) {
        AttentionReport report = new AttentionReport(explanation, details, width);
        report.appendInput();
        report.appendTarget();
        if (explanation.image() == null) {
            report.appendTokens();
        } else {
            report.appendPatches("rollout", explanation.rollout());
            if (explanation.maps().hasGradients()) {
                report.appendPatches("relevance", explanation.relevance());
            }
        }
        return report.out.toString();
    }

    private void appendInput() {
        if (explanation.image() != null) {
            out.append("image  ")
                    .append(details.imageName() == null ? "" : VisibleText.forTerminal(details.imageName()) + ", ")
                    .append("seen as ").append(explanation.image().width()).append(" × ")
                    .append(explanation.image().height()).append('\n');
        } else {
            out.append("text  ").append(VisibleText.forTerminal(explanation.text())).append('\n');
            if (explanation.pair() != null) {
                out.append("pair  ").append(VisibleText.forTerminal(explanation.pair())).append('\n');
            }
        }
        if (explanation.tokensLeftOut() > 0) {
            out.append("left out  ").append(explanation.tokensLeftOut())
                    .append(explanation.tokensLeftOut() == 1 ? " token" : " tokens").append(" at the end\n");
        }
        out.append("attention  ").append(explanation.maps().layers()).append(" layers of ")
                .append(explanation.maps().heads()).append(" heads, ").append(explanation.maps().length())
                .append(" tokens\n");
    }

    private void appendTarget() {
        if (explanation.target() == null) {
            return;
        }
        out.append("relevance for  ").append(VisibleText.forTerminal(explanation.target())).append(", logit ")
                .append(Decimals.fixed(explanation.score(), 4)).append('\n');
    }

    private void appendTokens() {
        double[] rollout = explanation.rollout();
        double[] relevance = explanation.maps().hasGradients() ? explanation.relevance() : null;
        List<String> tokens = explanation.tokens().stream().map(VisibleText::forTerminal).toList();
        int widest = Math.max(5, tokens.stream().mapToInt(TextWidth::of).max().orElse(0));
        out.append("\ntoken").append(" ".repeat(widest - 5)).append("  %8s".formatted("rollout"))
                .append(relevance == null ? "" : "  %9s".formatted("relevance")).append('\n');
        for (int t = 0; t < rollout.length; t++) {
            out.append(tokens.get(t)).append(" ".repeat(widest - TextWidth.of(tokens.get(t))))
                    .append("  %8s".formatted(Decimals.fixed(100 * rollout[t], 1) + " %"))
                    .append(relevance == null ? "" : "  %9s".formatted(Decimals.fixed(relevance[t], 4)))
                    .append('\n');
        }
    }

    private void appendPatches(String what, double[] scores) {
        int first = explanation.firstPatch();
        int columns = explanation.patchColumns();
        if (columns * CELL > width || explanation.patchRows() > MOST_PATCHES) {
            return;
        }
        double strongest = Arrays.stream(scores).skip(first).max().orElse(0);
        out.append('\n').append(what).append(" of each patch, in percent of the strongest\n");
        for (int t = first; t < scores.length; t++) {
            out.append("%5d".formatted(strongest == 0 ? 0 : Math.round(100 * scores[t] / strongest)))
                    .append((t - first) % columns == columns - 1 ? "\n" : "");
        }
    }
}
