package dev.limpid.tokenizer;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds added tokens in a text: leftmost first, the longest of those that start at the same place.
 *
 * <p>Rejected matches (a {@code singleWord} token inside a word) consume their text all the same, and tokens that strip
 * white space may overlap what lies before or behind; both as in the library.
 */
final class AddedTokenMatcher {
    private static final CharacterTables TABLES = CharacterTables.INSTANCE;

    private final PieceTrie trie = new PieceTrie();
    private final List<AddedToken> tokens = new ArrayList<>();
    private final List<Integer> ids = new ArrayList<>();

    /**
     * A part of a text.
     *
     * @param from index of its first code point
     * @param to index after its last code point
     * @param id the added token it is, or {@link #TEXT}
     */
    record Segment(int from, int to, int id) {
        static final int TEXT = -1;

        boolean isText() {
            return id == TEXT;
        }
    }

    /** Lets {@code token} match wherever {@code pattern} stands. */
    void add(String pattern, AddedToken token, int id) {
        trie.put(pattern, tokens.size());
        tokens.add(token);
        ids.add(id);
    }

    /** Splits the text between two indices into added tokens and what lies between them. */
    List<Segment> split(AlignedText text, int from, int to) {
        List<Segment> segments = new ArrayList<>();
        int done = from;
        for (int i = from; i < to && !tokens.isEmpty();) {
            int length = longestMatch(text, i, to);
            if (length == 0) {
                i++;
                continue;
            }
            int end = i + length;
            int entry = entryAt(text, i, end);
            AddedToken token = tokens.get(entry);
            if (!token.singleWord() || standsAlone(text, i, end, from, to)) {
                int start = token.lstrip() ? Math.max(spaceBefore(text, i, from), done) : i;
                int stop = token.rstrip() ? spaceAfter(text, end, to) : end;
                if (done < start) {
                    segments.add(new Segment(done, start, Segment.TEXT));
                }
                segments.add(new Segment(start, stop, ids.get(entry)));
                done = stop;
            }
            i = end;
        }
        if (done < to) {
            segments.add(new Segment(done, to, Segment.TEXT));
        }
        return segments;
    }

    private int longestMatch(AlignedText text, int from, int to) {
        int node = PieceTrie.ROOT;
        int length = 0;
        for (int i = from; i < to; i++) {
            node = trie.child(node, text.codePoint(i));
            if (node == PieceTrie.NONE) {
                break;
            }
            if (trie.value(node) != PieceTrie.NONE) {
                length = i + 1 - from;
            }
        }
        return length;
    }

    private int entryAt(AlignedText text, int from, int to) {
        int node = PieceTrie.ROOT;
        for (int i = from; i < to; i++) {
            node = trie.child(node, text.codePoint(i));
        }
        return trie.value(node);
    }

    private static boolean standsAlone(AlignedText text, int start, int end, int from, int to) {
        boolean before = start == from || !TABLES.isWordCharacter(text.codePoint(start - 1));
        boolean after = end == to || !TABLES.isWordCharacter(text.codePoint(end));
        return before && after;
    }

    private static int spaceBefore(AlignedText text, int index, int from) {
        int start = index;
        while (start > from && TABLES.isWhitespace(text.codePoint(start - 1))) {
            start--;
        }
        return start;
    }

    private static int spaceAfter(AlignedText text, int index, int to) {
        int end = index;
        while (end < to && TABLES.isWhitespace(text.codePoint(end))) {
            end++;
        }
        return end;
    }
}
