package dev.limpid.attribution.render.attention;

import dev.limpid.attribution.render.picture.RgbPixels;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokens that attend to each other.
 *
 * @param texts of each, for patches of an image what they are called
 * @param sentenceB index of the second sentence's first token, or 0 where there is one sentence
 * @param patches the image that tokens are patches of, or null
 */
public record AttentionTokens(List<String> texts, int sentenceB, Patches patches) {
    /**
     * An image whose patches, row by row, are the tokens from one on.
     *
     * @param image all of it, as the model saw it
     * @param first index of the token that is the first patch
     */
    public record Patches(RgbPixels image, int rows, int columns, int first) {}

    /** @throws IllegalArgumentException if the second sentence or the patches do not fit the tokens */
    public AttentionTokens {
        texts = List.copyOf(texts);
        if (sentenceB < 0 || sentenceB >= texts.size()) {
            throw new IllegalArgumentException(
                    "a second sentence cannot begin at token " + sentenceB + " of " + texts.size());
        }
        if (patches != null && patches.first() + patches.rows() * patches.columns() > texts.size()) {
            throw new IllegalArgumentException("an image of " + patches.rows() + " × " + patches.columns()
                    + " patches from token " + patches.first() + " on does not fit " + texts.size() + " tokens");
        }
    }

    /** One text. */
    public static AttentionTokens of(List<String> texts) {
        return new AttentionTokens(texts, 0, null);
    }

    /** Two texts, by the segment of each token (BERT's {@code token_type_ids}): the second begins at the first token of segment 1, if there is one. */
    public static AttentionTokens of(List<String> texts, int[] typeIds) {
        int start = 0;
        while (start < typeIds.length && typeIds[start] == 0) {
            start++;
        }
        return new AttentionTokens(texts, start < typeIds.length ? start : 0, null);
    }

    /** The patches of an image, after tokens such as [CLS]. */
    public static AttentionTokens of(RgbPixels image, int rows, int columns, List<String> before) {
        List<String> texts = new ArrayList<>(before);
        for (int patch = 0; patch < rows * columns; patch++) {
            texts.add("row " + patch / columns + ", column " + patch % columns);
        }
        return new AttentionTokens(texts, 0, new Patches(image, rows, columns, before.size()));
    }
}
