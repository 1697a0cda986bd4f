package dev.limpid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of inputs: order, bad lines, and runs that are cut short anywhere and repeated. */
class BatchTest {
    private static final String[] WORDS = {"the", "river", "is", "in", "old", "city", "and", "a", "new", "caf\u00e9",
            "\u6f22", "\uD83D\uDE00"};

    @TempDir
    Path folder;

    private Path input;
    private Path output;

    @BeforeEach
    void name() {
        input = folder.resolve("in.jsonl");
        output = folder.resolve("out.jsonl");
    }

    @Test
    void recordsStandInTheOrderOfTheirLinesAndBadOnesAmongThem() throws IOException {
        List<String> lines = questions(40);
        lines.set(4, "{\"question\": \"where\"");
        lines.set(16, "{\"question\": \"where\", \"context\": \"\"}");
        lines.set(30, "{\"question\": \"" + "what river ".repeat(40) + "\", \"context\": \"the river\"}");
        Files.write(input, lines);
        Run run = Run.limpid(batch());
        assertThat(run.exit()).isZero();
        assertThat(run.out()).isEqualTo("explained  37, 3 not, which say why\nwrote  " + output + "\n");
        assertThat(run.err().lines()).hasSize(3)
                .satisfiesExactly(one -> assertThat(one).startsWith("limpid: " + input + ":5: the line is no JSON"),
                        one -> assertThat(one).isEqualTo("limpid: " + input + ":17: the field context is empty"),
                        one -> assertThat(one).startsWith("limpid: " + input + ":31: the question has 80 tokens"));
        List<JsonNode> records = records();
        assertThat(records).extracting(record -> record.get("line").asInt())
                .isEqualTo(IntStream.rangeClosed(1, 40).boxed().toList());
        for (JsonNode record : records) {
            int line = record.get("line").asInt();
            if (List.of(5, 17, 31).contains(line)) {
                assertThat(record.get("error").asText()).isNotBlank();
                assertThat(record).hasSize(3);
            } else {
                assertThat(record.get("context"))
                        .isEqualTo(new ObjectMapper().readTree(lines.get(line - 1)).get("context"));
                assertThat(record.at("/explanations/1/tokens").size()).isGreaterThan(3);
            }
        }
    }

    @Test
    void aRecordIsTheDocumentOfItsInput() throws IOException {
        Files.writeString(input, "{\"question\": \"where is it?\", \"context\": \"the river is in the old city\"}\n");
        assertThat(Run.limpid(batch()).exit()).isZero();
        Run alone = Run.limpid("qa", "--model", Run.QA.toString(), "--steps", "3", "--quadrature", "riemann-middle",
                "--question", "where is it?",
                "--context", "the river is in the old city", "--json", "-");
        JsonNode record = records().getFirst();
        assertThat(record.get("run").asText()).matches("[0-9a-f]{16}");
        assertThat(((ObjectNode) record).without(List.of("line", "run"))
                .equals(new ObjectMapper().readTree(alone.out()))).isTrue();
    }

    /** Wherever a run is cut short, repeating it makes the same bytes as if it had not been. */
    @Test
    void aTornOutputIsContinuedWithoutLossOrRepetition() throws IOException {
        List<String> lines = questions(12);
        lines.set(0, "no JSON");
        lines.set(7, "{}");
        Files.write(input, lines);
        assertThat(Run.limpid(batch()).exit()).isZero();
        byte[] whole = Files.readAllBytes(output);
        for (int cut : cuts(whole)) {
            Files.write(output, Arrays.copyOf(whole, cut));
            Run run = Run.limpid(batch());
            assertThat(run.exit()).as("cut at %d: %s", cut, run.err()).isZero();
            assertThat(Files.readAllBytes(output)).as("cut at %d", cut).isEqualTo(whole);
        }
        assertThat(Run.limpid(batch()).out()).isEqualTo("nothing to do: " + output + " is complete\n");
        assertThat(Files.readAllBytes(output)).isEqualTo(whole);
    }

