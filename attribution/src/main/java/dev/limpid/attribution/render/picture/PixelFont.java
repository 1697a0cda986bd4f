package dev.limpid.attribution.render.picture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A font of 5×9 dots for the words in pictures, with all of printable ASCII.
 *
 * <p>Java2D's text needs a font of the system, which containers often lack, and looks different on every machine; this one is data of our own. Accents
 * are left out, a few signs are drawn as their likeness in ASCII, and every other character is drawn as a box: pages and JSON have the whole text.
 */
final class PixelFont {
    /** Dots from the left of a character to the left of the next. */
    static final int ADVANCE = 6;
    /** Dots from the top of capitals to the bottom of a {@code g}. */
    static final int HEIGHT = 9;
    private static final int WIDTH = 5;

    private static final String BOX = "##### #...# #...# #...# #...# #...# #####";
    private static final Map<Integer, String> GLYPHS = read();

    private PixelFont() {}

    /** A line for each character: the character, a space, and its rows from the top, those missing empty. */
    private static Map<Integer, String> read() {
        try (InputStream in = PixelFont.class.getResourceAsStream("pixel-font.txt")) {
            Map<Integer, String> glyphs = new HashMap<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .forEach(line -> glyphs.put(line.codePointAt(0), line.substring(2)));
            return glyphs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text as it can be drawn, on one line. */
    static String drawable(String text) {
        return Normalizer.normalize(text.replaceAll("\\s+", " ").strip(), Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "").replaceAll("[‘’‚ʼ]", "'").replaceAll("[“”„«»]", "\"")
                .replaceAll("[‐‑‒–—]", "-");
    }

    /** Whether the dot in this row and column of a character is set. */
    static boolean isSet(int character, int row, int column) {
        String rows = GLYPHS.getOrDefault(character, BOX);
        int at = row * (WIDTH + 1) + column;
        return column < WIDTH && at < rows.length() && rows.charAt(at) == '#';
    }

    /** Dots from the left of the text to the right of its last character. */
    static int width(String text) {
        int characters = text.codePointCount(0, text.length());
        return characters == 0 ? 0 : characters * ADVANCE - (ADVANCE - WIDTH);
    }

    /** The text on lines no wider than {@code dots}, broken at blanks where it can be; what does not fit on {@code most} lines ends in an ellipsis. */
    static List<String> lines(String text, int dots, int most) {
        int columns = Math.max(1, (dots + ADVANCE - WIDTH) / ADVANCE);
        List<String> lines = new ArrayList<>();
        int[] rest = drawable(text).codePoints().toArray();
        int from = 0;
        while (from < rest.length) {
            int to = end(rest, from, columns);
            if (lines.size() == most - 1 && to < rest.length) {
                int cut = Math.min(rest.length, from + columns - 1);
                lines.add(new String(rest, from, Math.max(0, cut - from)).stripTrailing() + "…");
                return lines;
            }
            lines.add(new String(rest, from, to - from).stripTrailing());
            from = to < rest.length && rest[to] == ' ' ? to + 1 : to;
        }
        return lines;
    }

    /** Where a line that starts at {@code from} ends: at the last blank that lets it fit, or where it is full. */
    private static int end(int[] text, int from, int columns) {
        if (text.length - from <= columns) {
            return text.length;
        }
        for (int to = from + columns; to > from; to--) {
            if (text[to] == ' ') {
                return to;
            }
        }
        return from + columns;
    }
}
