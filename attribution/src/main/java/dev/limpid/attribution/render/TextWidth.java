package dev.limpid.attribution.render;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.List;

/** How many columns a terminal gives to a text: two for a CJK character or an emoji, none for a mark that sits on the character before it. */
final class TextWidth {
    private TextWidth() {}

    /** Columns of {@code text}, which holds no control characters. */
    static int of(String text) {
        return text.codePoints().map(TextWidth::of).sum();
    }

    /** {@code text} in parts of at most {@code width} columns (one wide character may stand alone); an empty text is one empty part. */
    static List<String> split(String text, int width) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        int columns = 0;
        for (int i = 0; i < text.length();) {
            int c = text.codePointAt(i);
            if (i > from && columns + of(c) > width) {
                parts.add(text.substring(from, i));
                from = i;
                columns = 0;
            }
            columns += of(c);
            i += Character.charCount(c);
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static int of(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(c) ? 2 : 1;
        };
    }

    private static boolean isWide(int c) {
        boolean wideForm = (c >= 0x3000 && c <= 0x303E) || (c >= 0xFF01 && c <= 0xFF60) || (c >= 0xFFE0 && c <= 0xFFE6);
        boolean halfForm = c >= 0xFF61 && c <= 0xFFDC;
        return wideForm || Character.isEmojiPresentation(c) || (!halfForm && switch (UnicodeScript.of(c)) {
            case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO, YI -> true;
            default -> false;
        });
    }
}
