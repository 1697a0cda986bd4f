package dev.limpid.cli.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records of comma-separated values (RFC 4180), the first of which names the columns; a value in quotes may hold commas, line ends, and quotes written twice.
 *
 * <p>Where a quote is never closed, the line it stands on is bad, and reading goes on with the line after it instead of taking all that follows for one value.
 */
final class CsvRecords implements BatchInput {
    /** Characters that are looked through for the end of a value. */
    private static final int FARTHEST = 1 << 20;

    private static final ObjectReader READER = CsvMapper.builder().enable(CsvParser.Feature.WRAP_AS_ARRAY).build()
            .readerFor(String[][].class);

    private final NumberedLines lines;
    private final List<String> fields;
    private final Deque<NumberedLines.Line> ahead = new ArrayDeque<>();
    private List<String> columns;

    private CsvRecords(NumberedLines lines, List<String> fields) {
        this.lines = lines;
        this.fields = fields;
    }

    /** @throws BatchException if the first record does not name all fields */
    static CsvRecords open(Path file, NumberedLines lines, List<String> fields) throws IOException {
        CsvRecords records = new CsvRecords(lines, fields);
        Row header = records.row();
        records.columns = header == null || header.problem() != null ? List.of() : header.values();
        for (String field : fields) {
            if (!records.columns.contains(field)) {
                lines.close();
                throw new BatchException(
                        "--input " + file + " has no column " + field + "; name the columns in its first"
                                + " line, with commas between: " + String.join(",", fields));
            }
        }
        return records;
    }

    private record Row(long line, List<String> values, String problem) {}

    @Override
    public BatchRecord next() throws IOException {
        Row row = row();
        if (row == null) {
            return null;
        }
        if (row.problem() != null) {
            return BatchRecord.bad(row.line(), row.problem());
        }
        if (row.values().size() != columns.size()) {
            return BatchRecord.bad(row.line(), "the line has " + row.values().size() + " values for " + columns.size()
                    + " columns; put values with commas into quotes");
        }
        Map<String, String> found = new LinkedHashMap<>();
        for (String field : fields) {
            String value = row.values().get(columns.indexOf(field));
            if (value.isBlank()) {
                return BatchRecord.bad(row.line(), "the field " + field + " is empty");
            }
            found.put(field, value);
        }
        return BatchRecord.of(row.line(), found);
    }

    private Row row() throws IOException {
        NumberedLines.Line first = ahead.isEmpty() ? lines.next() : ahead.removeFirst();
        if (first == null) {
            return null;
        }
        if (first.problem() != null) {
            return new Row(first.number(), null, first.problem());
        }
        if (first.text().isBlank()) {
            return new Row(first.number(), null, "the line is empty");
        }
        String text = whole(first);
        if (text == null) {
            return new Row(first.number(), null,
                    "a quote is opened that is never closed; write a quote in a value twice");
        }
        try {
            String[][] rows = READER.readValue(text);
            return new Row(first.number(), List.of(rows[0]), null);
        } catch (JsonProcessingException e) {
            return new Row(first.number(), null, "the line is no CSV: a value in quotes ends before the next comma;"
                    + " write a quote in a value twice");
        }
    }

    /** The record that begins with this line, to its end; null where a quote stays open. */
    private String whole(NumberedLines.Line first) throws IOException {
        if (!quoteIsOpenAfter(first.text(), false)) {
            return first.text();
        }
        StringBuilder text = new StringBuilder(first.text());
        Deque<NumberedLines.Line> taken = new ArrayDeque<>();
        while (text.length() < FARTHEST) {
            NumberedLines.Line line = ahead.isEmpty() ? lines.next() : ahead.removeFirst();
            if (line == null) {
                break;
            }
            taken.addLast(line);
            if (line.problem() != null) {
                break;
            }
            text.append('\n').append(line.text());
            if (!quoteIsOpenAfter(line.text(), true)) {
                return text.toString();
            }
        }
        while (!taken.isEmpty()) {
            ahead.addFirst(taken.removeLast());
        }
        return null;
    }

    /** Whether a quote is open at the end of a line; one is opened by a quote that begins a value, and closed by one that is not written twice. */
    private static boolean quoteIsOpenAfter(String line, boolean openBefore) {
        boolean open = openBefore;
        boolean begins = true;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (open && c == '"') {
                boolean twice = i + 1 < line.length() && line.charAt(i + 1) == '"';
                open = twice;
                i += twice ? 1 : 0;
            } else if (!open) {
                open = begins && c == '"';
                begins = c == ',';
            }
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
