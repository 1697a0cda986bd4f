package dev.limpid.cli.batch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The file a run appends its lines to: {@code {"line": 17, "run": "…", …}}, where {@code line} is the number of the input line and {@code run} the fingerprint.
 *
 * <p>A line is written at once. If the process is killed, the file ends in whole lines and perhaps one torn one; opening it again cuts that off.
 */
final class BatchOutput implements AutoCloseable {
    private static final int BLOCK = 1 << 13;
    /** More than the first two keys of a line take. */
    private static final int HEAD = 128;
    private static final byte[] BEGIN = "{\"line\":".getBytes(StandardCharsets.US_ASCII);

    private final Path path;
    private final FileChannel channel;
    private final String run;
    private long lastLine;

    private BatchOutput(Path path, FileChannel channel, String run) {
        this.path = path;
        this.channel = channel;
        this.run = run;
    }

    /**
     * Opens a new file, or one that the same run wrote to before.
     *
     * @param overwrite whether to begin anew, whatever the file holds
     * @throws BatchException if it cannot be written, another process writes it, or it was not written by the same run
     */
    static BatchOutput open(Path path, String run, boolean overwrite) {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new BatchException(
                    "--output " + path + " is no regular file, which alone can be continued; name one");
        }
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            BatchOutput output = new BatchOutput(path, channel, run);
            try {
                output.lock();
                output.prepare(overwrite);
                return output;
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    private void lock() throws IOException {
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            throw new BatchException(lockedMessage(), e);
        }
        throw new BatchException(lockedMessage());
    }

    private String lockedMessage() {
        return "--output " + path + " is being written by another run of limpid; wait for it or name another file";
    }

    private void prepare(boolean overwrite) throws IOException {
        long end = overwrite ? 0 : afterLastLineFeed(channel.size());
        if (!overwrite && end == 0) {
            requireTornBeginning();
        }
        if (end > 0) {
            lastLine = lineOfRecord(afterLastLineFeed(end - 1), end);
        }
        channel.truncate(end);
        channel.position(end);
    }

    /** Number of the input line that the last whole line of the file belongs to; 0 if there is none. */
    long lastLine() {
        return lastLine;
    }

    /** The position after the last line feed before {@code end}; 0 if there is none. */
    private long afterLastLineFeed(long end) throws IOException {
        for (long to = end; to > 0; to -= BLOCK) {
            long from = Math.max(0, to - BLOCK);
            byte[] block = read(from, (int) (to - from));
            for (int i = block.length - 1; i >= 0; i--) {
                if (block[i] == '\n') {
                    return from + i + 1;
                }
            }
        }
        return 0;
    }

    private byte[] read(long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) > 0) {
            // A channel may give less than is asked for.
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** A file without a whole line is cut off only if it holds nothing but the beginning of one. */
    private void requireTornBeginning() throws IOException {
        byte[] start = read(0, (int) Math.min(BEGIN.length, channel.size()));
        if (!Arrays.equals(start, Arrays.copyOf(BEGIN, start.length))) {
            throw foreign();
        }
    }

    private long lineOfRecord(long from, long to) throws IOException {
        byte[] head = read(from, (int) Math.min(HEAD, to - from));
        try (JsonParser json = new JsonFactory().createParser(head)) {
            boolean line = json.nextToken() == JsonToken.START_OBJECT && "line".equals(json.nextFieldName())
                    && json.nextToken() == JsonToken.VALUE_NUMBER_INT;
            long number = line ? json.getLongValue() : 0;
            if (line && "run".equals(json.nextFieldName())) {
                if (run.equals(json.nextTextValue())) {
                    return number;
                }
                throw new BatchException("--output " + path + " was begun with another input, model or options;"
                        + " repeat them to continue it, name another file, or write it anew with --overwrite");
            }
        } catch (IOException e) {
            throw foreign();
        }
        throw foreign();
    }

    private BatchException foreign() {
        return new BatchException("--output " + path + " exists and is not the output of such a run;"
                + " name another file, or replace it with --overwrite");
    }

    /**
     * Appends a line.
     *
     * @param document a JSON object on one line, whose keys are to follow the line's number
     * @throws BatchException if that fails
     */
    void append(long line, String document) {
        String keys = document.strip().substring(1);
        String text = "{\"line\":" + line + ",\"run\":\"" + run + "\"," + keys + "\n";
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw unwritable(path, e);
        }
        lastLine = line;
    }

    private static BatchException unwritable(Path path, IOException e) {
        String problem = e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.getMessage();
        return new BatchException("--output " + path + " cannot be written: " + problem
                + "; the same command continues it once that is mended", e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }
}
