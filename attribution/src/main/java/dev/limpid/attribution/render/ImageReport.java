package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.ClassPrediction;
import dev.limpid.attribution.explain.ImageAttribution;
import dev.limpid.attribution.explain.ImageExplanation;
import dev.limpid.attribution.explain.ImageFaithfulness;
import java.util.Arrays;
import java.util.List;

/**
 * An explained image for a terminal: what the model takes it for, and for each target its numbers and a table of what each patch added.
 *
 * <p>A patch's number is its share of the strongest one's, in percent. On the colours of the scale the numbers are black, which reads the same on dark and light
 * terminals. Texts from outside never reach the terminal as anything but visible characters.
 */
public final class ImageReport {
    private static final int TOP = 5;
    private static final int CELL = 5;
    private static final int MOST_PATCHES = 24;
    private static final String BLACK_ON = "\u001b[38;2;0;0;0;48;2;";
    private static final String RESET = "\u001b[0m";

    private final ImageExplanation explanation;
    private final ImageDetails details;
    private final boolean colour;
    private final int width;
    private final StringBuilder out = new StringBuilder();

    private ImageReport(ImageExplanation explanation, ImageDetails details, boolean colour, int width) {
        this.explanation = explanation;
        this.details = details;
        this.colour = colour;
        this.width = width;
    }

    /**
     * The report.
     *
     * @param details of which the image's name and the metrics are told
     * @param colour whether to write escape sequences (24-bit colour); without, the text has none
     * @param width columns of the terminal; the table of patches is left out where it does not fit, and so it is where there are very many
     * @return lines, each ending with a line feed
     */
    public static String of(ImageExplanation explanation, ImageDetails details, boolean colour, int width) {
        ImageReport report = new ImageReport(explanation, details, colour, width);
        report.appendImage();
        report.appendPredictions();
        for (int t = 0; t < explanation.explanations().size(); t++) {
            report.append(t);
        }
        return report.out.toString();
    }

    private void appendImage() {
        out.append("image  ");
        if (details.name() != null) {
            out.append(VisibleText.forTerminal(details.name())).append(", ");
        }
        out.append(size(explanation.original().width(), explanation.original().height())).append(" pixels, seen as ")
                .append(size(explanation.pixels().width(), explanation.pixels().height())).append('\n');
    }

    private static String size(int width, int height) {
        return width + " × " + height;
    }

    private void appendPredictions() {
        List<ClassPrediction> top = explanation.predictions().stream().limit(TOP).toList();
        out.append("prediction  ").append(PredictionTable.label(top.getFirst().label())).append(", ")
                .append(PredictionTable.percent(top.getFirst().probability())).append("\n\n");
        PredictionTable.ofClasses(top).appendText(out);
    }

    private void append(int t) {
        ImageAttribution target = explanation.explanations().get(t);
        boolean compares = !Double.isNaN(target.baselineScore());
        out.append("\nexplained  ").append(VisibleText.forTerminal(target.label())).append(" by ")
                .append(target.method())
                .append(target.steps() > 1 ? ", " + target.steps() + " steps" : "")
                .append(target.accuracy() == null || target.accuracy().met() ? "" : " (not converged)")
                .append(compares ? ", baseline " + VisibleText.forTerminal(explanation.baseline()) : "")
                .append("\nscore ").append(Decimals.fixed(target.score(), 4))
                .append(compares ? "  baseline score " + Decimals.fixed(target.baselineScore(), 4) : "")
                .append("  attribution sum ").append(Decimals.fine(target.attributionSum()))
                .append(Double.isNaN(target.delta()) ? "" : "  delta " + Decimals.fine(target.delta())).append('\n');
        if (!details.metrics().isEmpty()) {
            append(details.metrics().get(t));
        }
        appendPatches(PatchSums.of(explanation, target));
    }

    private void append(ImageFaithfulness metrics) {
        out.append("infidelity ").append(Decimals.fine(metrics.infidelity()))
                .append("  deletion AUC ").append(Decimals.fixed(metrics.deletionAuc(), 4))
                .append("  insertion AUC ").append(Decimals.fixed(metrics.insertionAuc(), 4))
                .append("  comprehensiveness ").append(Decimals.fixed(metrics.comprehensiveness(), 4))
                .append("  sufficiency ").append(Decimals.fixed(metrics.sufficiency(), 4)).append('\n');
    }

    private void appendPatches(double[][] sums) {
        if (sums[0].length * CELL > width || sums.length > MOST_PATCHES) {
            return;
        }
        double strongest = Arrays.stream(sums).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElse(0);
        out.append("\nwhat each patch added, in percent of the strongest\n");
        for (double[] row : sums) {
            for (double sum : row) {
                double share = strongest == 0 ? 0 : sum / strongest;
                long shown = Math.round(100 * share);
                appendCell("%5s".formatted(shown > 0 ? "+" + shown : shown == 0 ? "0" : "" + shown),
                        AttributionColour.of(share));
            }
            out.append('\n');
        }
    }

    private void appendCell(String text, AttributionColour c) {
        if (!colour) {
            out.append(text);
            return;
        }
        out.append(BLACK_ON).append(c.red()).append(';').append(c.green()).append(';').append(c.blue()).append('m')
                .append(text).append(RESET);
    }
}
