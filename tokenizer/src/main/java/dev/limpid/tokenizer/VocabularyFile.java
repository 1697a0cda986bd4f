package dev.limpid.tokenizer;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Reads {@code vocab.txt}: one token a line, its id the number of the line from 0. */
final class VocabularyFile {
    private static final CharacterTables TABLES = CharacterTables.INSTANCE;

    private VocabularyFile() {}

    /** Every token with its id; of equal lines the last counts, and white space at the end of a line does not. */
    static Map<String, Integer> read(Path file) {
        String content = TextFile.read(file);
        Map<String, Integer> vocabulary = new HashMap<>();
        int id = 0;
        for (int from = 0; from < content.length();) {
            int newline = content.indexOf('\n', from);
            int to = newline < 0 ? content.length() : newline;
            int end = to;
            while (end > from && TABLES.isWhitespace(content.charAt(end - 1))) {
                end--;
            }
            vocabulary.put(content.substring(from, end), id++);
            from = to + 1;
        }
        return vocabulary;
    }
}
