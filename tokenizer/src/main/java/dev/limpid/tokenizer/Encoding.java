package dev.limpid.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * The tokens of one text or one pair of texts, as a model reads them; every component has one entry a token.
 *
 * <p>Never changes: arrays are copied on the way in and out. For one entry use {@link #id(int)} and its like, which copy
 * nothing.
 */
public final class Encoding {
    private final int[] ids;
    private final int[] typeIds;
    private final int[] attentionMask;
    private final int[] specialTokensMask;
    private final List<String> tokens;
    private final List<Span> spans;
    private final int[] sequences;
    private final int[] words;

    /**
     * An encoding of equally long components, each described at its accessor.
     *
     * @throws IllegalArgumentException when the components differ in length
     */
    public Encoding(int[] ids, int[] typeIds, int[] attentionMask, int[] specialTokensMask, List<String> tokens,
            List<Span> spans, int[] sequences, int[] words) {
        this.ids = ids.clone();
        this.typeIds = typeIds.clone();
        this.attentionMask = attentionMask.clone();
        this.specialTokensMask = specialTokensMask.clone();
        this.tokens = List.copyOf(tokens);
        this.spans = Collections.unmodifiableList(new ArrayList<>(spans));
        this.sequences = sequences.clone();
        this.words = words.clone();
        int[] lengths = {typeIds.length, attentionMask.length, specialTokensMask.length, tokens.size(), spans.size(),
                sequences.length, words.length};
        for (int length : lengths) {
            if (length != ids.length) {
                throw new IllegalArgumentException(
                        "an encoding of " + ids.length + " ids has a component of length " + length);
            }
        }
    }

    /** Number of tokens, padding included. */
    public int length() {
        return ids.length;
    }

    /** The id of token {@code index}. */
    public int id(int index) {
        return ids[index];
    }

    /** The string of token {@code index}. */
    public String token(int index) {
        return tokens.get(index);
    }

    /** Where token {@code index} stands in its original text (UTF-16 units), or null for an added token. */
    public Span span(int index) {
        return spans.get(index);
    }

    /** The text token {@code index} is of: 0, 1, or -1 for an added token. */
    public int sequence(int index) {
        return sequences[index];
    }

    /** Whether token {@code index} was added ([CLS], [SEP], [PAD]). */
    public boolean isSpecial(int index) {
        return specialTokensMask[index] != 0;
    }

    /** Vocabulary ids. */
    public int[] ids() {
        return ids.clone();
    }

    /** The segment of every token: 0 for the first text, 1 for the second, or as the tokenizer's template says. */
    public int[] typeIds() {
        return typeIds.clone();
    }

    /** 1 for a token that the model attends to, 0 for padding. */
    public int[] attentionMask() {
        return attentionMask.clone();
    }

    /** 1 for a token that was added ([CLS], [SEP], [PAD]), 0 for one that stands in a text. */
    public int[] specialTokensMask() {
        return specialTokensMask.clone();
    }

    /** The token strings, continuing pieces with their {@code ##}. */
    public List<String> tokens() {
        return tokens;
    }

    /** Where each token stands in its original text, in UTF-16 units; null for added tokens. */
    public List<Span> spans() {
        return spans;
    }

    /** The text that each token is of: 0, 1, or -1 for added tokens. */
    public int[] sequences() {
        return sequences.clone();
    }

    /**
     * The index of the word in its text that each token is a part of, or -1 for added tokens; punctuation marks, and
     * added-vocabulary tokens found in the text, are words by themselves.
     */
    public int[] words() {
        return words.clone();
    }

    /** This encoding filled up to {@code length} tokens at its end; itself where it is long enough already. */
    Encoding padded(int length, int padId, String padToken) {
        int from = length();
        if (length <= from) {
            return this;
        }
        List<String> paddedTokens = new ArrayList<>(tokens);
        paddedTokens.addAll(Collections.nCopies(length - from, padToken));
        List<Span> paddedSpans = new ArrayList<>(spans);
        paddedSpans.addAll(Collections.nCopies(length - from, null));
        return new Encoding(filled(ids, length, padId), filled(typeIds, length, 0), filled(attentionMask, length, 0),
                filled(specialTokensMask, length, 1), paddedTokens, paddedSpans, filled(sequences, length, -1),
                filled(words, length, -1));
    }

    private static int[] filled(int[] values, int length, int filler) {
        int[] out = Arrays.copyOf(values, length);
        Arrays.fill(out, values.length, length, filler);
        return out;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Encoding that && Arrays.equals(ids, that.ids) && Arrays.equals(typeIds, that.typeIds)
                && Arrays.equals(attentionMask, that.attentionMask)
                && Arrays.equals(specialTokensMask, that.specialTokensMask) && tokens.equals(that.tokens)
                && spans.equals(that.spans) && Arrays.equals(sequences, that.sequences)
                && Arrays.equals(words, that.words);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(ids), Arrays.hashCode(typeIds), tokens, spans);
    }

    @Override
    public String toString() {
        return "Encoding" + tokens;
    }
}
