package dev.limpid.cli.batch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The work from the first record that is not done to the last. Records are explained together, as many as take some seconds: enough to gain by it, and few enough to lose when
 * the process is killed.
 */
public final class BatchRun implements AutoCloseable {
    private static final int MOST = 256;
    private static final long MOST_CHARACTERS = 1 << 18;
    private static final long SHORT_NANOS = 4_000_000_000L;
    private static final long LONG_NANOS = 16_000_000_000L;

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

    /** Explains the fields of each of some records by a JSON object on one line. */
    @FunctionalInterface
    public interface Work {
        /**
         * The documents of the records, in their order.
         *
         * @throws BadRecordException if one of them cannot be explained; the others are then asked for without it
         */
        List<String> explain(List<Map<String, String>> records) throws BadRecordException;
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
        int most = 1;
        while (next != null) {
            long start = System.nanoTime();
            List<BatchRecord> window = new ArrayList<>();
            for (long characters = 0; next != null && window.size() < most
                    && characters < MOST_CHARACTERS; next = read()) {
                window.add(next);
                characters += next.fields().values().stream().mapToLong(String::length).sum();
            }
            List<Outcome> outcomes = explain(work, window);
            for (int i = 0; i < window.size(); i++) {
                long line = window.get(i).line();
                Outcome outcome = outcomes.get(i);
                if (outcome.problem == null) {
                    output.append(line, outcome.document);
                    explained++;
                } else {
                    listener.bad(line, outcome.problem);
                    output.append(line,
                            JsonNodeFactory.instance.objectNode().put("error", outcome.problem).toString());
                    bad++;
                }
                listener.progress(line, lines);
            }
            long taken = System.nanoTime() - start;
            most = Math.clamp(taken < SHORT_NANOS ? 2L * most : taken > LONG_NANOS ? most / 2 : most, 1, MOST);
        }
        return new Summary(begin, explained, bad);
    }

    /** The document of a record, or why there is none. */
    private record Outcome(String document, String problem) {}

    private static List<Outcome> explain(Work work, List<BatchRecord> records) {
        List<Outcome> explained = explainGood(work,
                records.stream().filter(record -> record.problem() == null).toList());
        Iterator<Outcome> good = explained.iterator();
        return records.stream().map(record -> record.problem() == null
                ? good.next()
                : new Outcome(null, record.problem())).toList();
    }

    /** All at once, or where one of them is bad, each half by itself. */
    private static List<Outcome> explainGood(Work work, List<BatchRecord> records) {
        if (records.isEmpty()) {
            return List.of();
        }
        try {
            return work.explain(records.stream().map(BatchRecord::fields).toList()).stream()
                    .map(document -> new Outcome(document, null)).toList();
        } catch (BadRecordException e) {
            if (records.size() == 1) {
                return List.of(new Outcome(null, e.getMessage()));
            }
            int half = records.size() / 2;
            List<Outcome> outcomes = new ArrayList<>(explainGood(work, records.subList(0, half)));
            outcomes.addAll(explainGood(work, records.subList(half, records.size())));
            return outcomes;
        }
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