    /** The ends of lines and what is beside them, the bytes inside characters of several, and places drawn at random. */
    private static Collection<Integer> cuts(byte[] whole) {
        TreeSet<Integer> cuts = new TreeSet<>(List.of(0, 1, 7, 8, 12, whole.length - 1));
        int insideCharacters = 0;
        for (int i = 0; i < whole.length; i++) {
            if (whole[i] == '\n') {
                cuts.addAll(List.of(i - 1, i, i + 1, Math.min(i + 2, whole.length)));
            }
            if ((whole[i] & 0xC0) == 0x80 && insideCharacters++ < 12) {
                cuts.add(i);
            }
        }
        assertThat(insideCharacters).isGreaterThan(12);
        new Random(5).ints(12, 0, whole.length).forEach(cuts::add);
        return cuts;
    }

    /** A thousand lines of 60 kB each are more than the heap; kill -9 comes while they are explained. */
    @Test
    void aThousandLinesInLittleMemoryKilledAndRepeated() throws Exception {
        List<String> lines = questions(1000);
        String note = ", \"note\": \"" + "n".repeat(60_000) + "\"}";
        lines.replaceAll(line -> line.substring(0, line.length() - 1) + note);
        Files.write(input, lines);
        Process process = child();
        while (process.isAlive() && (!Files.exists(output) || Files.size(output) < 400_000)) {
            Thread.sleep(5);
        }
        process.destroyForcibly().waitFor();
        byte[] torn = Files.readAllBytes(output);
        assertThat(process.exitValue()).as(Files.readString(folder.resolve("child.txt"))).isEqualTo(137);
        process = child();
        assertThat(process.waitFor()).as(Files.readString(folder.resolve("child.txt"))).isZero();
        assertThat(Files.readAllBytes(output)).startsWith(Arrays.copyOf(torn, wholeLines(torn)));
        assertThat(records()).extracting(record -> record.get("line").asInt())
                .isEqualTo(IntStream.rangeClosed(1, 1000).boxed().toList());
        assertThat(records()).allMatch(record -> record.has("explanations"));
    }

