package dev.limpid.tokenizer;

/**
 * A half-open range {@code [start, end)} of a text, in UTF-16 units unless said otherwise.
 *
 * @param start index of the first unit
 * @param end index after the last unit, at least {@code start}
 */
public record Span(int start, int end) {

    /**
     * Refuses a range that is negative or reversed.
     *
     * @throws IllegalArgumentException when {@code start < 0} or {@code end < start}
     */
    public Span {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("a span needs 0 <= start <= end, found [" + start + ", " + end + ")");
        }
    }

    /** The part of {@code original} that this span covers; {@code original} is the text that was encoded. */
    public String of(String original) {
        return original.substring(start, end);
    }

    /**
     * The same range counted in Unicode code points, the unit of Limpid's JSON and of Hugging Face's offsets.
     *
     * <p>Takes time linear in {@code end}; for all spans of a long text use {@link CodePointIndex}.
     *
     * @param original the text that was encoded; an unpaired surrogate counts as one code point
     */
    public Span inCodePoints(String original) {
        int first = original.codePointCount(0, start);
        return new Span(first, first + original.codePointCount(start, end));
    }
}
