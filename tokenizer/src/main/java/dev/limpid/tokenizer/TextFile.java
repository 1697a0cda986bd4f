package dev.limpid.tokenizer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads UTF-8 files, refusing bytes that are not UTF-8. */
final class TextFile {
    private TextFile() {}

    static String read(Path file) {
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new TokenizerException(file + " cannot be read: " + e.getClass().getSimpleName() + " "
                    + e.getMessage(), e);
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        try {
            return decoder.decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new TokenizerException(file + " is not valid UTF-8 at byte " + bytes.position()
                    + "; download it again or convert it to UTF-8", e);
        }
    }
}
