package dev.limpid.attribution.explain;

import dev.limpid.tokenizer.Span;
import java.util.Arrays;

/**
 * A text as transformers-interpret cleans it before it is encoded ({@code _clean_text}): a space is put on each side of {@code . , ! ? ( )}, and every run of
 * two or more white-space characters becomes one space.
 *
 * @param text the result
 * @param origins for each of its UTF-16 units the unit of the original it is, or comes before
 */
record CleanedText(String text, int[] origins) {
    private static final String SPACED = ".,!?()";

    static CleanedText of(String original) {
        CleanedText spaced = spaced(original);
        StringBuilder text = new StringBuilder();
        int[] origins = new int[spaced.text.length()];
        int n = spaced.text.length();
        for (int i = 0; i < n;) {
            int end = i;
            while (end < n && isSpace(spaced.text.charAt(end))) {
                end++;
            }
            origins[text.length()] = spaced.origins[i];
            text.append(end - i > 1 ? ' ' : spaced.text.charAt(i));
            i = Math.max(i + 1, end);
        }
        return new CleanedText(text.toString(), Arrays.copyOf(origins, text.length()));
    }

    private static CleanedText spaced(String original) {
        StringBuilder text = new StringBuilder();
        int[] origins = new int[3 * original.length()];
        for (int i = 0; i < original.length(); i++) {
            char c = original.charAt(i);
            if (SPACED.indexOf(c) < 0) {
                origins[text.length()] = i;
                text.append(c);
            } else {
                Arrays.fill(origins, text.length(), text.length() + 3, i);
                text.append(' ').append(c).append(' ');
            }
        }
        return new CleanedText(text.toString(), Arrays.copyOf(origins, text.length()));
    }

    /** What Python's {@code \s} matches: none of it lies outside the basic plane. */
    private static boolean isSpace(char c) {
        return Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || (c >= '\u001c' && c <= '\u001f')
                || c == '\u0085';
    }

    /** The stretch of the original that a token's stretch of the cleaned text is. */
    Span original(Span cleaned) {
        if (cleaned.start() == cleaned.end()) {
            return new Span(origins[cleaned.start()], origins[cleaned.start()]);
        }
        return new Span(origins[cleaned.start()], origins[cleaned.end() - 1] + 1);
    }
}
