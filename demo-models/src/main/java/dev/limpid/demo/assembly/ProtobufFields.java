package dev.limpid.demo.assembly;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Walks over the fields of one protobuf message.
 *
 * <p>Call {@link #next}, then read the value by its kind or leave it. Source: protobuf.dev, Encoding.
 */
final class ProtobufFields {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final ByteBuffer buffer;
    private int number;
    private int wireType;
    private long varint;
    private ByteBuffer payload;

    ProtobufFields(ByteBuffer message) {
        buffer = message.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Moves to the next field; false at the end of the message. */
    boolean next() {
        if (!buffer.hasRemaining()) {
            return false;
        }
        long tag = readVarint();
        number = Math.toIntExact(tag >>> 3);
        wireType = (int) (tag & 7);
        switch (wireType) {
            case VARINT -> varint = readVarint();
            case FIXED64 -> payload = take(Long.BYTES);
            case LENGTH_DELIMITED -> payload = take(Math.toIntExact(readVarint()));
            case FIXED32 -> payload = take(Integer.BYTES);
            default -> throw new IllegalArgumentException("field " + number + " has the unknown wire type " + wireType);
        }
        return true;
    }

    /** The number of the field that {@link #next} moved to. */
    int number() {
        return number;
    }

    /** The value of an integer field. */
    long integer() {
        require(VARINT);
        return varint;
    }

    /** Whether a repeated integer field comes as one block. */
    boolean isBlock() {
        return wireType == LENGTH_DELIMITED;
    }

    /** The bytes of a string, bytes, message or packed field. */
    ByteBuffer bytes() {
        require(LENGTH_DELIMITED);
        return payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The value of a string field. */
    String text() {
        return StandardCharsets.UTF_8.decode(bytes()).toString();
    }

    private void require(int expected) {
        if (wireType != expected) {
            throw new IllegalArgumentException(
                    "field " + number + " has the wire type " + wireType + " instead of " + expected);
        }
    }

    private ByteBuffer take(int length) {
        if (length < 0 || length > buffer.remaining()) {
            throw new IllegalArgumentException("field " + number + " of " + length + " bytes runs past its message");
        }
        ByteBuffer slice = buffer.slice(buffer.position(), length);
        buffer.position(buffer.position() + length);
        return slice;
    }

    private long readVarint() {
        return readVarint(buffer);
    }

    /** A base-128 number at the buffer's position. */
    static long readVarint(ByteBuffer buffer) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte b = buffer.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number takes more than ten bytes");
    }
}
