package dev.limpid.attribution.render;

/**
 * What the document of a text's explanation is to hold beside what it always holds.
 *
 * @param words whether each explanation has the list of its words too, with the sum of their tokens
 */
public record TextDetails(boolean words) {
    /** Tokens only. */
    public static final TextDetails TOKENS = new TextDetails(false);

    /** Words too. */
    public static final TextDetails WORDS = new TextDetails(true);
}
