package dev.limpid.safetensors;

import dev.limpid.safetensors.SafetensorsException.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A safetensors file, memory-mapped and read-only: 8 bytes with the little-endian length of a JSON header, the header,
 * then the tensors' bytes without a gap.
 *
 * <p>Opening reads and checks the header only; a tensor's pages are read when the tensor is. Files beyond 2 GB are
 * fine. All methods may be called from several threads; after {@link #close} they throw {@code CLOSED}.
 *
 * <p>Source: the format's description in huggingface/safetensors, README.md, and its Rust implementation 0.8.0, whose
 * every refusal is a {@link Reason} here.
 */
public final class SafetensorsFile implements TensorSource {

    /** The longest header the reference implementation accepts, in bytes. */
    static final long MAX_HEADER = 100_000_000;

    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final Arena arena;
    private final MemorySegment data;
    private final Map<String, String> metadata;
    private final Map<String, TensorInfo> tensors;

    private SafetensorsFile(Path path, Arena arena, MemorySegment data, Map<String, String> metadata,
            Map<String, TensorInfo> tensors) {
        this.path = path;
        this.arena = arena;
        this.data = data;
        this.metadata = metadata;
        this.tensors = tensors;
    }

    /**
     * Maps a file and checks its header against every rule of the format.
     *
     * @throws SafetensorsException naming the file, the tensor and the rule
     */
    @SuppressWarnings("MustBeClosed") // the file that is returned closes it
    public static SafetensorsFile open(Path path) {
        if (Files.isDirectory(path)) {
            throw new SafetensorsException(Reason.IO, path + " is a directory, not a safetensors file");
        }
        Arena arena = Arena.ofShared();
        try {
            return open(path, arena);
        } catch (NoSuchFileException e) {
            arena.close();
            throw new SafetensorsException(Reason.NOT_FOUND, "There is no file " + path, e);
        } catch (IOException e) {
            arena.close();
            throw new SafetensorsException(Reason.IO, path + " cannot be read: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static SafetensorsFile open(Path path, Arena arena) throws IOException {
        MemorySegment mapped;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            if (channel.size() < Long.BYTES) {
                throw new SafetensorsException(Reason.FILE_TOO_SHORT, path
                        + ": a safetensors file begins with 8 bytes that hold the header's length, but it has only "
                        + channel.size() + " bytes");
            }
            mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
        long length = mapped.get(LENGTH, 0);
        // Unsigned: a length with its top bit set is too large as well.
        if (Long.compareUnsigned(length, MAX_HEADER) > 0) {
            throw new SafetensorsException(Reason.HEADER_TOO_LARGE, path + ": the header's length is "
                    + Long.toUnsignedString(length) + " bytes, more than " + MAX_HEADER
                    + "; is this a safetensors file?");
        }
        if (length > mapped.byteSize() - Long.BYTES) {
            throw new SafetensorsException(Reason.HEADER_PAST_END,
                    path + ": the header should have " + length + " bytes, but only "
                            + (mapped.byteSize() - Long.BYTES) + " follow; the file is truncated or of another format");
        }
        ByteBuffer header = mapped.asSlice(Long.BYTES, length).asByteBuffer();
        HeaderParser.Header parsed = HeaderParser.parse(path, header);
        MemorySegment data = mapped.asSlice(Long.BYTES + length);
        return new SafetensorsFile(path, arena, data, parsed.metadata(),
                checked(path, parsed.tensors(), data.byteSize()));
    }

    /** Orders the tensors by their bytes and checks that these cover the data exactly once. */
    private static Map<String, TensorInfo> checked(Path path, List<TensorInfo> header, long dataBytes) {
        List<TensorInfo> ordered = new ArrayList<>(header);
        ordered.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        long expected = 0;
        for (TensorInfo tensor : ordered) {
            checkOffsets(path, tensor, expected);
            checkSize(path, tensor);
            expected = tensor.end();
            tensors.put(tensor.name(), tensor);
        }
        if (expected > dataBytes) {
            throw new SafetensorsException(Reason.DATA_TRUNCATED, path + ": tensor '" + ordered.getLast().name()
                    + "' ends at byte " + expected + " of the data, but the data has only " + dataBytes
                    + " bytes; the file is truncated");
        }
        if (expected < dataBytes) {
            throw new SafetensorsException(Reason.TRAILING_BYTES,
                    path + ": " + (dataBytes - expected) + " bytes follow the last tensor");
        }
        return tensors;
    }

    private static void checkOffsets(Path path, TensorInfo tensor, long expected) {
        String where = path + ": tensor '" + tensor.name() + "' ";
        if (tensor.end() < tensor.begin()) {
            throw new SafetensorsException(Reason.OFFSETS_REVERSED,
                    where + "ends at byte " + tensor.end() + ", before it begins at byte " + tensor.begin());
        }
        if (tensor.begin() < expected) {
            throw new SafetensorsException(Reason.OFFSETS_OVERLAP, where + "begins at byte " + tensor.begin()
                    + ", inside the tensor before it, which ends at byte " + expected);
        }
        if (tensor.begin() > expected) {
            throw new SafetensorsException(Reason.OFFSETS_GAP, where + "begins at byte " + tensor.begin()
                    + " but should begin at byte " + expected + ", where the data before it ends");
        }
    }

    private static void checkSize(Path path, TensorInfo tensor) {
        String where = path + ": tensor '" + tensor.name() + "' " + tensor.dtype()
                + TensorInfo.shapeText(tensor.shape());
        long bytes = tensor.dtype().bytes();
        try {
            for (long dimension : tensor.shape()) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
        } catch (ArithmeticException e) {
            throw new SafetensorsException(Reason.SIZE_OVERFLOW, where + " is larger than 2^63 bytes", e);
        }
        if (bytes != tensor.bytes()) {
            throw new SafetensorsException(Reason.SIZE_MISMATCH,
                    where + " takes " + bytes + " bytes, but its data_offsets span " + tensor.bytes());
        }
    }

    /** The file this was opened from. */
    public Path path() {
        return path;
    }

    /** The header's {@code __metadata__}, in its order; empty when there is none. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public List<String> names() {
        return List.copyOf(tensors.keySet());
    }

    @Override
    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    @Override
    public TensorInfo info(String name) {
        TensorInfo info = tensors.get(name);
        if (info == null) {
            throw new SafetensorsException(Reason.NO_SUCH_TENSOR, path + " has no tensor '" + name + "'");
        }
        return info;
    }

    /**
     * The tensor's bytes as they lie in the file: little-endian, row-major, possibly not aligned, read-only.
     *
     * <p>The segment lives as long as this file is open.
     */
    public MemorySegment segment(String name) {
        TensorInfo info = info(name);
        requireOpen();
        return data.asSlice(info.begin(), info.bytes());
    }

    @Override
    public float[] floats(String name) {
        TensorInfo info = info(name);
        float[] values = new float[arrayLength(info, "floats")];
        readFloats(name, 0, values, 0, values.length);
        return values;
    }

    /**
     * Converts a part of a tensor to F32, for tensors that no array can hold.
     *
     * @param from the first element to read, in row-major order
     * @param into receives the elements
     * @param at the first position to write
     * @param count how many elements to read
     * @throws IndexOutOfBoundsException if either range does not exist
     */
    public void readFloats(String name, long from, float[] into, int at, int count) {
        TensorInfo info = info(name);
        if (!info.dtype().isFloatingPoint()) {
            throw new SafetensorsException(Reason.WRONG_DTYPE, path + ": tensor '" + name + "' holds " + info.dtype()
                    + ", which is no floating-point type; read it with longs()");
        }
        Objects.checkFromIndexSize(from, count, info.elements());
        Objects.checkFromIndexSize(at, count, into.length);
        long size = info.dtype().bytes();
        Conversions.toFloats(info.dtype(), segment(name).asSlice(from * size, count * size), into, at);
    }

    /**
     * A tensor of integers (I64, I32, I16, I8, U8 from 0 to 255, BOOL as 0 or 1), row-major, in a new array.
     *
     * @throws SafetensorsException {@code WRONG_DTYPE} for floating-point types; {@code TOO_MANY_ELEMENTS}
     */
    public long[] longs(String name) {
        TensorInfo info = info(name);
        if (info.dtype().isFloatingPoint()) {
            throw new SafetensorsException(Reason.WRONG_DTYPE, path + ": tensor '" + name + "' holds " + info.dtype()
                    + ", which is no integer type; read it with floats()");
        }
        return Conversions.toLongs(info.dtype(), segment(name), arrayLength(info, "longs"));
    }

    private int arrayLength(TensorInfo info, String method) {
        // The largest length that every JVM grants.
        if (info.elements() > Integer.MAX_VALUE - 8) {
            throw new SafetensorsException(Reason.TOO_MANY_ELEMENTS, path + ": tensor '" + info.name() + "' has "
                    + info.elements() + " elements, more than the 2^31 that a Java array can hold; " + method
                    + "() cannot return it, read it in parts with readFloats() or segment()");
        }
        return (int) info.elements();
    }

    @Override
    public Path fileOf(String name) {
        info(name);
        return path;
    }

    private void requireOpen() {
        if (!arena.scope().isAlive()) {
            throw new SafetensorsException(Reason.CLOSED, path + " was closed; open it again to read from it");
        }
    }

    /** Unmaps the file; a second call does nothing. */
    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
