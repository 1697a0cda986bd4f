package dev.limpid.tokenizer;

import java.util.Arrays;

/**
 * A text as code points, each with the range of the original text (UTF-16 units) that it came from.
 *
 * <p>Ranges never go backwards: both ends are monotone along the text, whatever was removed, added or reordered.
 */
final class AlignedText {
    private int[] codePoints;
    private int[] starts;
    private int[] ends;
    private int length;

    AlignedText(int capacity) {
        codePoints = new int[capacity];
        starts = new int[capacity];
        ends = new int[capacity];
    }

    /** {@code text} itself; an unpaired surrogate, which UTF-8 cannot hold, reads as U+FFFD. */
    static AlignedText of(String text) {
        AlignedText out = new AlignedText(text.length());
        for (int i = 0; i < text.length();) {
            int codePoint = text.codePointAt(i);
            int width = Character.charCount(codePoint);
            boolean unpaired = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
            out.add(unpaired ? 0xFFFD : codePoint, i, i + width);
            i += width;
        }
        return out;
    }

    void add(int codePoint, int start, int end) {
        if (length == codePoints.length) {
            int capacity = Math.max(16, length + (length >> 1));
            codePoints = Arrays.copyOf(codePoints, capacity);
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
        }
        codePoints[length] = codePoint;
        starts[length] = start;
        ends[length] = end;
        length++;
    }

    int length() {
        return length;
    }

    int codePoint(int index) {
        return codePoints[index];
    }

    int start(int index) {
        return starts[index];
    }

    int end(int index) {
        return ends[index];
    }

    String substring(int from, int to) {
        return new String(codePoints, from, to - from);
    }
}
