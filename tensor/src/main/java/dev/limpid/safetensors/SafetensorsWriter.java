package dev.limpid.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.limpid.safetensors.SafetensorsException.Reason;
import dev.limpid.tensor.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a safetensors file.
 *
 * <p>Add the tensors, then call {@link #write}. The arrays are not copied: leave them as they are until then. Wider
 * elements come first, so that every tensor lies on a multiple of its element's size; within one size the order is the
 * one of adding. The same calls write the same bytes.
 */
public final class SafetensorsWriter {

    private static final int BUFFER = 1 << 20;
    private static final int ALIGNMENT = 8;

    private record Entry(String name, DType dtype, List<Long> shape, int elements, ElementWriter writer) {}

    /** Puts element {@code i} into the buffer. */
    private interface ElementWriter {
        void put(ByteBuffer buffer, int i);
    }

    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** Adds an entry to {@code __metadata__}. */
    public SafetensorsWriter metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /**
     * Adds a tensor of floats, stored as {@code dtype}: F32 and F64 exactly, F16 and BF16 rounded to nearest even.
     *
     * @throws SafetensorsException {@code WRONG_SHAPE} if the shape does not hold {@code values.length} elements;
     *         {@code WRONG_DTYPE} for integer types; {@code OUT_OF_RANGE} if a finite value would become infinite
     */
    public SafetensorsWriter floats(String name, DType dtype, float[] values, long... shape) {
        ElementWriter writer = switch (dtype) {
            case F64 -> (buffer, i) -> buffer.putDouble(values[i]);
            case F32 -> (buffer, i) -> buffer.putFloat(values[i]);
            case F16 -> (buffer, i) -> buffer.putShort(half(name, values, i));
            case BF16 -> (buffer, i) -> buffer.putShort(brain(name, values, i));
            default -> throw wrongType(name, dtype, "floats");
        };
        return add(name, dtype, values.length, writer, shape);
    }

    /**
     * Adds a tensor of doubles, stored as F64.
     *
     * @throws SafetensorsException {@code WRONG_SHAPE} if the shape does not hold {@code values.length} elements
     */
    public SafetensorsWriter doubles(String name, double[] values, long... shape) {
        return add(name, DType.F64, values.length, (buffer, i) -> buffer.putDouble(values[i]), shape);
    }

    /**
     * Adds a tensor of integers, stored as {@code dtype}.
     *
     * @throws SafetensorsException {@code WRONG_SHAPE} if the shape does not hold {@code values.length} elements;
     *         {@code WRONG_DTYPE} for floating-point types; {@code OUT_OF_RANGE} if a value does not fit
     */
    public SafetensorsWriter longs(String name, DType dtype, long[] values, long... shape) {
        long min = switch (dtype) {
            case I64 -> Long.MIN_VALUE;
            case I32 -> Integer.MIN_VALUE;
            case I16 -> Short.MIN_VALUE;
            case I8 -> Byte.MIN_VALUE;
            case U8, BOOL -> 0;
            default -> throw wrongType(name, dtype, "integers");
        };
        long max = dtype == DType.U8 ? 255 : dtype == DType.BOOL ? 1 : -1 - min;
        ElementWriter writer = switch (dtype.bytes()) {
            case 8 -> (buffer, i) -> buffer.putLong(values[i]);
            case 4 -> (buffer, i) -> buffer.putInt((int) values[i]);
            case 2 -> (buffer, i) -> buffer.putShort((short) values[i]);
            default -> (buffer, i) -> buffer.put((byte) values[i]);
        };
        for (int i = 0; i < values.length; i++) {
            if (values[i] < min || values[i] > max) {
                throw outOfRange(name, dtype, i, Long.toString(values[i]));
            }
        }
        return add(name, dtype, values.length, writer, shape);
    }

    private SafetensorsWriter add(String name, DType dtype, int length, ElementWriter writer, long[] shape) {
        long elements = 1;
        for (long dimension : shape) {
            elements = Math.multiplyExact(elements, dimension);
        }
        if (elements != length || Arrays.stream(shape).anyMatch(d -> d < 0)) {
            throw new SafetensorsException(Reason.WRONG_SHAPE, "tensor '" + name + "' of shape "
                    + TensorInfo.shapeText(shape) + " needs " + elements + " elements but got " + length);
        }
        if (name.equals("__metadata__")
                || entries.putIfAbsent(name,
                        new Entry(name, dtype, Arrays.stream(shape).boxed().toList(), length, writer)) != null) {
            throw new SafetensorsException(Reason.DUPLICATE_KEY, "the name '" + name + "' is taken");
        }
        return this;
    }

    /**
     * Writes the file beside {@code path} and moves it there, so that nobody ever sees half of it.
     *
     * @throws SafetensorsException {@code IO}; {@code OUT_OF_RANGE} if a finite value is too large for F16 or BF16. The
     *         file at {@code path} is then as it was
     */
    public void write(Path path) {
        Path absolute = path.toAbsolutePath();
        Path temporary = absolute.resolveSibling(
                "." + absolute.getFileName() + "." + ProcessHandle.current().pid() + "." + System.nanoTime() + ".tmp");
        try {
            try {
                writeTo(temporary);
                Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new SafetensorsException(Reason.IO, path + " cannot be written: " + e, e);
        }
    }

    /**
     * The file's bytes, for one that is to be written elsewhere; at most 2 GiB.
     *
     * @throws SafetensorsException {@code OUT_OF_RANGE} if a finite value is too large for F16 or BF16
     */
    public byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writeTo(Channels.newChannel(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void writeTo(Path temporary) throws IOException {
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE)) {
            writeTo(channel);
        }
    }

    private void writeTo(WritableByteChannel channel) throws IOException {
        List<Entry> ordered = new ArrayList<>(entries.values());
        ordered.sort(Comparator.comparingInt((Entry entry) -> entry.dtype().bytes()).reversed());
        byte[] header = header(ordered);
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(header.length);
        drain(buffer, channel);
        drain(ByteBuffer.wrap(header).position(header.length), channel);
        for (Entry entry : ordered) {
            for (int i = 0; i < entry.elements(); i++) {
                if (buffer.remaining() < Long.BYTES) {
                    drain(buffer, channel);
                }
                entry.writer().put(buffer, i);
            }
        }
        drain(buffer, channel);
    }

    private static void drain(ByteBuffer buffer, WritableByteChannel channel) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    private byte[] header(List<Entry> ordered) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart("__metadata__");
                for (Map.Entry<String, String> entry : metadata.entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            long offset = 0;
            for (Entry entry : ordered) {
                json.writeObjectFieldStart(entry.name());
                json.writeStringField("dtype", entry.dtype().name());
                json.writeFieldName("shape");
                json.writeArray(entry.shape().stream().mapToLong(Long::longValue).toArray(), 0, entry.shape().size());
                json.writeFieldName("data_offsets");
                long end = offset + (long) entry.elements() * entry.dtype().bytes();
                json.writeArray(new long[]{offset, end}, 0, 2);
                json.writeEndObject();
                offset = end;
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        while (bytes.size() % ALIGNMENT != 0) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }

    private static short half(String name, float[] values, int i) {
        short half = Float.floatToFloat16(values[i]);
        if (Float.isInfinite(Float.float16ToFloat(half)) && Float.isFinite(values[i])) {
            throw outOfRange(name, DType.F16, i, Float.toString(values[i]));
        }
        return half;
    }

    private static short brain(String name, float[] values, int i) {
        short brain = Conversions.floatToBrain(values[i]);
        if (Float.isInfinite(Float.intBitsToFloat(brain << 16)) && Float.isFinite(values[i])) {
            throw outOfRange(name, DType.BF16, i, Float.toString(values[i]));
        }
        return brain;
    }

    private static SafetensorsException outOfRange(String name, DType dtype, int index, String value) {
        return new SafetensorsException(Reason.OUT_OF_RANGE,
                "tensor '" + name + "': element " + index + " is " + value + ", which " + dtype + " cannot hold");
    }

    private static SafetensorsException wrongType(String name, DType dtype, String what) {
        return new SafetensorsException(Reason.WRONG_DTYPE,
                "tensor '" + name + "': " + what + " cannot be stored as " + dtype);
    }
}
