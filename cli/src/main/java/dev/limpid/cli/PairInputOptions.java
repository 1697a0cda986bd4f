package dev.limpid.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that hold two texts. */
final class PairInputOptions {
    static final List<String> FIELDS = List.of(TextTask.TEXT, TextTask.PAIR);

    @Mixin
    private TextInputOptions first = new TextInputOptions();

    @Option(names = "--pair", paramLabel = "T2", description = "The second text.")
    private String pair;

    /** As {@link TextInputOptions#given()}. */
    Map<String, String> given() {
        Map<String, String> given = new HashMap<>(first.given());
        if (pair != null) {
            given.put(TextTask.PAIR, Arguments.requireWords("--pair", Arguments.requireDecoded("--pair", pair)));
        }
        return given;
    }
}
