package dev.limpid.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command did, run in this process.
 *
 * @param exit the exit status
 * @param out what went to standard output
 * @param err what went to standard error
 */
record Run(int exit, String out, String err) {
    /** A tiny checkpoint for question answering with random weights, and its siblings for other tasks. */
    static final Path QA = golden("qa");

    static Path golden(String name) {
        return Path.of(System.getProperty("limpid.root"), "bert/src/test/resources/golden", name);
    }

    /** Runs a command where nothing is a terminal. */
    static Run limpid(String... args) {
        return limpid(Map.of(), false, args);
    }

    static Run limpid(Map<String, String> environment, boolean terminal, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = LimpidCommand.run(new Terminal(stream(out), stream(err), terminal, terminal, environment), args);
        return new Run(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
