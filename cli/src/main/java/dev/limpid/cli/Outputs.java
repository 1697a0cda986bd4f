package dev.limpid.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Where a command's documents go, besides the terminal.
 *
 * @param files those to write
 * @param jsonToStandardOutput whether JSON goes to standard output
 */
record Outputs(List<OutputFile> files, boolean jsonToStandardOutput) {
    private static final String JSON = "--json";

    Outputs {
        files = List.copyOf(files);
    }

    /**
     * As the options name them, found writable.
     *
     * @param json {@code --json}, {@code -} for standard output, or null
     * @param inputs files the command reads, which it is not to overwrite
     * @param files of the other options; those without a path are not wanted
     * @throws UsageException if one cannot be written, or two are the same file
     */
    static Outputs of(String json, List<Path> inputs, OutputFile... files) {
        boolean standard = "-".equals(json);
        OutputFile jsonFile = new OutputFile(JSON, json == null || standard ? null : Path.of(json));
        Outputs outputs = new Outputs(Stream.concat(Stream.of(files), Stream.of(jsonFile))
                .filter(file -> file.path() != null).toList(), standard);
        outputs.check(inputs);
        return outputs;
    }

    private void check(List<Path> inputs) {
        for (OutputFile file : files) {
            file.check();
            if (inputs.stream().anyMatch(file::isSameAs)) {
                throw new UsageException(file.option() + " " + file.path()
                        + " is a file that is read; name another");
            }
        }
        for (int i = 0; i < files.size(); i++) {
            OutputFile file = files.get(i);
            for (OutputFile other : files.subList(i + 1, files.size())) {
                if (file.isSameAs(other.path())) {
                    throw new UsageException(file.option() + " and " + other.option() + " both name " + file.path()
                            + "; name two files");
                }
            }
        }
    }

    /** Whether a file is to be written by this option. */
    boolean wants(String option) {
        return files.stream().anyMatch(file -> file.option().equals(option));
    }

    /** Whether JSON is wanted, in a file or on standard output. */
    boolean wantsJson() {
        return jsonToStandardOutput || wants(JSON);
    }

    /**
     * Makes all that is wanted and then writes it, JSON for standard output last: it says that all is done.
     *
     * @param document makes the bytes of the document that an option names
     */
    void write(Terminal terminal, Function<String, byte[]> document) {
        Map<OutputFile, byte[]> documents = new LinkedHashMap<>();
        files.forEach(file -> documents.put(file, document.apply(file.option())));
        String printed = jsonToStandardOutput ? new String(document.apply(JSON), StandardCharsets.UTF_8) : "";
        documents.forEach(OutputFile::write);
        if (jsonToStandardOutput) {
            terminal.print(printed);
        }
    }
}
