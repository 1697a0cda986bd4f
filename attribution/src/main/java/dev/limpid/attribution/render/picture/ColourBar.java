package dev.limpid.attribution.render.picture;

import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.render.Decimals;

/** The colours of a panel from the lowest value to the highest, and the numbers at its ends: attributions or, in the transformers-interpret convention, scaled values. */
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

    /** The words at the left end; empty where there are none. */
    String left() {
        if (isScaled()) {
            return Integer.toString(options.shownSign().lowest()).replace('-', '−');
        }
        if (options.shownSign() != Sign.ALL) {
            return "0";
        }
        return scale == 0 ? "" : signed(-scale) + " against";
    }

    /** The words in the middle; empty where there are none. */
    String middle() {
        return options.shownSign() == Sign.ALL ? "0" : "";
    }

    /** The words at the right end; empty where there are none. */
    String right() {
        if (isScaled()) {
            return "1";
        }
        return scale == 0 ? "" : switch (options.shownSign()) {
            case ALL -> "for " + signed(scale);
            case POSITIVE -> signed(scale);
            case NEGATIVE -> signed(-scale);
            case ABSOLUTE -> Decimals.significant(scale);
        };
    }

    /** Whether the numbers are those of a {@link ScaledMap}, as captum has them. */
    private boolean isScaled() {
        return options.convention() == Convention.TRANSFORMERS_INTERPRET;
    }

    private static String signed(double value) {
        return (value < 0 ? "−" : "+") + Decimals.significant(Math.abs(value));
    }
}
