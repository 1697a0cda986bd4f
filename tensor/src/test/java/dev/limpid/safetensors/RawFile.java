package dev.limpid.safetensors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes files byte by byte, so that tests can break every rule. */
final class RawFile {

    private RawFile() {}

    static Path write(Path directory, String header, int dataBytes) {
        return write(directory, header.getBytes(StandardCharsets.UTF_8), dataBytes);
    }

    static Path write(Path directory, byte[] header, int dataBytes) {
        return write(directory, header.length, header, dataBytes);
    }

    static Path write(Path directory, long length, byte[] header, int dataBytes) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        return write(directory, bytes.putLong(length).put(header).array());
    }

    static Path write(Path directory, byte[] bytes) {
        try {
            return Files.write(directory.resolve("model.safetensors"), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
