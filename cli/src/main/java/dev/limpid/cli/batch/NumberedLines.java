package dev.limpid.cli.batch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The lines of a file in UTF-8, one after another, without their ends (line feed, or carriage return and line feed) and without a leading byte order mark.
 *
 * <p>A line that is too long or not UTF-8 is passed on as such, and the lines after it are read as if nothing had happened.
 */
final class NumberedLines implements AutoCloseable {
    /** Bytes of the longest line that is kept in memory. */
    static final int LONGEST = 16 << 20;

    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int from;
    private int to;
    private long number;

    NumberedLines(InputStream in) {
        this.in = in;
    }

    /**
     * A line.
     *
     * @param number from 1
     * @param text without its end; null where it has a problem
     * @param problem why it cannot be read, in a sentence about it; or null
     */
    record Line(long number, String text, String problem) {}

    /** The next line, or null at the end of the file. */
    Line next() throws IOException {
        bytes.reset();
        long length = 0;
        boolean ended = false;
        while (!ended && available()) {
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            ended = end < to;
            length += end - from;
            if (length <= LONGEST) {
                bytes.write(buffer, from, end - from);
            }
            from = ended ? end + 1 : end;
        }
        if (!ended && length == 0) {
            return null;
        }
        number++;
        return length > LONGEST
                ? new Line(number, null, "the line has " + length + " bytes, more than the " + (LONGEST >> 20)
                        + " MiB that are read; shorten it")
                : line(bytes.toByteArray());
    }

    private boolean available() throws IOException {
        if (from == to) {
            from = 0;
            to = Math.max(0, in.read(buffer));
        }
        return from < to;
    }

    private Line line(byte[] line) {
        StrictUtf8 read = StrictUtf8.of(line);
        if (read.text() == null) {
            return new Line(number, null, "the line " + read.problem(line) + "; convert the file to UTF-8");
        }
        String text = read.text();
        boolean mark = number == 1 && text.startsWith("\uFEFF");
        boolean carriageReturn = text.endsWith("\r");
        return new Line(number, text.substring(mark ? 1 : 0, text.length() - (carriageReturn ? 1 : 0)), null);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
