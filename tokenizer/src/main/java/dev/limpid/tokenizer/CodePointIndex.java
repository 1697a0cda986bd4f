package dev.limpid.tokenizer;

/** Turns UTF-16 positions of one text into code-point positions, each in constant time after one pass over the text. */
public final class CodePointIndex {
    private final int length;
    /** Code points before each UTF-16 position; null where the text has no surrogate pair and both counts agree. */
    private final int[] codePointsBefore;

    private CodePointIndex(int length, int[] codePointsBefore) {
        this.length = length;
        this.codePointsBefore = codePointsBefore;
    }

    /** Indexes {@code text}; an unpaired surrogate counts as one code point. */
    public static CodePointIndex of(String text) {
        int length = text.length();
        if (text.codePointCount(0, length) == length) {
            return new CodePointIndex(length, null);
        }
        int[] before = new int[length + 1];
        int count = 0;
        for (int i = 0; i < length;) {
            int width = Character.charCount(text.codePointAt(i));
            for (int k = 0; k < width; k++) {
                before[i + k] = count;
            }
            i += width;
            count++;
        }
        before[length] = count;
        return new CodePointIndex(length, before);
    }

    /**
     * Code points before UTF-16 position {@code index}.
     *
     * @throws IndexOutOfBoundsException when {@code index} lies outside the text
     */
    public int codePoint(int index) {
        if (index < 0 || index > length) {
            throw new IndexOutOfBoundsException("position " + index + " lies outside a text of " + length + " units");
        }
        return codePointsBefore == null ? index : codePointsBefore[index];
    }

    /** {@code span} in code points, or null for null (a special token has no span). */
    public Span codePoints(Span span) {
        return span == null ? null : new Span(codePoint(span.start()), codePoint(span.end()));
    }
}
