package dev.limpid.bench.micro;

import dev.limpid.bench.BenchContext;
import dev.limpid.bench.BenchException;
import dev.limpid.bench.Benchmark;
import dev.limpid.bench.Figure;
import dev.limpid.bench.Table;
import dev.limpid.bench.explain.PeakMemory;
import dev.limpid.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/** A large checkpoint opened and one tensor read, and how much memory that takes. */
public final class SafetensorsBenchmark implements Benchmark {
    private static final int TENSORS = 396; // as many as BERT-large has, of the size of its projections
    private static final int ROWS = 1024;
    private static final int COLUMNS = 800;
    private static final long TENSOR_BYTES = (long) ROWS * COLUMNS * Float.BYTES;
    private static final int READ = 300;

    @Override
    public String name() {
        return "safetensors";
    }

    @Override
    public String description() {
        return "a checkpoint of 1.3 GB opened and one tensor read";
    }

    @Override
    public List<Table> run(BenchContext context) {
        context.tell("safetensors: a file of " + TENSORS * TENSOR_BYTES / 1_000_000 + " MB");
        try {
            Path folder = Files.createTempDirectory("limpid-bench");
            Path file = folder.resolve("model.safetensors");
            try {
                write(file);
                return List.of(measure(context, file));
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new BenchException("safetensors needs a folder for temporary files that holds 1.3 GB: " + e);
        }
    }

    private static Table measure(BenchContext context, Path file) throws IOException {
        double[] opened = new double[context.rounds() + 1];
        double[] read = new double[opened.length];
        long before = PeakMemory.residentBytes();
        for (int round = 0; round < opened.length; round++) {
            long start = System.nanoTime();
            try (SafetensorsFile checkpoint = SafetensorsFile.open(file)) {
                long middle = System.nanoTime();
                float[] values = checkpoint.floats(name(READ));
                read[round] = (System.nanoTime() - middle) * 1e-6;
                opened[round] = (middle - start) * 1e-6;
                check(values);
            }
        }
        long grown = PeakMemory.residentBytes() - before;
        double first = opened[0] + read[0];
        Arrays.sort(opened, 1, opened.length);
        Arrays.sort(read, 1, read.length);
        int middle = (opened.length + 1) / 2;
        return new Table("safetensors: a checkpoint opened and one tensor read",
                List.of("file MB", "tensors", "first ms", "open ms", "read ms", "tensor MB", "resident MB grown"),
                List.of(List.of(Files.size(file) / 1_000_000, TENSORS, new Figure(first, "%.1f"),
                        new Figure(opened[middle], "%.1f"), new Figure(read[middle], "%.2f"),
                        new Figure(TENSOR_BYTES / 1e6, "%.1f"),
                        new Figure(before < 0 ? Double.NaN : grown / 1e6, "%.0f"))),
                List.of("first: both, with nothing compiled; then medians of " + context.rounds()
                        + " times. resident: of this process, after all of them, with garbage."));
    }

    private static void check(float[] values) {
        if (values.length != ROWS * COLUMNS || values[0] != READ || values[1] != 0) {
            throw new BenchException("safetensors: the tensor read is not the one written");
        }
    }

    private static String name(int index) {
        return "layer." + index + ".weight";
    }

    /** Writes a header and the first number of each tensor; what lies between is a hole where the file system has such. */
    private static void write(Path file) throws IOException {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < TENSORS; i++) {
            json.append(i == 0 ? "" : ",").append('"').append(name(i)).append("\":{\"dtype\":\"F32\",\"shape\":[")
                    .append(ROWS).append(',').append(COLUMNS).append("],\"data_offsets\":[").append(i * TENSOR_BYTES)
                    .append(',').append((i + 1) * TENSOR_BYTES).append("]}");
        }
        byte[] header = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            ByteBuffer start = ByteBuffer.allocate(Long.BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length).put(header).flip();
            long data = start.remaining();
            put(channel, start, 0);
            for (int i = 0; i < TENSORS; i++) {
                put(channel, number(i), data + i * TENSOR_BYTES);
            }
            put(channel, number(0), data + TENSORS * TENSOR_BYTES - Float.BYTES);
        }
    }

    private static ByteBuffer number(int value) {
        return ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, value);
    }

    private static void put(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }
}
