package dev.limpid.cli.batch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The work from the first record that is not done to the last. */
public final class BatchRun implements AutoCloseable {
    private final Path file;
    private final BatchInput input;
    private final BatchOutput output;
    private final long lines;
    private final long begin;
    private BatchRecord next;

    private BatchRun(Path file, BatchInput input, BatchOutput output, long lines) throws IOException {
        this.file = file;
        this.input = input;
        this.output = output;
        this.lines = lines;
        this.begin = output.lastLine();
        next = input.next();
        while (next != null && next.line() <= begin) {
            next = input.next();
        }
    }

    /** Told of what happens. */
    public interface Listener {
        /** {@code done} of {@code lines} are finished. */
        void progress(long done, long lines);

        /** A record cannot be explained. */
        void bad(long line, String problem);
    }

    /**
     * What was done.
     *
     * @param before number of the line up to which it was done before; 0 for none
     * @param explained records explained now
     * @param bad records found now that cannot be explained
     */
    public record Summary(long before, long explained, long bad) {}

    /** An input that cannot be explained, told in a sentence; made of an exception by whoever knows which of them are the input's fault. */
    public static final class BadRecordException extends Exception {
        private static final long serialVersionUID = 1L;

        public BadRecordException(String problem, Throwable cause) {
            super(problem, cause);
        }
    }

    /** Explains a record's fields by a JSON object on one line. */
    @FunctionalInterface
    public interface Work {
        String explain(Map<String, String> fields) throws BadRecordException;
    }

    /**
     * Opens both files.
     *
     * @param fields the fields every record must have
     * @param options fingerprint of all but the input's content
     * @param overwrite whether to begin anew
     * @throws BatchException if one cannot be used
     */
    public static BatchRun open(Path file, List<String> fields, Path output, Fingerprint options, boolean overwrite) {
        fields.forEach(options::add);
        long lines = options.addContent(file);
        BatchInput input = BatchInput.open(file, fields);
        BatchOutput out = null;
        try {
            out = BatchOutput.open(output, options.value(), overwrite);
            return new BatchRun(file, input, out, lines);
        } catch (IOException | RuntimeException e) {
            close(file, input, out);
            throw e instanceof IOException io ? BatchInput.unreadable(file, io) : (RuntimeException) e;
        }
    }

    private static void close(Path file, BatchInput input, BatchOutput output) {
        try (BatchInput _ = input; BatchOutput _ = output) {
            // Closed in turn, the output first.
        } catch (IOException e) {
            throw BatchInput.unreadable(file, e);
        }
    }

    /** Whether every record was done before. */
    public boolean isFinished() {
        return next == null;
    }

    /**
     * Does the work.
     *
     * @throws BatchException if a file cannot be read or written any more; what is written is kept
     */
    public Summary run(Work work, Listener listener) {
        long explained = 0;
        long bad = 0;
        for (; next != null; next = read()) {
            String problem = next.problem();
            if (problem == null) {
                try {
                    output.append(next.line(), work.explain(next.fields()));
                    explained++;
                } catch (BadRecordException e) {
                    problem = e.getMessage();
                }
            }
            if (problem != null) {
                listener.bad(next.line(), problem);
                output.append(next.line(), JsonNodeFactory.instance.objectNode().put("error", problem).toString());
                bad++;
            }
            listener.progress(next.line(), lines);
        }
        return new Summary(begin, explained, bad);
    }

    private BatchRecord read() {
        try {
            return input.next();
        } catch (IOException e) {
            throw BatchInput.unreadable(file, e);
        }
    }

    @Override
    public void close() {
        close(file, input, output);
    }
}
