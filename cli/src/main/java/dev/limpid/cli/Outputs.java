package dev.limpid.cli;

import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Where a command's documents go, besides the terminal.
 *
 * @param html the page; null for none
 * @param json the JSON; null for none, and where it goes to standard output
 * @param jsonToStandardOutput whether it does
 */
record Outputs(OutputFile html, OutputFile json, boolean jsonToStandardOutput) {
    /**
     * As the options name them, found writable.
     *
     * @param html {@code --html}, or null
     * @param json {@code --json}, {@code -} for standard output, or null
     * @param input a file the command reads, which it is not to overwrite; or null
     * @throws UsageException if one cannot be written, or two are the same file
     */
    static Outputs of(Path html, String json, Path input) {
        boolean standard = "-".equals(json);
        Outputs outputs = new Outputs(html == null ? null : new OutputFile("--html", html),
                json == null || standard ? null : new OutputFile("--json", Path.of(json)), standard);
        outputs.check(input);
        return outputs;
    }

    private void check(Path input) {
        for (OutputFile file : new OutputFile[]{html, json}) {
            if (file == null) {
                continue;
            }
            file.check();
            if (input != null && file.isSameAs(input)) {
                throw new UsageException(file.option() + " " + file.path()
                        + " is the file the context is read from; name another");
            }
        }
        if (html != null && json != null && html.isSameAs(json.path())) {
            throw new UsageException("--html and --json both name " + html.path() + "; name two files");
        }
    }

    /** Writes what is wanted, JSON for standard output last: it says that all is done. */
    void write(Terminal terminal, Supplier<String> htmlText, Supplier<String> jsonText) {
        if (html != null) {
            html.write(htmlText.get());
        }
        if (json != null) {
            json.write(jsonText.get());
        }
        if (jsonToStandardOutput) {
            terminal.print(jsonText.get());
        }
    }
}
