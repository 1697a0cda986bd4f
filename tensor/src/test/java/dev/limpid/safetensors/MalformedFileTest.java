package dev.limpid.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.limpid.safetensors.SafetensorsException.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One malformed file for every rule of the format. */
class MalformedFileTest {

    private static final String GOOD = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

    @TempDir
    Path directory;

    @Test
    void theUnbrokenFileOpens() {
        try (SafetensorsFile file = SafetensorsFile.open(RawFile.write(directory, GOOD, 8))) {
            assertThat(file.floats("a")).containsExactly(0, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void fileTooShort(int bytes) {
        refused(Reason.FILE_TOO_SHORT, RawFile.write(directory, new byte[bytes]), bytes + " bytes");
    }

    @ParameterizedTest
    @ValueSource(longs = {100_000_001, Long.MAX_VALUE, Long.MIN_VALUE, -1})
    void headerTooLarge(long length) {
        refused(Reason.HEADER_TOO_LARGE, RawFile.write(directory, length, new byte[]{'{', '}'}, 0),
                Long.toUnsignedString(length));
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 100_000_000})
    void headerPastTheEnd(long length) {
        refused(Reason.HEADER_PAST_END, RawFile.write(directory, length, new byte[]{'{', '}'}, 0), "truncated");
    }

    @ParameterizedTest(name = "bytes {0}")
    @ValueSource(strings = {"ff", "c0af", "eda080", "f4908080", "c3", "e282"})
    void headerThatIsNotUtf8(String hex) {
        byte[] bad = HexFormat.of().parseHex(hex);
        byte[] text = GOOD.getBytes(StandardCharsets.UTF_8);
        byte[] header = new byte[text.length + bad.length];
        System.arraycopy(text, 0, header, 0, 3);
        System.arraycopy(bad, 0, header, 3, bad.length);
        System.arraycopy(text, 3, header, 3 + bad.length, text.length - 3);
        refused(Reason.HEADER_NOT_UTF8, RawFile.write(directory, header, 8), "byte 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " " + GOOD, "\uFEFF" + GOOD, "[]", "null", "PK"})
    void headerThatDoesNotBeginWithABrace(String header) {
        refused(Reason.HEADER_START, RawFile.write(directory, header, 8), "must begin with '{'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"a\"", "{\"a\":", "{\"a\":{\"dtype\":\"F32\"", "{}x", "{}{}", "{}\0",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[02],\"data_offsets\":[0,8]}}",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[NaN],\"data_offsets\":[0,8]}}",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,],\"data_offsets\":[0,8]}}",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},}", "{/**/}", "{'a':1}", "{\"a\u0001\":1}",
            "{\"\\ud800\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "{\"a\":1}", "{\"a\":[]}",
            "{\"a\":null}", "{\"a\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}}",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":null,\"data_offsets\":[0,8]}}",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}}"})
    void headerThatIsNotTheJsonPrescribed(String header) {
        refused(Reason.HEADER_JSON, RawFile.write(directory, header, 8), "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"{\"a\":|{\"a\":|UNKNOWN_FIELD",
            "{\"__metadata__\":{\"x\":|[|BAD_METADATA", "{\"a\":{\"dtype\":\"F32\",\"shape\":|[|BAD_NUMBER",
            "{\"a\":|[|HEADER_JSON"})
    void nestingBomb(String opening, String repeated, Reason reason) {
        refused(reason, RawFile.write(directory, opening + repeated.repeat(1_000_000), 0), "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}|'a'",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"\\u0061\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}|'a'",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"shape\":[2],\"data_offsets\":[0,8]}}|'shape'",
            "{\"__metadata__\":{},\"__metadata__\":{}}|'__metadata__'",
            "{\"__metadata__\":{\"k\":\"1\",\"k\":\"1\"}}|'k'"})
    void duplicateKey(String header, String key) {
        refused(Reason.DUPLICATE_KEY, RawFile.write(directory, header, 8), key);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}|dtype",
            "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}|shape",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}|data_offsets", "{\"a\":{}}|dtype"})
    void missingField(String header, String field) {
        refused(Reason.MISSING_FIELD, RawFile.write(directory, header, 8), "'a' has no " + field);
    }

    @Test
    void unknownField() {
        refused(Reason.UNKNOWN_FIELD,
                RawFile.write(directory, GOOD.replace("\"shape\"", "\"strides\":[1],\"shape\""), 8), "'strides'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"f32\"", "\"F8_E4M3\"", "\"U16\"", "\"\"", "null", "1"})
    void unknownDtype(String dtype) {
        refused(Reason.UNKNOWN_DTYPE, RawFile.write(directory, GOOD.replace("\"F32\"", dtype), 8), "'a'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-2", "-0", "2.0", "2e0", "1.5", "\"2\"", "null", "true", "[2]", "9223372036854775808",
            "18446744073709551616"})
    void badNumber(String number) {
        refused(Reason.BAD_NUMBER, RawFile.write(directory, GOOD.replace("[2]", "[" + number + "]"), 8), "shape");
        refused(Reason.BAD_NUMBER, RawFile.write(directory, GOOD.replace("[0,8]", "[0," + number + "]"), 8),
                "data_offsets");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "\"x\"", "{\"k\":1}", "{\"k\":null}", "{\"k\":{}}", "{\"k\":[\"x\"]}"})
    void badMetadata(String metadata) {
        refused(Reason.BAD_METADATA,
                RawFile.write(directory, "{\"__metadata__\":" + metadata + "," + GOOD.substring(1), 8), "__metadata__");
    }

    @Test
    void reversedOffsets() {
        refused(Reason.OFFSETS_REVERSED, RawFile.write(directory, GOOD.replace("[0,8]", "[8,0]"), 8), "'a'");
    }

    @Test
    void overlap() {
        refused(Reason.OFFSETS_OVERLAP, RawFile.write(directory, two("[0,4]", "[3,7]"), 7), "'b'");
        refused(Reason.OFFSETS_OVERLAP, RawFile.write(directory, two("[0,4]", "[0,4]"), 4), "'b'");
    }

    @Test
    void gap() {
        refused(Reason.OFFSETS_GAP, RawFile.write(directory, two("[0,4]", "[5,9]"), 9), "'b'");
    }

    @Test
    void firstTensorThatDoesNotBeginAtZero() {
        refused(Reason.OFFSETS_GAP, RawFile.write(directory, GOOD.replace("[0,8]", "[8,16]"), 16), "'a'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4611686018427387904,4", "2305843009213693952", "4294967296,4294967296,0"})
    void sizeThatOverflows(String shape) {
        refused(Reason.SIZE_OVERFLOW, RawFile.write(directory, GOOD.replace("[2]", "[" + shape + "]"), 8), "2^63");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "1", "0", "", "2,2"})
    void sizeThatDiffersFromTheRange(String shape) {
        refused(Reason.SIZE_MISMATCH, RawFile.write(directory, GOOD.replace("[2]", "[" + shape + "]"), 8), "span 8");
    }

