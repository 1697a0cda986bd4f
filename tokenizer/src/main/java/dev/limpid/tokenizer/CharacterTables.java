package dev.limpid.tokenizer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the pinned {@code tokenizers} library makes of every Unicode scalar, read from {@code characters.txt}.
 *
 * <p>Java's own tables belong to another Unicode version and differ from the library's for hundreds of code points, so
 * none of {@link Character}'s classifications is used. {@code reference/tokenizer/tables.py} writes the file by probing
 * the library with every scalar.
 */
final class CharacterTables {
    private static final int REMOVED = 1;
    private static final int WHITESPACE = 1 << 1;
    private static final int PUNCTUATION = 1 << 2;
    private static final int CHINESE = 1 << 3;
    private static final int NONSPACING = 1 << 4;
    private static final int WORD = 1 << 5;
    private static final int LOWER = 1 << 6;
    private static final int DECOMPOSES = 1 << 7;
    private static final int CLASS_SHIFT = 8;

    private static final int PAGE_BITS = 7;
    private static final int PAGE_MASK = (1 << PAGE_BITS) - 1;

    static final CharacterTables INSTANCE = new CharacterTables("characters.txt");

    /** Flags in the low byte, canonical combining class in the high byte; equal pages are one array. */
    private final char[][] pages;
    private final Mappings lower;
    private final Mappings decompositions;

    /** Code points that become other ones, sorted by source, and what they become. */
    private static final class Mappings {
        private final int[] sources;
        private final int[][] images;

        Mappings(SortedMap<Integer, int[]> table) {
            sources = table.keySet().stream().mapToInt(Integer::intValue).toArray();
            images = table.values().toArray(int[][]::new);
        }

        int[] image(int source) {
            return images[Arrays.binarySearch(sources, source)];
        }
    }

