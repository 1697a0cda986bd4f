package dev.limpid.tokenizer;

import java.util.Arrays;

/**
 * The combining marks behind one base character, to be put into canonical order.
 *
 * <p>Ordering moves marks but not ranges. The library replaces the text character by character: a mark that began a
 * character of the text takes the next range in text order, and one that decomposition added shares the range before
 * it, whichever marks these now are.
 */
final class CombiningMarks {
    private static final long INDEX_MASK = 0xFFFFFFFFL;

    private int[] codePoints = new int[8];
    private int[] classes = new int[8];
    private boolean[] firsts = new boolean[8];
    private int[] starts = new int[8];
    private int[] ends = new int[8];
    private int size;

    /** Adds a mark; {@code first} says that it is, or begins the decomposition of, a character of the text. */
    void add(int codePoint, int combiningClass, boolean first, int start, int end) {
        if (size == codePoints.length) {
            codePoints = Arrays.copyOf(codePoints, 2 * size);
            classes = Arrays.copyOf(classes, 2 * size);
            firsts = Arrays.copyOf(firsts, 2 * size);
            starts = Arrays.copyOf(starts, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
        }
        codePoints[size] = codePoint;
        classes[size] = combiningClass;
        firsts[size] = first;
        starts[size] = start;
        ends[size] = end;
        size++;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
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

    void clear() {
        size = 0;
    }

    /** Sorts the marks by combining class, keeping the text's order within a class. */
    void order() {
        int i = 1;
        while (i < size && classes[i - 1] <= classes[i]) {
            i++;
        }
        if (i < size) {
            sort();
        }
    }

    private void sort() {
        long[] keys = new long[size];
        int[] textStarts = new int[size];
        int[] textEnds = new int[size];
        int ranges = 0;
        for (int i = 0; i < size; i++) {
            keys[i] = (long) classes[i] << Integer.SIZE | i;
            if (firsts[i]) {
                textStarts[ranges] = starts[i];
                textEnds[ranges] = ends[i];
                ranges++;
            }
        }
        Arrays.sort(keys);
        int[] unordered = codePoints.clone();
        boolean[] unorderedFirsts = firsts.clone();
        // A mark of the base character's own decomposition may come first; it keeps the base's range.
        int start = starts[0];
        int end = ends[0];
        int next = 0;
        for (int i = 0; i < size; i++) {
            int from = (int) (keys[i] & INDEX_MASK);
            codePoints[i] = unordered[from];
            if (unorderedFirsts[from]) {
                start = textStarts[next];
                end = textEnds[next];
                next++;
            }
            starts[i] = start;
            ends[i] = end;
        }
    }
}
