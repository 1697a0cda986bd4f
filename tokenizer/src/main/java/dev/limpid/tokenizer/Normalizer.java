package dev.limpid.tokenizer;

/**
 * BERT's normaliser: cleaning, spaces around Chinese characters, accent stripping, lower-casing, in this order.
 *
 * <p>Every character keeps the range of the original text it came from. Inserted characters share the range of the one
 * they stem from, and removed ones leave a gap. The result equals that of {@code BertNormalizer} in Hugging Face's
 * {@code tokenizers}.
 *
 * @param cleanText drops control characters and makes every white space a plain space
 * @param handleChineseChars puts a space before and after every CJK ideograph
 * @param stripAccents decomposes canonically (NFD) and drops non-spacing marks
 * @param lowercase maps every code point to lower case by itself, without context
 */
record Normalizer(boolean cleanText, boolean handleChineseChars, boolean stripAccents, boolean lowercase) {
    private static final CharacterTables TABLES = CharacterTables.INSTANCE;

    /** The same where accents may be stripped exactly when lower-casing: {@code stripAccents} null. */
    static Normalizer of(boolean cleanText, boolean handleChineseChars, Boolean stripAccents, boolean lowercase) {
        boolean strip = stripAccents == null ? lowercase : stripAccents;
        return new Normalizer(cleanText, handleChineseChars, strip, lowercase);
    }

    /** The normal form of {@code text} between two indices; ranges still refer to the original text. */
    AlignedText normalize(AlignedText text, int from, int to) {
        AlignedText out = new AlignedText(to - from);
        CombiningMarks marks = new CombiningMarks();
        for (int i = from; i < to; i++) {
            int c = text.codePoint(i);
            int start = text.start(i);
            int end = text.end(i);
            if (cleanText) {
                if (TABLES.isRemoved(c)) {
                    continue;
                }
                c = TABLES.isWhitespace(c) ? ' ' : c;
            }
            if (handleChineseChars && TABLES.isChinese(c)) {
                decompose(' ', start, end, marks, out);
                decompose(c, start, end, marks, out);
                decompose(' ', start, end, marks, out);
            } else {
                decompose(c, start, end, marks, out);
            }
        }
        flush(marks, out);
        return out;
    }

    private void decompose(int c, int start, int end, CombiningMarks marks, AlignedText out) {
        if (!stripAccents) {
            lowerCase(c, start, end, out);
        } else if (!TABLES.decomposes(c)) {
            reorder(c, true, start, end, marks, out);
        } else {
            int[] parts = TABLES.decomposition(c);
            for (int k = 0; k < parts.length; k++) {
                reorder(parts[k], k == 0, start, end, marks, out);
            }
        }
    }

    private void reorder(int c, boolean first, int start, int end, CombiningMarks marks, AlignedText out) {
        int combiningClass = TABLES.combiningClass(c);
        if (combiningClass != 0) {
            marks.add(c, combiningClass, first, start, end);
        } else {
            flush(marks, out);
            dropMark(c, start, end, out);
        }
    }

    private void flush(CombiningMarks marks, AlignedText out) {
        if (marks.isEmpty()) {
            return;
        }
        marks.order();
        for (int i = 0; i < marks.size(); i++) {
            dropMark(marks.codePoint(i), marks.start(i), marks.end(i), out);
        }
        marks.clear();
    }

    private void dropMark(int c, int start, int end, AlignedText out) {
        if (!TABLES.isNonspacingMark(c)) {
            lowerCase(c, start, end, out);
        }
    }

    private void lowerCase(int c, int start, int end, AlignedText out) {
        if (!lowercase || !TABLES.changesInLowerCase(c)) {
            out.add(c, start, end);
        } else {
            for (int lower : TABLES.lowerCase(c)) {
                out.add(lower, start, end);
            }
        }
    }
}
