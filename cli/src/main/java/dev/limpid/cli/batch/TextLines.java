package dev.limpid.cli.batch;

import java.io.IOException;
import java.util.Map;

/** A text a line. */
final class TextLines implements BatchInput {
    private final NumberedLines lines;
    private final String field;

    TextLines(NumberedLines lines, String field) {
        this.lines = lines;
        this.field = field;
    }

    @Override
    public BatchRecord next() throws IOException {
        NumberedLines.Line line = lines.next();
        if (line == null) {
            return null;
        }
        if (line.problem() != null) {
            return BatchRecord.bad(line.number(), line.problem());
        }
        return line.text().isBlank()
                ? BatchRecord.bad(line.number(), "the line is empty")
                : BatchRecord.of(line.number(), Map.of(field, line.text()));
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
