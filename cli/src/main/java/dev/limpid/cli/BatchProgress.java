package dev.limpid.cli;

import dev.limpid.cli.batch.BatchRun;
import java.nio.file.Path;

/** Tells on the error stream how far a file of inputs is explained, and which of its lines are bad. */
final class BatchProgress implements BatchRun.Listener, AutoCloseable {
    private final Terminal terminal;
    private final Path input;
    private final ProgressLine bar;

    BatchProgress(Terminal terminal, Path input) {
        this.terminal = terminal;
        this.input = input;
        this.bar = new ProgressLine(terminal);
    }

    @Override
    public void progress(long done, long lines) {
        bar.update(done, lines);
    }

    @Override
    public void bad(long line, String problem) {
        // On a terminal the bar may stand on the line; it is drawn again below.
        String clear = terminal.errIsTerminal() ? "\r" + " ".repeat(terminal.width() - 1) + "\r" : "";
        terminal.err()
                .println(clear + "limpid: " + input + ":" + line + ": " + problem.strip().replaceAll("\\s+", " "));
    }

    @Override
    public void close() {
        bar.close();
    }
}
