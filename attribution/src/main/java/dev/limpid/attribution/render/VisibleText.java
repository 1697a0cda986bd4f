package dev.limpid.attribution.render;

import java.util.function.IntPredicate;

/** Text from outside, made fit for a document: whatever a format cannot hold or a terminal would obey becomes U+FFFD. */
public final class VisibleText {
    private static final int REPLACEMENT = 0xFFFD;
    private static final String AMONG_BIDI_CONTROLS = "\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";

    private VisibleText() {}

    /** With every unpaired surrogate replaced, so that the text can be encoded as UTF-8; the number of code points stays. */
    static String wellFormed(String text) {
        return replace(text, VisibleText::isSurrogate);
    }

    /**
     * With everything replaced that an HTML document must not contain: unpaired surrogates, noncharacters, and controls other than tab and line feed.
     * Line ends become line feeds, as an HTML parser would make them.
     */
    public static String forMarkup(String text) {
        return replace(text.replace("\r\n", "\n").replace('\r', '\n'), VisibleText::isForbiddenInMarkup);
    }

    /**
     * On one line and without anything a terminal acts on: white space becomes a blank; controls (escape sequences begin with one), bidirectional
     * overrides and what {@link #forMarkup} replaces become U+FFFD.
     */
    static String forTerminal(String text) {
        return replace(text.replaceAll("\\s+", " "), c -> isForbiddenInMarkup(c) || isForbiddenInTerminal(c));
    }

    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    private static boolean isForbiddenInMarkup(int c) {
        boolean noncharacter = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
        boolean control = Character.isISOControl(c) && c != '\t' && c != '\n';
        return control || noncharacter || isSurrogate(c);
    }

    private static boolean isForbiddenInTerminal(int c) {
        return switch (Character.getType(c)) {
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> AMONG_BIDI_CONTROLS.indexOf(c) >= 0;
        };
    }

    private static String replace(String text, IntPredicate unfit) {
        if (text.codePoints().noneMatch(unfit)) {
            return text;
        }
        int[] fit = text.codePoints().map(c -> unfit.test(c) ? REPLACEMENT : c).toArray();
        return new String(fit, 0, fit.length);
    }
}
