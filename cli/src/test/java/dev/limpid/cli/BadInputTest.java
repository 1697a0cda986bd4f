package dev.limpid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.demo.DemoModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every fault of a user: one sentence with the cause and the remedy, exit status 2, and no file written. */
class BadInputTest {
    @TempDir
    Path folder;

    @Test
    void aFolderThatDoesNotExist() {
        refused(qa(folder.resolve("nowhere")), "--model", "nowhere", "does not exist");
    }

    @Test
    void aFileInPlaceOfAFolder() {
        refused(qa(Run.QA.resolve("config.json")), "--model", "config.json", "is a file");
    }

    @Test
    void aFolderWithoutConfig() throws IOException {
        refused(qa(modelWithout("config.json")), "config.json");
    }

    @Test
    void aFolderWithoutWeights() throws IOException {
        refused(qa(modelWithout("model.safetensors")), "safetensors");
    }

    @Test
    void aFolderWithoutTokenizer() throws IOException {
        refused(qa(modelWithout("tokenizer.json", "vocab.txt", "tokenizer_config.json")), "tokenizer.json",
                "vocab.txt");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 8, 100, 20_000, 74_615})
    void truncatedWeights(int length) throws IOException {
        Path model = modelWithout();
        Path weights = model.resolve("model.safetensors");
        Files.write(weights, java.util.Arrays.copyOf(Files.readAllBytes(weights), length));
        refused(qa(model), "model.safetensors");
    }

    @Test
    void truncatedConfig() throws IOException {
        Path model = modelWithout();
        Files.writeString(model.resolve("config.json"), "{\"architectures\": [\"Ber");
        refused(qa(model), "config.json");
    }

    @Test
    void shapesOtherThanTheConfigSays() throws IOException {
        Path model = modelWithout();
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"intermediate_size\": 37",
                "\"intermediate_size\": 38"));
        refused(qa(model), "intermediate", "38", "37");
    }

    @Test
    void weightsThatAreNoNumber() throws IOException {
        Path model = modelWithout();
        Path weights = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, Float.NaN);
        Files.write(weights, bytes);
        refused(qa(model), "NaN");
    }

    @Test
    void aModelForAnotherTask() {
        refused(qa(Run.golden("sequence-2")), "BertForSequenceClassification", "BertForQuestionAnswering");
    }

    @Test
    void anAdapterOfAnotherBase() {
        refused(qa(Run.QA, "--adapter", DemoModels.questionAnsweringAdapter().toString()), "adapter");
    }

    @Test
    void anAdapterThatIsNone() {
        refused(qa(Run.QA, "--adapter", folder.toString()), "adapter_config.json");
        refused(qa(Run.QA, "--adapter", folder.resolve("none").toString()), "--adapter", "does not exist");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t", "\u00A0"})
    void blankQuestionsAndContexts(String blank) throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.txt"), blank);
        refused(List.of("qa", "--model", Run.QA.toString(), "--question", blank, "--context", "a river"), "question");
        refused(List.of("qa", "--model", Run.QA.toString(), "--question", "where?", "--context", blank), "context");
        refused(List.of("qa", "--model", Run.QA.toString(), "--question", "where?", "--context-file", empty.toString()),
                "context");
    }

    @Test
    void aQuestionLongerThanTheWindow() {
        refused(List.of("qa", "--model", Run.QA.toString(), "--question", "what river ".repeat(40), "--context",
                "the river"), "question", "80 tokens", "64", "shorten");
    }

    @Test
    void aContextThatIsNotUtf8() throws IOException {
        Path latin1 = Files.write(folder.resolve("latin1.txt"), "the café".getBytes(StandardCharsets.ISO_8859_1));
        refused(contextFile(latin1), "latin1.txt", "0xE9", "offset 7", "UTF-8");
        Path cut = Files.write(folder.resolve("cut.txt"), new byte[]{'a', ' ', (byte) 0xE2, (byte) 0x82});
        refused(contextFile(cut), "cut.txt", "offset 2");
    }

    @Test
    void aContextThatCannotBeRead() {
        refused(contextFile(folder.resolve("none.txt")), "none.txt", "does not exist");
        refused(contextFile(folder), "is a folder");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--steps 0             | steps | 0",
            "--steps -3            | steps | -3",
            "--steps 100001        | steps | 100000",
            "--steps many          | --steps | many",
            "--steps auto --quadrature trapezoid | --quadrature trapezoid | auto",
            "--steps 5 --tolerance 0.1 | --tolerance | --steps auto",
            "--steps 5 --max-steps 9   | --max-steps | --steps auto",
            "--tolerance 0         | tolerance | 0.0",
            "--tolerance 1         | tolerance | 1.0",
            "--tolerance few       | --tolerance | is not a number",
            "--max-steps 2         | steps | 2",
            "--steps auto --convention transformers-interpret | auto | convention",
            "--steps 99999999999   | --steps | 99999999999",
            "--steps 1 --quadrature riemann-left | steps | riemann-left",
            "--method lime         | lime | integrated-gradients",
            "--convention captum   | captum | transformers-interpret",
            "--baseline noise      | noise | pad, mask, zero, mean",
            "--quadrature simpson  | simpson | gauss-legendre",
            "--convention transformers-interpret --baseline zero | baseline | pad",
            "--threads -1          | --threads | -1",
            "--threads 5000        | threads | 4096",
            "--device gpu          | gpu | known are cpu",
            "--device cpu:x        | cpu:x | number",
            "--device cpu:1        | cpu:1 | cpu:0",
            "--precision f16       | f16 | f32, tf32, bf16",
            "--precision bf16      | cpu | computes in f32, not in bf16",
            "--device reference --precision tf32 | reference | leave it out",
            "--stride -1           | --stride | -1",
            "--internal-batch-size -1 | --internal-batch-size | -1",
            "--memory lots         | --memory | lots",
            "--memory 0            | --memory | 512m",
            "--memory 9999999999999t | --memory | more memory",
            "--stpes 5             | --stpes | --steps",
            "--frobnicate          | --frobnicate | --help",
            "stray                 | stray | --help",
            "--steps               | --steps | parameter",
    })
    void optionsThatMakeNoSense(String options, String cause, String remedy) {
        refused(qa(Run.QA, options.strip().split(" ")), cause.strip(), remedy.strip());
    }

    @Test
    void aModelWithoutAQuestion() {
        String model = Run.QA.toString();
        refused(List.of("qa", "--model", model), "--question and --context or --context-file");
        refused(List.of("qa", "--model", model, "--context", "a"), "needs --question");
        refused(List.of("qa", "--question", "who?"), "needs --context or --context-file");
    }

    @Test
    void twoContexts() {
        refused(List.of("qa", "--question", "who?", "--context", "a", "--context-file", "b"), "--context",
                "--context-file");
    }

    @Test
    void outputsThatCannotBeWritten() throws IOException {
        refused(qa(Run.QA, "--json", folder.resolve("none/e.json").toString()), "--json", "there is no folder");
        refused(qa(Run.QA, "--html", folder.toString()), "--html", "is a folder");
    }

    @Test
    void twoOutputsOfOneName() throws IOException {
        Path file = folder.resolve("e.out");
        refused(qa(Run.QA, "--json", file.toString(), "--html", folder + "/./e.out"), "--html and --json");
        Files.writeString(file, "before");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        refused(qa(Run.QA, "--json", file.toString(), "--html", link.toString()), "--html and --json");
        assertThat(file).hasContent("before");
    }

    @Test
    void anOutputOverTheInput() throws IOException {
        Path context = Files.writeString(folder.resolve("c.txt"), "the river");
        refused(List.of("qa", "--model", Run.QA.toString(), "--question", "where?", "--context-file",
                context.toString(), "--json", context.toString()), "--json", "c.txt", "name another");
        assertThat(context).hasContent("the river");
    }

    @Test
    void commandsThatAreNone() {
        refused(List.of(), "command", "--help");
        refused(List.of("elucidate"), "elucidate", "--help");
        refused(List.of("tokenize"), "--text");
        refused(List.of("tokenize", "--model", folder.resolve("none").toString(), "--text", "a"), "does not exist");
    }

    @Test
    void debugShowsTheTrace() {
        Run run = Run.limpid("qa", "--model", folder.resolve("none").toString(), "--question", "q", "--context", "c",
                "--debug");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("UsageException", "\tat dev.limpid.cli.").endsWith("folder of a checkpoint\n");
    }

    private List<String> qa(Path model, String... more) {
        return Stream.concat(Stream.of("qa", "--model", model.toString(), "--question", "where is the river?",
                "--context", "the river is in the city"), Stream.of(more)).toList();
    }

    private static List<String> contextFile(Path file) {
        return List.of("qa", "--model", Run.QA.toString(), "--question", "where?", "--context-file", file.toString());
    }

    /** Runs it with outputs that must then not be there. */
    private void refused(List<String> args, String... parts) {
        boolean qa = args.contains("qa") && !args.contains("--html") && !args.contains("--json");
        Path html = folder.resolve("unwritten.html");
        List<String> all = qa ? Stream.concat(args.stream(), Stream.of("--html", html.toString())).toList() : args;
        Run run = Run.limpid(all.toArray(new String[0]));
        assertThat(run.err()).as(String.join(" ", args)).contains(parts).startsWith("limpid: ").endsWith("\n");
        assertThat(run.err().lines()).as("one sentence: %s", run.err()).hasSize(1);
        assertThat(run.err()).doesNotContain("Exception", "\tat ", "internal error");
        assertThat(run.exit()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(html).doesNotExist();
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    private Path modelWithout(String... missing) throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
                "vocab.txt")) {
            if (!List.of(missing).contains(name)) {
                Files.copy(Run.QA.resolve(name), model.resolve(name));
            }
        }
        return model;
    }
}
