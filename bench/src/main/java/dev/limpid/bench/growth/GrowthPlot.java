package dev.limpid.bench.growth;

import java.util.List;
import java.util.Locale;

/** Draws measured points and the line they should lie on, a panel for each quantity, as SVG. */
final class GrowthPlot {
    private static final int WIDTH = 300;
    private static final int HEIGHT = 260;
    private static final int LEFT = 52;
    private static final int RIGHT = 16;
    private static final int TOP = 40;
    private static final int BOTTOM = 44;
    private static final int TICKS = 4;

    private final StringBuilder svg = new StringBuilder();

    private GrowthPlot() {}

    static String of(String title, List<Series> all) {
        GrowthPlot plot = new GrowthPlot();
        int width = WIDTH * all.size();
        plot.add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + width + " " + (HEIGHT + TOP / 2)
                + "\" font-family=\"sans-serif\" font-size=\"11\">");
        plot.add("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        plot.text(width / 2.0, 16, "middle", title);
        for (int i = 0; i < all.size(); i++) {
            plot.add("<g transform=\"translate(" + i * WIDTH + "," + TOP / 2 + ")\">");
            plot.panel(all.get(i));
            plot.add("</g>");
        }
        plot.add("</svg>");
        return plot.svg.toString();
    }

    private void panel(Series series) {
        double[] fit = series.fit();
        double mostX = series.x()[series.x().length - 1];
        double mostY = 0;
        for (int i = 0; i < fit.length; i++) {
            mostY = Math.max(mostY, Math.max(fit[i], series.seconds()[i]));
        }
        text(WIDTH / 2.0, TOP - 12, "middle", series.name() + ": " + series.law());
        add("<path d=\"M" + LEFT + " " + TOP + "V" + (HEIGHT - BOTTOM) + "H" + (WIDTH - RIGHT)
                + "\" fill=\"none\" stroke=\"#555\"/>");
        for (int tick = 0; tick <= TICKS; tick++) {
            double share = (double) tick / TICKS;
            text(LEFT - 6, y(share) + 4, "end", String.format(Locale.ROOT, "%.2f", share * mostY));
            text(x(share), HEIGHT - BOTTOM + 16, "middle", String.format(Locale.ROOT, "%.0f", share * mostX));
        }
        text(LEFT - 6, TOP - 4, "end", "s");
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < fit.length; i++) {
            line.append(i == 0 ? "M" : "L").append(number(x(series.x()[i] / mostX))).append(' ')
                    .append(number(y(fit[i] / mostY)));
        }
        add("<path d=\"" + line + "\" fill=\"none\" stroke=\"#888\" stroke-dasharray=\"4 3\"/>");
        for (int i = 0; i < fit.length; i++) {
            add("<circle cx=\"" + number(x(series.x()[i] / mostX)) + "\" cy=\""
                    + number(y(series.seconds()[i] / mostY)) + "\" r=\"3.5\" fill=\"#1f6f8b\"/>");
        }
        text(WIDTH / 2.0, HEIGHT - BOTTOM + 34, "middle",
                "at most " + Math.round(100 * series.deviation()) + " % off the line");
    }

    private static double x(double share) {
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double share) {
        return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
    }

    private void text(double x, double y, String anchor, String text) {
        add("<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\">"
                + text.replace("&", "&amp;").replace("<", "&lt;") + "</text>");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private void add(String line) {
        svg.append(line).append('\n');
    }
}
