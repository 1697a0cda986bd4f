package dev.limpid.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.fail;

import dev.limpid.safetensors.SafetensorsException.Reason;
import dev.limpid.tensor.DType;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {

    @TempDir
    Path directory;

    @Test
    void everyTypeComesBackAsItWasWritten() {
        Path path = directory.resolve("all.safetensors");
        new SafetensorsWriter().metadata("format", "pt").metadata("ключ", "値 \"x\"\n")
                .doubles("f64", new double[]{Math.PI, -0.0, 1e300}, 3)
                .floats("f32", DType.F32, new float[]{1.5f, -2}, 2, 1)
                .floats("f16", DType.F16, new float[]{0.33325195f, 65504, -6.1035156e-5f}, 3)
                .floats("bf16", DType.BF16, new float[]{1.0078125f, -3e38f, 0}, 1, 3)
                .longs("i64", DType.I64, new long[]{Long.MIN_VALUE, Long.MAX_VALUE}, 2)
                .longs("i32", DType.I32, new long[]{Integer.MIN_VALUE, Integer.MAX_VALUE}, 2)
                .longs("i16", DType.I16, new long[]{-32768, 32767, 1}, 3)
                .longs("i8", DType.I8, new long[]{-128, 127}, 2).longs("u8", DType.U8, new long[]{0, 255}, 2)
                .longs("bool", DType.BOOL, new long[]{0, 1, 1}, 3).floats("scalar", DType.F32, new float[]{7})
                .floats("empty", DType.F32, new float[0], 0, 5).write(path);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.metadata()).containsExactly(Map.entry("format", "pt"), Map.entry("ключ", "値 \"x\"\n"));
            assertThat(file.names()).hasSize(12).contains("empty", "scalar");
            assertThat(file.floats("f64")).containsExactly((float) Math.PI, -0.0f, Float.POSITIVE_INFINITY);
            assertThat(file.segment("f64").get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 0)).isEqualTo(Math.PI);
            assertThat(file.floats("f32")).containsExactly(1.5f, -2);
            assertThat(file.floats("f16")).containsExactly(0.33325195f, 65504, -6.1035156e-5f);
            assertThat(file.floats("bf16")[0]).isEqualTo(1.0078125f);
            assertThat(file.longs("i64")).containsExactly(Long.MIN_VALUE, Long.MAX_VALUE);
            assertThat(file.longs("i32")).containsExactly(Integer.MIN_VALUE, Integer.MAX_VALUE);
            assertThat(file.longs("i16")).containsExactly(-32768, 32767, 1);
            assertThat(file.longs("i8")).containsExactly(-128, 127);
            assertThat(file.longs("u8")).containsExactly(0, 255);
            assertThat(file.longs("bool")).containsExactly(0, 1, 1);
            assertThat(file.floats("scalar")).containsExactly(7);
            assertThat(file.info("scalar").shape()).isEmpty();
            assertThat(file.floats("empty")).isEmpty();
            assertThat(file.info("f32")).hasToString("f32 F32[2,1]");
        }
    }

    @Test
    void bytesInMemoryAreThoseOfTheFile() throws IOException {
        Path path = directory.resolve("same.safetensors");
        float[] values = new float[300_000]; // more than the writer's buffer holds
        values[299_999] = 1.5f;
        SafetensorsWriter writer = new SafetensorsWriter().metadata("a", "b").floats("x", DType.F32, values, 3, 100_000)
                .longs("y", DType.U8, new long[]{7}, 1);
        writer.write(path);
        assertThat(writer.bytes()).isEqualTo(Files.readAllBytes(path));
    }

    @Test
    void headerAndTensorsAreAligned() throws IOException {
        Path path = directory.resolve("aligned.safetensors");
        new SafetensorsWriter().longs("bytes", DType.I8, new long[3], 3).floats("half", DType.F16, new float[3], 3)
                .floats("single", DType.F32, new float[1], 1).write(path);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getLong() % 8).isZero();
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.names()).containsExactly("single", "half", "bytes");
            assertThat(file.info("half").begin()).isEqualTo(4);
            assertThat(file.info("bytes").begin()).isEqualTo(10);
        }
    }

    @Test
    void unalignedTensorsAndPaddedHeadersAreRead() {
        String header = "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[1,5]},"
                + "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                + "\"z\":{\"dtype\":\"I64\",\"shape\":[0],\"data_offsets\":[5,5]},\"__metadata__\":null} \n\t ";
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + 5).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length)
                .put(text).put((byte) 200).putFloat(-1.25f);
        try (SafetensorsFile file = SafetensorsFile.open(RawFile.write(directory, bytes.array()))) {
            assertThat(file.names()).containsExactly("a", "b", "z");
            assertThat(file.longs("a")).containsExactly(200);
            assertThat(file.floats("b")).containsExactly(-1.25f);
            assertThat(file.longs("z")).isEmpty();
            assertThat(file.metadata()).isEmpty();
        }
    }

    @Test
    void everyHalfAndBrainFloatConverts() {
        for (DType dtype : new DType[]{DType.F16, DType.BF16}) {
            String header = "{\"x\":{\"dtype\":\"" + dtype + "\",\"shape\":[65536],\"data_offsets\":[0,131072]}}";
            byte[] text = header.getBytes(StandardCharsets.UTF_8);
            ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + 131072).order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(text.length).put(text);
            IntStream.range(0, 65536).forEach(i -> bytes.putShort((short) i));
            try (SafetensorsFile file = SafetensorsFile.open(RawFile.write(directory, bytes.array()))) {
                float[] values = file.floats("x");
                for (int i = 0; i < 65536; i++) {
                    double expected = dtype == DType.F16 ? decoded(i, 5, 10) : decoded(i, 8, 7);
                    if (Double.compare(values[i], expected) != 0) {
                        fail("%s bits %04x: %s instead of %s", dtype, i, values[i], expected);
                    }
                }
            }
        }
    }

    /** The value of a binary floating-point number, from its definition. */
    private static double decoded(int bits, int exponentBits, int fractionBits) {
        int exponent = bits >> fractionBits & (1 << exponentBits) - 1;
        double fraction = (bits & (1 << fractionBits) - 1) * Math.pow(2, -fractionBits);
        int bias = (1 << (exponentBits - 1)) - 1;
        double sign = (bits & 0x8000) == 0 ? 1 : -1;
        if (exponent == (1 << exponentBits) - 1) {
            return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
        }
        return sign
                * (exponent == 0 ? fraction * Math.pow(2, 1 - bias) : (1 + fraction) * Math.pow(2, exponent - bias));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13})
    void narrowingRoundsToNearestEven(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[5000];
        for (int i = 0; i < values.length; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            // Half of the values lie exactly between two neighbours, where only the rule for ties decides.
            int mask = random.nextBoolean() ? 0xffff8000 : -1;
            value = Float.intBitsToFloat(Float.floatToRawIntBits(value) & mask);
            values[i] = Math.abs(value) < 6e4f ? value : random.nextFloat();
        }
        Path path = directory.resolve("narrow.safetensors");
        new SafetensorsWriter().floats("f16", DType.F16, values, 5000).floats("bf16", DType.BF16, values, 50, 100)
                .write(path);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            float[] half = file.floats("f16");
            float[] brain = file.floats("bf16");
            for (int i = 0; i < values.length; i++) {
                assertNearestEven(values[i], half[i], 10, -24);
                assertNearestEven(values[i], brain[i], 7, -133);
            }
        }
    }

    /** {@code rounded} must be the multiple of the unit in the last place that is nearest, the even one on a tie. */
    private static void assertNearestEven(float value, float rounded, int fractionBits, int smallestExponent) {
        int exponent = Math.max(Math.getExponent(value) - fractionBits, smallestExponent);
        BigDecimal unit = new BigDecimal(2).pow(Math.abs(exponent));
        BigDecimal scaled = exponent < 0
                ? new BigDecimal(value).multiply(unit)
                : new BigDecimal(value).divide(unit, MathContext.UNLIMITED);
        BigDecimal nearest = scaled.setScale(0, RoundingMode.HALF_EVEN);
        BigDecimal expected = exponent < 0
                ? nearest.divide(unit, MathContext.UNLIMITED)
                : nearest.multiply(unit);
        assertThat(new BigDecimal(rounded)).as("%s", value).isEqualByComparingTo(expected);
    }

    @Test
    void brainFloatKeepsNaNAndInfinity() {
        Path path = directory.resolve("special.safetensors");
        float[] values = {Float.NaN, Float.intBitsToFloat(0x7f800001), Float.NEGATIVE_INFINITY};
        new SafetensorsWriter().floats("b", DType.BF16, values, 3).floats("h", DType.F16, values, 3).write(path);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.floats("b")).containsExactly(Float.NaN, Float.NaN, Float.NEGATIVE_INFINITY);
            assertThat(file.floats("h")).containsExactly(Float.NaN, Float.NaN, Float.NEGATIVE_INFINITY);
        }
    }

    @Test
    void partsOfATensorAreRead() {
        Path path = directory.resolve("parts.safetensors");
        float[] values = new float[10_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 2048;
        }
        new SafetensorsWriter().floats("x", DType.F16, values, 10_000).write(path);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            float[] into = new float[6002];
            file.readFloats("x", 3001, into, 1, 6000);
            assertThat(into[0]).isZero();
            assertThat(into[6001]).isZero();
            assertThat(Arrays.equals(into, 1, 6001, values, 3001, 9001)).isTrue();
            assertThatThrownBy(() -> file.readFloats("x", 9999, into, 0, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void aSparseFileBeyondTwoGigabytesIsRead() throws IOException {
        long elements = (1L << 31) + 5;
        String header = "{\"big\":{\"dtype\":\"F16\",\"shape\":[" + elements + "],\"data_offsets\":[0," + 2 * elements
                + "]},\"last\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" + 2 * elements + ","
                + (2 * elements + 8) + "]}}";
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        Path path = directory.resolve("big.safetensors");
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            channel.write(ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length)
                    .put(text).flip(), 0);
            long last = 8 + text.length + 2 * elements;
            channel.write(ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putShort(Float.floatToFloat16(0.5f))
                    .putFloat(3.5f).putFloat(-4).flip(), last - 2);
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.floats("last")).containsExactly(3.5f, -4);
            float[] tail = new float[2];
            file.readFloats("big", elements - 2, tail, 0, 2);
            assertThat(tail).containsExactly(0, 0.5f);
            SafetensorsException e = catchThrowableOfType(SafetensorsException.class, () -> file.floats("big"));
            assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_ELEMENTS);
            assertThat(e).hasMessageContaining("'big'").hasMessageContaining("readFloats");
        }
    }

    @Test
    void wrongQuestionsAreAnsweredClearly() {
        Path path = directory.resolve("x.safetensors");
        new SafetensorsWriter().floats("f", DType.F32, new float[1], 1).longs("i", DType.I32, new long[1], 1)
                .write(path);
        SafetensorsFile file = SafetensorsFile.open(path);
        assertThat(reason(() -> file.floats("g"))).isEqualTo(Reason.NO_SUCH_TENSOR);
        assertThat(reason(() -> file.floats("i"))).isEqualTo(Reason.WRONG_DTYPE);
        assertThat(reason(() -> file.longs("f"))).isEqualTo(Reason.WRONG_DTYPE);
        assertThatThrownBy(() -> file.segment("f").set(ValueLayout.JAVA_BYTE, 0, (byte) 1))
                .isInstanceOf(IllegalArgumentException.class);
        file.close();
        file.close();
        assertThat(reason(() -> file.floats("f"))).isEqualTo(Reason.CLOSED);
        assertThat(file.names()).containsExactly("f", "i");
    }

    @Test
    void theWriterRefusesWhatDoesNotFit() throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter().floats("a", DType.F16, new float[]{1, 70000}, 2);
        Path path = Files.writeString(directory.resolve("kept.safetensors"), "before");
        assertThat(reason(() -> writer.write(path))).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(path).hasContent("before");
        assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
        assertThat(reason(() -> writer.floats("a", DType.F32, new float[1], 1))).isEqualTo(Reason.DUPLICATE_KEY);
        assertThat(reason(() -> writer.floats("b", DType.F32, new float[1], 2))).isEqualTo(Reason.WRONG_SHAPE);
        assertThat(reason(() -> writer.floats("b", DType.F32, new float[1], -1, -1))).isEqualTo(Reason.WRONG_SHAPE);
        assertThat(reason(() -> writer.floats("b", DType.I32, new float[1], 1))).isEqualTo(Reason.WRONG_DTYPE);
        assertThat(reason(() -> writer.longs("b", DType.F32, new long[1], 1))).isEqualTo(Reason.WRONG_DTYPE);
        assertThat(reason(() -> new SafetensorsWriter().write(directory.resolve("no/such/x")))).isEqualTo(Reason.IO);
    }

    @ParameterizedTest
    @EnumSource(names = {"I32", "I16", "I8", "U8", "BOOL"})
    void integersOutOfRangeAreRefused(DType dtype) {
        long over = switch (dtype) {
            case I32 -> 1L << 31;
            case I16 -> 32768;
            case I8 -> 128;
            case U8 -> 256;
            default -> 2;
        };
        assertThat(reason(() -> new SafetensorsWriter().longs("x", dtype, new long[]{over}, 1)))
                .isEqualTo(Reason.OUT_OF_RANGE);
        long under = dtype == DType.U8 || dtype == DType.BOOL ? -1 : -over - 1;
        assertThat(reason(() -> new SafetensorsWriter().longs("x", dtype, new long[]{under}, 1)))
                .isEqualTo(Reason.OUT_OF_RANGE);
    }

    @Test
    void manyThreadsReadTheSameFile() throws Exception {
        Path path = directory.resolve("shared.safetensors");
        float[] values = new float[100_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        new SafetensorsWriter().floats("x", DType.F32, values, 100_000).write(path);
        try (SafetensorsFile file = SafetensorsFile.open(path);
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            Callable<float[]> read = () -> file.floats("x");
            for (Future<float[]> result : threads.invokeAll(Collections.nCopies(16, read))) {
                assertThat(Arrays.equals(result.get(), values)).isTrue();
            }
        }
    }

    private static Reason reason(ThrowingCallable call) {
        return catchThrowableOfType(SafetensorsException.class, call).reason();
    }
}
