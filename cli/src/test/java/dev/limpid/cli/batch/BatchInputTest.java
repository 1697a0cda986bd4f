package dev.limpid.cli.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchInputTest {
    private static final List<String> FIELDS = List.of("question", "context");

    @TempDir
    Path folder;

    @Test
    void linesOfTextKeepTheirNumbers() throws IOException {
        assertThat(read("a.txt", "\uFEFFone\r\n\n two \nlast", "text")).containsExactly(
                BatchRecord.of(1, Map.of("text", "one")), BatchRecord.bad(2, "the line is empty"),
                BatchRecord.of(3, Map.of("text", " two ")), BatchRecord.of(4, Map.of("text", "last")));
        assertThat(read("b.TXT", "", "text")).isEmpty();
        assertThat(read("c.txt", "\n", "text")).containsExactly(BatchRecord.bad(1, "the line is empty"));
    }

    @Test
    void objectsMayHoldMoreThanIsAskedFor() throws IOException {
        List<BatchRecord> records = read("a.jsonl",
                "\uFEFF{\"id\": [1, {}], \"context\": \"c\\nd\", \"question\": \"\u00e9\uD83D\uDE00\"}\r\n",
                "question", "context");
        assertThat(records).containsExactly(
                BatchRecord.of(1, Map.of("question", "\u00e9\uD83D\uDE00", "context", "c\nd")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"question\": \"a\"                        | the line is no JSON: ",
            "{\"question\": \"a\", \"context\": \"b\"} x | the line is no JSON: ",
            "[\"a\", \"b\"]                              | the line is no JSON object; write {\"question\": \"…\", \"context\": \"…\"}",
            "{\"question\": \"a\", \"Context\": \"b\"}   | the field context is missing; write {",
            "{\"question\": 3, \"context\": \"b\"}       | the field question is no string; write {",
            "{\"question\": \"a\", \"context\": null}    | the field context is no string; write {",
            "{\"question\": \" \\n\", \"context\": \"b\"} | the field question is empty",
    })
    void aBadObjectIsToldAndTheNextIsRead(String line, String problem) throws IOException {
        List<BatchRecord> records = read("a.ndjson", line + "\n{\"question\":\"a\",\"context\":\"b\"}\n", "question",
                "context");
        assertThat(records).hasSize(2);
        assertThat(records.getFirst().problem()).startsWith(problem).doesNotContain("\n");
        assertThat(records.getFirst().line()).isEqualTo(1);
        assertThat(records.getLast()).isEqualTo(BatchRecord.of(2, Map.of("question", "a", "context", "b")));
    }

    @Test
    void aLineThatIsNotUtf8HarmsNoOther() throws IOException {
        Path file = Files.write(folder.resolve("a.txt"), "caf\u00e9\n\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        Files.write(file, "ok\n".getBytes(StandardCharsets.UTF_8), java.nio.file.StandardOpenOption.APPEND);
        assertThat(read(file, List.of("text"))).containsExactly(
                BatchRecord.bad(1, "the line is not UTF-8: byte 0xE9 at offset 3 begins no valid character; convert the"
                        + " file to UTF-8"),
                BatchRecord.bad(2, "the line is not UTF-8: byte 0xE9 at offset 0 begins no valid character; convert the"
                        + " file to UTF-8"),
                BatchRecord.of(3, Map.of("text", "ok")));
    }

    @Test
    void aLineThatIsTooLongIsPassedOver() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("a\n".getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes("x".repeat(NumberedLines.LONGEST + 1).getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes("\nb".getBytes(StandardCharsets.UTF_8));
        Path file = Files.write(folder.resolve("a.txt"), bytes.toByteArray());
        assertThat(read(file, List.of("text"))).containsExactly(BatchRecord.of(1, Map.of("text", "a")),
                BatchRecord.bad(2, "the line has 16777217 bytes, more than the 16 MiB that are read; shorten it"),
                BatchRecord.of(3, Map.of("text", "b")));
    }

    @ParameterizedTest(name = "{0} characters")
    @ValueSource(ints = {0, 1, 65_534, 65_535, 65_536, 65_537, 131_072, 200_001})
    void linesDoNotDependOnTheBuffer(int length) throws IOException {
        String line = "\u00e9".repeat(length / 2) + "x".repeat(length % 2 + 1);
        assertThat(read("a.txt", line + "\r\n" + line + "\n" + line, "text")).containsExactly(
                BatchRecord.of(1, Map.of("text", line)), BatchRecord.of(2, Map.of("text", line)),
                BatchRecord.of(3, Map.of("text", line)));
    }

    @Test
    void valuesInQuotesMayHoldAnything() throws IOException {
        List<BatchRecord> records = read("a.csv", "\uFEFFid,\"context\",question\r\n1,\"a \"\"b\"\", c\",d\r\n"
                + "2,\"two\r\nlines\",\" e\"\n\n3,5\" disk,f", "question", "context");
        assertThat(records).containsExactly(
                BatchRecord.of(2, Map.of("question", "d", "context", "a \"b\", c")),
                BatchRecord.of(3, Map.of("question", " e", "context", "two\nlines")),
                BatchRecord.bad(5, "the line is empty"),
                BatchRecord.of(6, Map.of("question", "f", "context", "5\" disk")));
    }

    @Test
    void aBadRecordIsToldAndTheNextIsRead() throws IOException {
        List<BatchRecord> records = read("a.csv", "question,context\na\nb,c,d\n\"e\" f,g\n\"never,closed\nh, \ni,j\n",
                "question", "context");
        assertThat(records).extracting(BatchRecord::line).containsExactly(2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(records).extracting(BatchRecord::problem).containsExactly(
                "the line has 1 values for 2 columns; put values with commas into quotes",
                "the line has 3 values for 2 columns; put values with commas into quotes",
                "the line is no CSV: a value in quotes ends before the next comma; write a quote in a value twice",
                "a quote is opened that is never closed; write a quote in a value twice",
                "the field context is empty", null);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatIsWrittenAsRfc4180SaysIsReadBack(long seed) throws IOException {
        Random random = new Random(seed);
        List<List<String>> rows = new ArrayList<>();
        StringBuilder csv = new StringBuilder("question,context\n");
        for (int i = 0; i < 200; i++) {
            List<String> row = List.of(value(random), value(random));
            rows.add(row);
            csv.append(row.stream().map(value -> quoted(random, value)).collect(Collectors.joining(",")))
                    .append(random.nextBoolean() ? "\n" : "\r\n");
        }
        List<BatchRecord> records = read("a.csv", csv.toString(), "question", "context");
        assertThat(records).extracting(BatchRecord::problem).containsOnlyNulls();
        assertThat(records.stream().map(record -> FIELDS.stream().map(record.fields()::get).toList()).toList())
                .isEqualTo(rows);
    }

    private static String value(Random random) {
        String letters = "ab \",\n\u00e9\uD83D\uDE00";
        String value = random.ints(random.nextInt(9), 0, 7).mapToObj(i -> letters.substring(i, i + 1))
                .collect(Collectors.joining());
        return "x" + value + "\uD83D\uDE00";
    }

    private static String quoted(Random random, String value) {
        boolean needed = value.contains(",") || value.contains("\"") || value.contains("\n");
        return needed || random.nextBoolean() ? "\"" + value.replace("\"", "\"\"") + "\"" : value;
    }

    @Test
    void filesThatCannotBeInputs() throws IOException {
        refused("a.json", "x", "--input ", "a.json ends in none of .jsonl, .csv and .txt");
        refused("a.txt", "x", "has one text a line, but question and context are needed");
        refused("a.csv", "question;context\n", "has no column question", "question,context");
        refused("b.csv", "", "has no column question");
        Path none = folder.resolve("none.jsonl");
        assertThatThrownBy(() -> BatchInput.open(none, FIELDS)).isInstanceOf(BatchException.class)
                .hasMessageContaining("does not exist");
        Path directory = Files.createDirectory(folder.resolve("d.jsonl"));
        assertThatThrownBy(() -> new Fingerprint().addContent(directory)).isInstanceOf(BatchException.class)
                .hasMessageContaining("is a folder");
    }

    private void refused(String name, String content, String... parts) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        assertThatThrownBy(() -> BatchInput.open(file, FIELDS)).isInstanceOf(BatchException.class)
                .hasMessageContainingAll(parts);
    }

    private List<BatchRecord> read(String name, String content, String... fields) throws IOException {
        return read(Files.writeString(folder.resolve(name), content), List.of(fields));
    }

    private static List<BatchRecord> read(Path file, List<String> fields) throws IOException {
        List<BatchRecord> records = new ArrayList<>();
        try (BatchInput input = BatchInput.open(file, fields)) {
            for (BatchRecord record = input.next(); record != null; record = input.next()) {
                records.add(record);
            }
        }
        return records;
    }
}
