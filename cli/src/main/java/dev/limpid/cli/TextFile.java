package dev.limpid.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file of text in UTF-8, strictly: what is not UTF-8 is refused, with its place, instead of replaced. */
final class TextFile {
    private static final int LARGEST = 256 << 20;

    private TextFile() {}

    /**
     * The text, without a leading byte order mark.
     *
     * @throws UsageException if it cannot be read or is not UTF-8
     */
    static String read(Path file, String option) {
        byte[] bytes = bytes(file, option);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new UsageException(option + " " + file + " is not UTF-8: byte "
                    + "0x%02X at offset %d".formatted(bytes[in.position()], in.position())
                    + " begins no valid character; convert the file to UTF-8");
        }
        String text = out.flip().toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static byte[] bytes(Path file, String option) {
        if (Files.isDirectory(file)) {
            throw new UsageException(option + " " + file + " is a folder; name a file of text");
        }
        try {
            if (Files.exists(file) && Files.size(file) > LARGEST) {
                throw new UsageException(option + " " + file + " has " + Files.size(file)
                        + " bytes, more than the 256 MiB that are read; split it");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UsageException(option + " " + file + " cannot be read: " + FileProblem.of(e), e);
        }
    }
}
