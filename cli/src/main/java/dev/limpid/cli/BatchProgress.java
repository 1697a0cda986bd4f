package dev.limpid.cli;

import dev.limpid.attribution.Progress;
import dev.limpid.cli.batch.BatchRun;
import java.nio.file.Path;

/** Tells on the error stream how far a file of inputs is explained, and which of its lines are bad. */
final class BatchProgress implements BatchRun.Listener, AutoCloseable {
    private final Path input;
    private final ProgressLine bar;

    BatchProgress(Terminal terminal, Path input) {
        this.input = input;
        this.bar = new ProgressLine(terminal);
    }

    @Override
    public void progress(long done, long lines) {
        bar.update(done, lines);
    }

    @Override
    public void bad(long line, String problem) {
        bar.println(input + ":" + line + ": " + problem.strip().replaceAll("\\s+", " "));
    }

    /** For the work on one input: the bar is about all of them, but what there is to say is said. */
    Progress ofOne() {
        return new Progress() {
            @Override
            public void update(long done, long total) {}

            @Override
            public void notice(String sentence) {
                bar.notice(sentence);
            }
        };
    }

    @Override
    public void close() {
        bar.close();
    }
}
