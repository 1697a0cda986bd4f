package dev.limpid.bench.quadrature;

import dev.limpid.bench.quadrature.Measured.Miss;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Error against nodes as a picture: a line for each rule, its median and its largest error over all targets, and a point for each tolerance. */
final class ErrorPlot {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 460;
    private static final int LEFT = 70;
    private static final int TOP = 20;
    private static final int PLOT_WIDTH = 520;
    private static final int PLOT_HEIGHT = 380;
    private static final double MOST_NODES = 300;
    private static final double LEAST_NODES = 2;
    private static final int LARGEST = 1; // powers of ten
    private static final int SMALLEST = -7;

    private final StringBuilder svg = new StringBuilder();

    private ErrorPlot() {}

    static String svg(List<Measured> all) {
        ErrorPlot plot = new ErrorPlot();
        plot.axes();
        int line = 0;
        for (Rule rule : Rule.values()) {
            plot.line(all, rule, 0.5, "");
            plot.line(all, rule, 1, " stroke-dasharray=\"5 4\"");
            plot.legend(line++, rule.label(), rule.colour());
        }
        plot.tolerances(all);
        plot.legend(line++, "--steps auto, by tolerance", "#000");
        plot.text(LEFT + PLOT_WIDTH + 16, TOP + 20 + 20 * line, "start", "solid: median of " + all.size() + " targets");
        plot.text(LEFT + PLOT_WIDTH + 16, TOP + 40 + 20 * line, "start", "dashed: the largest");
        return plot.svg.append("</svg>\n").toString();
    }

    private void axes() {
        svg.append(String.format(Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>%n",
                WIDTH, HEIGHT, WIDTH, HEIGHT));
        for (int power = SMALLEST; power <= LARGEST; power++) {
            double y = y(Math.pow(10, power));
            grid(LEFT, y, LEFT + PLOT_WIDTH, y);
            text(LEFT - 8, y + 4, "end", "1e" + power);
        }
        for (int n = 2; n <= 256; n *= 2) {
            grid(x(n), TOP, x(n), TOP + PLOT_HEIGHT);
            text(x(n), TOP + PLOT_HEIGHT + 18, "middle", Integer.toString(n));
        }
        text(LEFT + PLOT_WIDTH / 2.0, TOP + PLOT_HEIGHT + 40, "middle",
                "nodes; error of the attributions, relative to the largest, against 1,000 nodes");
    }

    private void line(List<Measured> all, Rule rule, double quantile, String style) {
        StringBuilder points = new StringBuilder();
        for (int n : rule.counts()) {
            points.append(
                    point(n, quantile(all.stream().mapToDouble(one -> one.rules().get(rule).get(n).error()).toArray(),
                            quantile)))
                    .append(' ');
        }
        svg.append(String.format(Locale.ROOT,
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>%n",
                points.toString().strip(), rule.colour(), style));
    }

    private void tolerances(List<Measured> all) {
        for (double tolerance : Measured.TOLERANCES) {
            List<Miss> misses = all.stream().map(one -> one.tolerances().get(tolerance)).toList();
            double nodes = misses.stream().mapToInt(Miss::nodes).average().orElseThrow();
            double error = quantile(misses.stream().mapToDouble(Miss::error).toArray(), 0.5);
            svg.append(String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>%n", x(nodes), y(error)));
            text(x(nodes) + 7, y(error) - 5, "start", Double.toString(tolerance));
        }
    }

    private static double quantile(double[] values, double quantile) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[Math.min(sorted.length - 1, (int) (quantile * sorted.length))];
    }

    private void legend(int line, String label, String colour) {
        double y = TOP + 8 + 20.0 * line;
        svg.append(String.format(Locale.ROOT, "<rect x=\"%d\" y=\"%.1f\" width=\"12\" height=\"4\" fill=\"%s\"/>%n",
                LEFT + PLOT_WIDTH + 16, y - 5, colour));
        text(LEFT + PLOT_WIDTH + 34, y, "start", label);
    }

    private void grid(double x1, double y1, double x2, double y2) {
        svg.append(String.format(Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n", x1, y1, x2, y2));
    }

    private void text(double x, double y, String anchor, String text) {
        svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y,
                anchor, text));
    }

    private static String point(double nodes, double error) {
        return String.format(Locale.ROOT, "%.1f,%.1f", x(nodes), y(error));
    }

    private static double x(double nodes) {
        return LEFT + PLOT_WIDTH * Math.log(nodes / LEAST_NODES) / Math.log(MOST_NODES / LEAST_NODES);
    }

    private static double y(double error) {
        double power = Math.clamp(Math.log10(error), SMALLEST, LARGEST);
        return TOP + PLOT_HEIGHT * (LARGEST - power) / (LARGEST - SMALLEST);
    }
}
