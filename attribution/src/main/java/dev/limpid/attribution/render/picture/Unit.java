package dev.limpid.attribution.render.picture;

/** What a picture gives one colour to. */
public enum Unit {
    /** Every pixel. */
    PIXELS,
    /** Every patch of the model: the sum of its pixels' attributions, drawn as a block. */
    PATCHES
}
