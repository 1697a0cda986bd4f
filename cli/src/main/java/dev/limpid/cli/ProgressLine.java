package dev.limpid.cli;

import dev.limpid.attribution.Progress;
import java.util.HashSet;
import java.util.Set;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A progress bar on the error stream, for work that takes over a second and only where a person watches; and what else there is to say of the work, each
 * sentence once.
 */
final class ProgressLine implements Progress, AutoCloseable {
    private static final long PATIENCE_NANOS = 1_000_000_000L;
    private static final int WIDEST = 100;

    private final Terminal terminal;
    private final long begin = System.nanoTime();
    private final Set<String> told = new HashSet<>();
    private ProgressBar bar;
    private boolean ended;

    ProgressLine(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public synchronized void update(long done, long total) {
        if (ended || !terminal.errIsTerminal() || System.nanoTime() - begin < PATIENCE_NANOS) {
            return;
        }
        if (bar == null) {
            bar = new ProgressBarBuilder().setTaskName("explaining").setStyle(ProgressBarStyle.ASCII)
                    .setInitialMax(total).setUpdateIntervalMillis(200).clearDisplayOnFinish()
                    .setConsumer(new ConsoleProgressBarConsumer(terminal.err(), Math.min(terminal.width(), WIDEST)))
                    .build();
        }
        bar.maxHint(total);
        bar.stepTo(done);
    }

    @Override
    public synchronized void notice(String sentence) {
        if (told.add(sentence)) {
            println(sentence);
        }
    }

    /** Writes a line, over the bar if there is one, which is drawn again below. */
    synchronized void println(String line) {
        String clear = terminal.errIsTerminal() ? "\r" + " ".repeat(terminal.width() - 1) + "\r" : "";
        terminal.err().println(clear + "limpid: " + line);
    }

    @Override
    public synchronized void close() {
        ended = true;
        if (bar != null) {
            bar.close();
        }
    }
}
