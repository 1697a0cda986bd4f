package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.AttentionExplanation;
import dev.limpid.attribution.explain.ImageExplanation;
import dev.limpid.attribution.explain.TextExplanation;

/**
 * An explanation as JSON; {@code docs/schema.json} describes it.
 *
 * <p>Positions in texts are in Unicode code points, half-open: {@code [from, to]}. Numbers are the shortest decimals that read back as the same double.
 * Unpaired surrogates, which JSON readers refuse, are replaced by U+FFFD; that moves no position.
 */
public final class JsonDocument {
    private JsonDocument() {}

    /**
     * The document of what a model made of a text, with tokens only.
     *
     * @return indented, one line a token, with a line feed at the end
     * @throws IllegalArgumentException if a number is infinite, or not a number where there must be one, naming it
     */
    public static String of(TextExplanation explanation) {
        return of(explanation, TextDetails.TOKENS);
    }

    /** As {@link #of(TextExplanation)}, with more in it. */
    public static String of(TextExplanation explanation, TextDetails details) {
        return JsonParts.text(new JsonText(explanation, details).document());
    }

    /** As {@link #of(TextExplanation, TextDetails)}, but on one line: a file of such lines holds the documents of many texts. */
    public static String line(TextExplanation explanation, TextDetails details) {
        return JsonParts.line(new JsonText(explanation, details).document());
    }

    /**
     * The document of an image's class.
     *
     * @return indented, with a line feed at the end
     * @throws IllegalArgumentException if a number is infinite, or not a number where there must be one, naming it
     */
    public static String of(ImageExplanation explanation, ImageDetails details) {
        return JsonParts.text(new JsonImage(explanation, details).document());
    }

    /** As {@link #of(ImageExplanation, ImageDetails)}, but on one line: a file of such lines holds the documents of several images. */
    public static String line(ImageExplanation explanation, ImageDetails details) {
        return JsonParts.line(new JsonImage(explanation, details).document());
    }

    /**
     * The document of what a model attended to; the maps of all heads are in a file of their own ({@link AttentionMapFile}), if anywhere.
     *
     * @return indented, one line a token, with a line feed at the end
     * @throws IllegalArgumentException if a number is not finite, naming it
     */
    public static String of(AttentionExplanation explanation, AttentionDetails details) {
        return JsonParts.flatText(new JsonAttention(explanation, details).document());
    }
}
