package dev.limpid.cli;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Checks of texts given in the call. */
final class Arguments {
    private Arguments() {}

    /**
     * The text itself, unless it has no words.
     *
     * @throws UsageException if so
     */
    static String requireWords(String option, String text) {
        if (text.isBlank()) {
            throw new UsageException(option + " has no words; give a text with at least one");
        }
        return text;
    }

    /**
     * The text itself, unless Java could not read the call: in the locale C it replaces every letter that is not ASCII before {@code main} begins.
     *
     * @throws UsageException if so
     */
    static String requireDecoded(String option, String text) {
        String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        if (text.indexOf('\uFFFD') >= 0 && !Charset.forName(encoding).equals(StandardCharsets.UTF_8)) {
            throw new UsageException(option + " has letters that Java cannot read in this locale (" + encoding
                    + "); set LC_ALL=C.UTF-8");
        }
        return text;
    }
}
