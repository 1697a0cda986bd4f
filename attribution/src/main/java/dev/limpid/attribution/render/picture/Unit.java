package dev.limpid.attribution.render.picture;

import java.util.Locale;

/** What a picture gives one colour to. */
public enum Unit {
    /** Every pixel. */
    PIXELS,
    /** Every patch of the model: the sum of its pixels' attributions, drawn as a block. */
    PATCHES;

    /** The name used in options: {@code patches}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
