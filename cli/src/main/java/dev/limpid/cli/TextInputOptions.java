package dev.limpid.cli;

import java.util.Map;
import picocli.CommandLine.Option;

/** The option that holds a text. */
final class TextInputOptions {
    @Option(names = "--text", paramLabel = "T", description = "The text.")
    private String text;

    /**
     * The text under its name in files of inputs; nothing if it is not given.
     *
     * @throws UsageException if it has no words
     */
    Map<String, String> given() {
        return text == null
                ? Map.of()
                : Map.of(TextTask.TEXT, Arguments.requireWords("--text", Arguments.requireDecoded("--text", text)));
    }
}
