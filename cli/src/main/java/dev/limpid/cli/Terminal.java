package dev.limpid.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Where a command writes, and what can be shown there.
 *
 * @param out the results
 * @param err messages and progress
 * @param outIsTerminal whether a person reads {@code out}
 * @param errIsTerminal whether a person reads {@code err}
 * @param environment the environment variables
 */
record Terminal(PrintStream out, PrintStream err, boolean outIsTerminal, boolean errIsTerminal,
        Map<String, String> environment) {
    private static final int USUAL_WIDTH = 100;

    /** This process's streams. */
    static Terminal standard() {
        return new Terminal(stream(FileDescriptor.out, "stdout.encoding"),
                stream(FileDescriptor.err, "stderr.encoding"),
                isTerminal(1), isTerminal(2), System.getenv());
    }

    /** Whether colours are wanted on {@code out}: see no-color.org. */
    boolean colour() {
        return outIsTerminal && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.get("TERM"));
    }

    /**
     * Writes a command's result.
     *
     * @throws UsageException if it does not arrive whole
     */
    void print(String text) {
        out.print(text);
        out.flush();
        if (out.checkError()) {
            throw new UsageException("standard output was closed before all was written to it");
        }
    }

    /** Columns of the terminal: {@code COLUMNS} where it is set. */
    int width() {
        try {
            int columns = Integer.parseInt(environment.getOrDefault("COLUMNS", "").strip());
            return columns > 0 ? columns : USUAL_WIDTH;
        } catch (NumberFormatException e) {
            return USUAL_WIDTH;
        }
    }

    /** Limpid writes UTF-8, whatever the locale says, except to the console of Windows, which shows its own code page only. */
    private static PrintStream stream(FileDescriptor descriptor, String property) {
        boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
        Charset charset = windows ? Charset.forName(System.getProperty(property)) : StandardCharsets.UTF_8;
        return new PrintStream(new FileOutputStream(descriptor), true, charset);
    }

    /** Java knows only whether input and output both are terminals; Linux tells of each one. */
    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console().isTerminal();
        }
    }
}
