package dev.limpid.vit.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of a file with the name that messages give it, and what all formats need to walk through them.
 *
 * @param bytes the whole file
 * @param name for messages
 */
record Content(byte[] bytes, String name) {
    int length() {
        return bytes.length;
    }

    /** Whether these characters, a byte each, stand at {@code at}. */
    boolean startsWith(int at, String characters) {
        byte[] expected = characters.getBytes(StandardCharsets.ISO_8859_1);
        return at + expected.length <= bytes.length
                && Arrays.equals(bytes, at, at + expected.length, expected, 0, expected.length);
    }

    int unsigned8(int at) {
        require(at, 1);
        return bytes[at] & 0xFF;
    }

    int unsigned16(int at) {
        return unsigned8(at) << 8 | unsigned8(at + 1);
    }

    int unsigned16Little(int at) {
        return unsigned8(at) | unsigned8(at + 1) << 8;
    }

    int unsigned24Little(int at) {
        return unsigned16Little(at) | unsigned8(at + 2) << 16;
    }

    long unsigned32(int at) {
        return (long) unsigned16(at) << 16 | unsigned16(at + 2);
    }

    long unsigned32Little(int at) {
        return unsigned16Little(at) | (long) unsigned16Little(at + 2) << 16;
    }

    /** A copy of a part, which must be there. */
    byte[] part(int from, int length) {
        require(from, length);
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    /** Refuses a file that has not got {@code length} bytes from {@code at} on. */
    void require(int at, long length) {
        if (at + length > bytes.length) {
            throw truncated();
        }
    }

    ImageException truncated() {
        return new ImageException(name + " ends after " + bytes.length
                + " bytes, in the middle of the image: it is truncated; get the file again");
    }

    /** @param what the format and, in brackets, what is wrong */
    ImageException damaged(String what) {
        return new ImageException(name + " is a damaged " + what + "; get the file again, or save it again as PNG");
    }

    ImageException damaged(String what, Throwable cause) {
        return new ImageException(name + " is a damaged " + what + "; get the file again, or save it again as PNG",
                cause);
    }
}
