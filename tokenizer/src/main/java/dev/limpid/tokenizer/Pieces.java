package dev.limpid.tokenizer;

import java.util.Arrays;

/** The tokens of one whole text, before anything is added or cut; filled first and only read afterwards. */
final class Pieces {
    private int[] ids = new int[32];
    private String[] tokens = new String[32];
    private int[] starts = new int[32];
    private int[] ends = new int[32];
    private int[] words = new int[32];
    private int size;

    void add(int id, String token, int start, int end, int word) {
        if (size == ids.length) {
            int capacity = size + (size >> 1);
            ids = Arrays.copyOf(ids, capacity);
            tokens = Arrays.copyOf(tokens, capacity);
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
            words = Arrays.copyOf(words, capacity);
        }
        ids[size] = id;
        tokens[size] = token;
        starts[size] = start;
        ends[size] = end;
        words[size] = word;
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
}
