package dev.limpid.tokenizer;

import java.util.Arrays;

/** The tokens of one whole text, before anything is added or cut; filled first and only read afterwards. */
final class Pieces {
    private int[] ids = new int[32];
    private String[] tokens = new String[32];
    private int[] starts = new int[32];
    private int[] ends = new int[32];
    private int[] words = new int[32];
    private boolean[] found = new boolean[32];
    private int size;

    /** Adds a piece of a word of the text. */
    void add(int id, String token, int start, int end, int word) {
        add(id, token, start, end, word, false);
    }

    /** Adds a token that was found in the text as such. */
    void addFound(int id, String token, int start, int end, int word) {
        add(id, token, start, end, word, true);
    }

    private void add(int id, String token, int start, int end, int word, boolean asSuch) {
        if (size == ids.length) {
            int capacity = size + (size >> 1);
            ids = Arrays.copyOf(ids, capacity);
            tokens = Arrays.copyOf(tokens, capacity);
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
            words = Arrays.copyOf(words, capacity);
            found = Arrays.copyOf(found, capacity);
        }
        ids[size] = id;
        tokens[size] = token;
        starts[size] = start;
        ends[size] = end;
        words[size] = word;
        found[size] = asSuch;
        size++;
    }

    int size() {
        return size;
    }

    int id(int index) {
        return ids[index];
    }

    String token(int index) {
        return tokens[index];
    }

    Span span(int index) {
        return new Span(starts[index], ends[index]);
    }

    int word(int index) {
        return words[index];
    }

    /** Drops every token from {@code newSize} on. */
    void truncate(int newSize) {
        size = newSize;
    }

    /**
     * How many tokens the library counts when it may stop at {@code limit}: up to the end of the first word that reaches
     * the limit, unless that word is a found token, after which it does not look.
     */
    int countedUpTo(int limit) {
        for (int end = Math.max(limit, 1); end < size; end++) {
            if (words[end] != words[end - 1] && !found[end - 1]) {
                return end;
            }
        }
        return size;
    }
}