    private static int wholeLines(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    private Process child() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xmx48m", "-XX:+UseSerialGC", "-cp",
                System.getProperty("java.class.path"), LimpidCommand.class.getName()));
        command.addAll(List.of(batch()));
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve("child.txt").toFile()).start();
    }

    @Test
    void whatIsGivenAsAnOptionHoldsForAll() throws IOException {
        input = Files.writeString(folder.resolve("in.txt"), "\uFEFFwhere is it?\r\nwho is in the city?\r\n");
        Run run = Run.limpid(batch("--context", "the river is in the old city"));
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(records()).extracting(record -> record.get("question").asText())
                .containsExactly("where is it?", "who is in the city?");
        assertThat(records()).extracting(record -> record.get("context").asText())
                .containsOnly("the river is in the old city");
        refused("begun with another input", batch("--context", "the river is in the new city"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--steps 4", "--baseline zero", "--convention transformers-interpret",
            "--device reference", "--no-answer"})
    void otherOptionsDoNotContinueARun(String options) throws IOException {
        Files.write(input, questions(3));
        assertThat(Run.limpid(batch()).exit()).isZero();
        refused("--output " + output + " was begun with another input, model or options", batch(options.split(" ")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--threads 1", "--memory 1m", "--internal-batch-size 2", "--no-colour"})
    void optionsWithoutEffectOnTheResultDo(String options) throws IOException {
        Files.write(input, questions(3));
        assertThat(Run.limpid(batch()).exit()).isZero();
        assertThat(Run.limpid(batch(options.split(" "))).out()).startsWith("nothing to do");
    }

    @Test
    void anotherInputOrModelDoesNotContinueARun() throws IOException {
        Files.write(input, questions(3));
        assertThat(Run.limpid(batch()).exit()).isZero();
        Files.write(input, questions(4));
        refused("begun with another input, model or options", batch());
        Files.write(input, questions(3));
        Path model = Files.createDirectories(folder.resolve("other/qa"));
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(Run.QA.resolve(name), model.resolve(name));
        }
        refused("begun with another input, model or options", Stream.concat(Stream.of("qa", "--model",
                model.toString()), Stream.of(batch()).skip(3)).toArray(String[]::new));
        assertThat(Run.limpid(batch()).out()).startsWith("nothing to do");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"my notes", "my notes\\n", "{\"line\": 3}\\n", "{\"line\":3,\"run\":7}\\n",
            "[1]\\n", "\\n", "{\"li", "{\"line\":1,\"run\":\"0123456789abcdef\",\"error\":\"\"}\\n"})
    void aFileOfSomethingElseIsLeftAlone(String content) throws IOException {
        Files.write(input, questions(2));
        Files.writeString(output, content.replace("\\n", "\n"));
        if (content.equals("{\"li")) {
            assertThat(Run.limpid(batch()).exit()).as("the beginning of a first line").isZero();
            return;
        }
        refused("--overwrite", batch());
        assertThat(output).hasContent(content.replace("\\n", "\n"));
        assertThat(Run.limpid(batch("--overwrite")).exit()).isZero();
        assertThat(records()).hasSize(2);
    }

    @Test
    void anOutputBeingWrittenIsLeftAlone() throws IOException {
        Files.write(input, questions(2));
        try (FileChannel channel = FileChannel.open(output, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            refused("is being written by another run of limpid", batch());
        }
    }

    @Test
    void callsThatMakeNoSense() throws IOException {
        String model = Run.QA.toString();
        refused("does not exist", batch());
        Files.write(input, questions(2));
        refused("--input needs --output", "qa", "--model", model, "--input", input.toString());
        refused("--output is for many inputs", "qa", "--model", model, "--output", output.toString());
        refused("--overwrite is for many inputs", "qa", "--model", model, "--overwrite");
        refused("--json shows one explanation", batch("--json", "-"));
        refused("--html shows one explanation", batch("--html", "a.html"));
        refused("question and context are given as options", batch("--question", "who", "--context", "the river"));
        refused("--context has no words", batch("--context", " "));
        refused("is the file that is read", "qa", "--model", model, "--input", input.toString(), "--output",
                input.toString());
        refused("there is no folder", "qa", "--model", model, "--input", input.toString(), "--output",
                folder.resolve("none/out.jsonl").toString());
        refused("no regular file", "qa", "--model", model, "--input", input.toString(), "--output", "/dev/null");
        assertThat(output).doesNotExist();
        refused("answers no questions", "qa", "--model", Run.golden("sequence-2").toString(), "--input",
                input.toString(), "--output", output.toString());
    }

    private static void refused(String part, String... args) {
        Run run = Run.limpid(args);
        assertThat(run.err()).contains(part).startsWith("limpid: ").hasLineCount(1);
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }

    private static List<String> questions(int count) throws IOException {
        Random random = new Random(3);
        ObjectMapper mapper = new ObjectMapper();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(mapper.writeValueAsString(mapper.createObjectNode().put("question", words(random, 4) + " ?")
                    .put("context", words(random, 5 + i % 5))));
        }
        return lines;
    }

    private static String words(Random random, int count) {
        return String.join(" ", random.ints(count, 0, WORDS.length).mapToObj(i -> WORDS[i]).toList());
    }

    private String[] batch(String... more) {
        return Stream.concat(Stream.of("qa", "--model", Run.QA.toString(), "--input", input.toString(), "--output",
                output.toString(), "--quadrature", "riemann-middle"),
                List.of(more).contains("--steps")
                        ? Stream.of(more)
                        : Stream.concat(Stream.of("--steps", "3"),
                                Stream.of(more)))
                .toArray(String[]::new);
    }

    private List<JsonNode> records() throws IOException {
        List<JsonNode> records = new ArrayList<>();
        for (String line : Files.readAllLines(output)) {
            records.add(new ObjectMapper().readTree(line));
        }
        return records;
    }
}