    private CharacterTables(String resource) {
        char[] properties = new char[Character.MAX_CODE_POINT + 1];
        SortedMap<Integer, int[]> lowerTable = new TreeMap<>();
        SortedMap<Integer, int[]> decompositionTable = new TreeMap<>();
        try (InputStream in = CharacterTables.class.getResourceAsStream(resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("#")) {
                    continue;
                }
                int tab = line.indexOf('\t');
                String[] values = line.substring(tab + 1).split(" ");
                String section = line.substring(0, tab);
                switch (section) {
                    case "removed" -> mark(values, REMOVED, properties);
                    case "whitespace" -> mark(values, WHITESPACE, properties);
                    case "punctuation" -> mark(values, PUNCTUATION, properties);
                    case "chinese" -> mark(values, CHINESE, properties);
                    case "nonspacing" -> mark(values, NONSPACING, properties);
                    case "word" -> mark(values, WORD, properties);
                    case "combining" -> readClasses(values, properties);
                    case "lower" -> readDeltas(values, lowerTable);
                    case "lowerMany" -> readMappings(values, lowerTable);
                    case "decomposition" -> readMappings(values, decompositionTable);
                    default -> throw new IllegalStateException(resource + " has an unknown section " + section);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lowerTable.keySet().forEach(c -> mark(c, c, LOWER, properties));
        decompositionTable.keySet().forEach(c -> mark(c, c, DECOMPOSES, properties));
        mark(Hangul.FIRST, Hangul.LAST, DECOMPOSES, properties);
        lower = new Mappings(lowerTable);
        decompositions = new Mappings(decompositionTable);
        pages = paged(properties);
    }

    private static void mark(String[] runs, int flag, char[] properties) {
        for (String run : runs) {
            int dash = run.indexOf('-');
            int first = hexadecimal(dash < 0 ? run : run.substring(0, dash));
            int last = dash < 0 ? first : hexadecimal(run.substring(dash + 1));
            mark(first, last, flag, properties);
        }
    }

    private static void mark(int first, int last, int flag, char[] properties) {
        for (int c = first; c <= last; c++) {
            properties[c] = (char) (properties[c] | flag);
        }
    }

    private static void readClasses(String[] values, char[] properties) {
        for (String value : values) {
            int colon = value.indexOf(':');
            int combiningClass = hexadecimal(value.substring(0, colon));
            mark(value.substring(colon + 1).split(","), combiningClass << CLASS_SHIFT, properties);
        }
    }

    /** Runs such as {@code 100-12e/2+1}: every second code point from U+0100 to U+012E becomes the one after it. */
    private static void readDeltas(String[] values, SortedMap<Integer, int[]> table) {
        for (String value : values) {
            int slash = value.indexOf('/');
            int dash = value.indexOf('-');
            int last = hexadecimal(value.substring(dash + 1, slash));
            int step = value.charAt(slash + 1) - '0';
            int delta = hexadecimal(value.substring(slash + 3)) * (value.charAt(slash + 2) == '-' ? -1 : 1);
            for (int c = hexadecimal(value.substring(0, dash)); c <= last; c += step) {
                table.put(c, new int[]{c + delta});
            }
        }
    }

    private static void readMappings(String[] values, SortedMap<Integer, int[]> table) {
        for (String value : values) {
            int colon = value.indexOf(':');
            int[] image = Arrays.stream(value.substring(colon + 1).split("\\+"))
                    .mapToInt(CharacterTables::hexadecimal).toArray();
            table.put(hexadecimal(value.substring(0, colon)), image);
        }
    }

    private static int hexadecimal(String digits) {
        return Integer.parseInt(digits, 16);
    }

    private static char[][] paged(char[] properties) {
        char[][] pages = new char[properties.length >> PAGE_BITS][];
        for (int page = 0; page < pages.length; page++) {
            int from = page << PAGE_BITS;
            char[] content = Arrays.copyOfRange(properties, from, from + PAGE_MASK + 1);
            pages[page] = page > 0 && Arrays.equals(content, pages[page - 1]) ? pages[page - 1] : content;
        }
        return pages;
    }

    private int properties(int codePoint) {
        return pages[codePoint >> PAGE_BITS][codePoint & PAGE_MASK];
    }

    /** Whether clean_text drops the code point: control, format, private-use characters, U+0000 and U+FFFD. */
    boolean isRemoved(int codePoint) {
        return (properties(codePoint) & REMOVED) != 0;
    }

    boolean isWhitespace(int codePoint) {
        return (properties(codePoint) & WHITESPACE) != 0;
    }

    /** Whether the pre-tokenizer makes the code point a word of its own. */
    boolean isPunctuation(int codePoint) {
        return (properties(codePoint) & PUNCTUATION) != 0;
    }

    /** Whether handle_chinese_chars surrounds the code point with spaces. */
    boolean isChinese(int codePoint) {
        return (properties(codePoint) & CHINESE) != 0;
    }

    /** Whether strip_accents drops the code point once the text is decomposed. */
    boolean isNonspacingMark(int codePoint) {
        return (properties(codePoint) & NONSPACING) != 0;
    }

    /** Whether the code point next to an added token with {@code single_word} keeps that token from matching. */
    boolean isWordCharacter(int codePoint) {
        return (properties(codePoint) & WORD) != 0;
    }

    /** Canonical combining class: 0 for a starter, else the key that orders marks after their base. */
    int combiningClass(int codePoint) {
        return properties(codePoint) >> CLASS_SHIFT;
    }

    boolean changesInLowerCase(int codePoint) {
        return (properties(codePoint) & LOWER) != 0;
    }

    /** What a code point for which {@link #changesInLowerCase} holds becomes; not to be modified. */
    int[] lowerCase(int codePoint) {
        return lower.image(codePoint);
    }

    boolean decomposes(int codePoint) {
        return (properties(codePoint) & DECOMPOSES) != 0;
    }

    /** The full canonical decomposition of a code point for which {@link #decomposes} holds; not to be modified. */
    int[] decomposition(int codePoint) {
        boolean hangul = codePoint >= Hangul.FIRST && codePoint <= Hangul.LAST;
        return hangul ? Hangul.decomposition(codePoint) : decompositions.image(codePoint);
    }

    /** Hangul syllables decompose by arithmetic (The Unicode Standard, section 3.12). */
    private static final class Hangul {
        static final int FIRST = 0xAC00;
        static final int LAST = 0xD7A3;
        private static final int TRAILING = 28;
        private static final int PER_LEADING = 21 * TRAILING;

        static int[] decomposition(int codePoint) {
            int syllable = codePoint - FIRST;
            int leading = 0x1100 + syllable / PER_LEADING;
            int vowel = 0x1161 + syllable % PER_LEADING / TRAILING;
            int trailing = syllable % TRAILING;
            return trailing == 0 ? new int[]{leading, vowel} : new int[]{leading, vowel, 0x11A7 + trailing};
        }
    }
}
