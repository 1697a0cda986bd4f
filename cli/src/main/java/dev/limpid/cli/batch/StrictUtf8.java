package dev.limpid.cli.batch;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Bytes read as UTF-8: what is not UTF-8 is told, with its place, instead of replaced.
 *
 * @param text the text; null where the bytes are not UTF-8
 * @param offset of the first byte that begins no valid character; −1 where there is none
 */
public record StrictUtf8(String text, int offset) {
    public static StrictUtf8 of(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        return result.isError()
                ? new StrictUtf8(null, in.position())
                : new StrictUtf8(out.flip().toString(), -1);
    }

    /** What is wrong with the bytes, as the rest of a sentence that names them. */
    public String problem(byte[] bytes) {
        return "is not UTF-8: byte 0x%02X at offset %d begins no valid character".formatted(bytes[offset], offset);
    }
}
