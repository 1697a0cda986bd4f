package dev.limpid.tokenizer;

import dev.limpid.tokenizer.Template.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts one or two tokenized texts to a length, keeping what was cut off as further windows.
 *
 * <p>Follows the library's truncation, except that the library since 0.23.1 stops tokenizing after {@code maxLength}
 * tokens and so loses most of what should follow (huggingface/tokenizers issue 2091).
 */
final class Windows {
    private final int room;
    private final EncodeOptions options;

    /**
     * @param options what is asked for; its {@code maxLength} is positive
     * @param specialTokens how many tokens of {@code maxLength} are not for text
     */
    Windows(EncodeOptions options, int specialTokens) {
        this.options = options;
        this.room = options.maxLength() - specialTokens;
        if (room < 0) {
            throw new TokenizerException("maxLength is " + options.maxLength() + ", but " + specialTokens
                    + " special tokens are added; use at least " + specialTokens);
        }
    }

    /** For each sequence its windows, first to last; the first ones together make the truncated encoding. */
    List<List<Range>> cut(List<Pieces> sequences) {
        int[] lengths = sequences.stream().mapToInt(Pieces::size).toArray();
        int excess = Arrays.stream(lengths).sum() - room;
        if (excess > 0 && room == 0) {
            Arrays.fill(lengths, 0);
        } else if (excess > 0) {
            switch (options.truncation()) {
                case LONGEST_FIRST -> keepLongestFirst(sequences, lengths);
                case ONLY_FIRST -> keepOnly(0, "first", lengths, excess);
                case ONLY_SECOND -> keepOnly(1, "second", lengths, excess);
                case NONE -> throw new IllegalArgumentException("nothing is to be cut");
            }
        }
        List<List<Range>> windows = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            windows.add(windows(sequences.get(i), lengths[i]));
        }
        return windows;
    }

    /** Replaces the lengths of the sequences by how much of each fits into one window. */
    private void keepLongestFirst(List<Pieces> sequences, int[] lengths) {
        if (lengths.length == 1) {
            lengths[0] = room;
            return;
        }
        // The library compares lengths that it has stopped counting; it shows where both texts are cut and room is odd.
        int first = sequences.get(0).countedUpTo(options.maxLength());
        int second = sequences.get(1).countedUpTo(options.maxLength());
        int shorter = first <= second ? 0 : 1;
        int shorterLength = Math.min(first, second);
        int rest = Math.max(shorterLength, room - shorterLength);
        boolean bothCut = shorterLength + rest > room;
        lengths[shorter] = bothCut ? room / 2 : shorterLength;
        lengths[1 - shorter] = bothCut ? room - room / 2 : rest;
    }

    private void keepOnly(int sequence, String name, int[] lengths, int excess) {
        if (sequence >= lengths.length) {
            throw new TokenizerException("truncation ONLY_SECOND needs a second text, and there is only one; "
                    + "use ONLY_FIRST or LONGEST_FIRST");
        }
        int kept = lengths[sequence] - excess;
        if (kept <= 0) {
            int without = options.maxLength() + excess - lengths[sequence];
            throw new TokenizerException("maxLength is " + options.maxLength() + ", but without the " + name
                    + " text there are already " + without
                    + " tokens; use a greater maxLength, a shorter other text, or another truncation");
        }
        lengths[sequence] = kept;
    }

    private List<Range> windows(Pieces pieces, int length) {
        if (length >= pieces.size()) {
            return List.of(Range.whole(pieces));
        }
        if (length == 0) {
            return List.of(new Range(pieces, 0, 0));
        }
        if (options.stride() >= length) {
            throw new TokenizerException("stride is " + options.stride() + ", but a window holds only " + length
                    + " tokens of the text that is cut; use a stride below " + length);
        }
        List<Range> windows = new ArrayList<>();
        int start = 0;
        while (true) {
            int stop = Math.min(start + length, pieces.size());
            windows.add(new Range(pieces, start, stop));
            if (stop == pieces.size()) {
                return windows;
            }
            start += length - options.stride();
        }
    }

    /**
     * Which windows go together, in the library's order.
     *
     * @param windows for each sequence its windows
     * @param order which sequence stands first in the template
     * @return lists indexed by sequence
     */
    static List<List<Range>> combinations(List<List<Range>> windows, int[] order) {
        if (windows.size() == 1) {
            return windows.getFirst().stream().map(List::of).toList();
        }
        List<Range> outer = windows.get(order[0]);
        List<Range> inner = windows.get(order[1]);
        List<List<Range>> out = new ArrayList<>();
        out.add(together(outer.getFirst(), inner.getFirst(), order));
        for (Range range : outer.subList(1, outer.size())) {
            for (Range other : inner) {
                out.add(together(range, other, order));
            }
        }
        for (Range other : inner.subList(1, inner.size())) {
            out.add(together(outer.getFirst(), other, order));
        }
        return out;
    }

    private static List<Range> together(Range outer, Range inner, int[] order) {
        return order[0] == 0 ? List.of(outer, inner) : List.of(inner, outer);
    }
}