    @Test
    void truncatedData() {
        refused(Reason.DATA_TRUNCATED, RawFile.write(directory, GOOD, 7), "only 7");
    }

    @Test
    void trailingBytes() {
        refused(Reason.TRAILING_BYTES, RawFile.write(directory, GOOD, 9), "1 bytes follow");
        refused(Reason.TRAILING_BYTES, RawFile.write(directory, "{}", 1), "1 bytes follow");
    }

    @Test
    void missingFileAndDirectory() {
        refused(Reason.NOT_FOUND, directory.resolve("none.safetensors"), "none.safetensors");
        refused(Reason.IO, directory, "is a directory");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void damagedHeadersNeverEscapeAsAnotherException(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] good = two("[0,4]", "[4,8]").getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 100; round++) {
            byte[] header = good.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                header[random.nextInt(header.length)] = (byte) random.nextInt(256);
            }
            Path path = RawFile.write(directory, header, 8);
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
                assertThat(file.names()).hasSizeBetween(1, 2);
            } catch (SafetensorsException e) {
                assertThat(e).hasMessageContaining("model.safetensors");
            }
        }
    }

    private static String two(String first, String second) {
        return "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":" + first
                + "},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":" + second + "}}";
    }

    private static void refused(Reason reason, Path path, String message) {
        SafetensorsException e = catchThrowableOfType(SafetensorsException.class, () -> SafetensorsFile.open(path));
        assertThat(e).as("refusal").isNotNull();
        assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
        assertThat(e).hasMessageContaining(path.toString()).hasMessageContaining(message);
    }
}
