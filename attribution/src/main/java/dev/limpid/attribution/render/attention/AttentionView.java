package dev.limpid.attribution.render.attention;

import java.util.Locale;

/** The ways of a page to show attention. */
public enum AttentionView {
    /** The heads of one layer, as lines between tokens. */
    HEAD,
    /** All layers and heads, small, and one of them in detail. */
    MODEL,
    /** One head: queries and keys, their products, and the softmax. */
    NEURON;

    /** Its name on the command line, such as {@code head}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
