package dev.limpid.attribution.render.picture;

import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.render.Decimals;

/** The colours of a panel from the lowest value to the highest, and the numbers at its ends. */
final class ColourBar {
    private final PictureOptions options;
    private final double scale;

    /** @param scale the magnitude at the end, in the unit of the attributions; 0 where there is nothing to draw */
    ColourBar(PictureOptions options, double scale) {
        this.options = options;
        this.scale = scale;
    }

    /** One row of pixels; those of an overlay are as transparent, on white, as its heat map. */
    RgbPixels pixels(int width) {
        ColourMap colours = options.palette().colours(options.shownSign());
        double opacity = options.view() == View.OVERLAY ? View.asByte(options.opacity()) : 1;
        int[] rgb = new int[width];
        for (int x = 0; x < width; x++) {
            rgb[x] = RgbPixels.mix(colours.at(width == 1 ? 1 : x / (width - 1.0)), 0xffffff, opacity);
        }
        return new RgbPixels(1, width, rgb);
    }

    /** The number at the left end; empty where there is none. */
    String left() {
        return options.shownSign() == Sign.ALL ? signed(-end()) : "0";
    }

    /** The number in the middle; empty where there is none. */
    String middle() {
        return options.shownSign() == Sign.ALL ? "0" : "";
    }

    /** The number at the right end; empty where there is none. */
    String right() {
        return switch (options.shownSign()) {
            case ALL, POSITIVE -> signed(end());
            case NEGATIVE -> signed(-end());
            case ABSOLUTE -> signed(end()).replace("+", "");
        };
    }

    private double end() {
        return options.convention() == Convention.TRANSFORMERS_INTERPRET ? Math.signum(scale) : scale;
    }

    private static String signed(double value) {
        String digits = value == 0 ? "" : Decimals.significant(Math.abs(value));
        return value == 0 ? "" : (value < 0 ? "−" : "+") + digits;
    }
}
