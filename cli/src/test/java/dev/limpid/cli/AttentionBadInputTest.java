package dev.limpid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.demo.DemoModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every fault of a user of {@code limpid attention}: one sentence with the cause and the remedy, exit status 2, and no file written. */
class AttentionBadInputTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t", "\u00A0"})
    void blankTexts(String blank) {
        refused(text("--text", blank), "text", "no words");
        refused(text("--text", "a river", "--pair", blank), "no words");
    }

    @Test
    void optionsThatDoNotGoTogether() throws IOException {
        Path image = Files.write(folder.resolve("a.png"), new byte[]{1});
        refused(List.of("attention", "--pair", "a river"), "--pair", "--text");
        refused(List.of("attention", "--text", "a river", "--image", image.toString()), "--image", "--text");
        refused(List.of("attention", "--pair", "a river", "--image", image.toString()), "--image", "--pair");
        refused(text("--class", "a", "--index", "1"), "--class", "--index", "mutually exclusive");
    }

    @Test
    void anInputThatTheModelCannotTake() throws IOException {
        Path vit = TinyViT.in(folder);
        refused(List.of("attention", "--model", vit.toString(), "--text", "a river"), "looks at images");
        Path photo = Files.write(folder.resolve("a.png"), DemoModels.photo());
        refused(text("--image", photo.toString()), "reads text");
    }

    @Test
    void imagesThatAreNone() throws IOException {
        refused(List.of("attention", "--image", folder.resolve("none.png").toString()), "--image", "none.png",
                "does not exist");
        Path notes = Files.writeString(folder.resolve("notes.txt"), "notes");
        refused(List.of("attention", "--image", notes.toString()), "notes.txt", "is not an image");
    }

    @ParameterizedTest
    @CsvSource({"--view,all,'head, model, neuron'", "--layer,-1,0 or more", "--layer,99,there is no layer 99",
            "--heads,99,there is no head 99", "--heads,-1,there is no head -1", "--include-layers,99,no layer 99",
            "--include-heads,99,no head 99", "--layer,x,not an int", "--heads,'1,x',not an int"})
    void pagesThatCannotBe(String option, String value, String expected) {
        refused(text(option, value), expected);
    }

    @Test
    void optionsOfAPageNeedAPage() {
        Run run = Run.limpid("attention", "--model", Run.QA.toString(), "--text", "a river", "--layer", "99");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("--layer", "give --html too").hasLineCount(1);
    }

    @Test
    void aLayerLeftOutCannotBeShownFirst() {
        refused(text("--layer", "0", "--include-layers", "1"), "there is no layer 0", "1");
    }

    @Test
    void classesTheModelDoesNotHave() {
        refused(text("--class", "unicorn"), "unicorn");
        refused(text("--index", "7"), "no class 7");
        refused(List.of("attention", "--model", Run.QA.toString(), "--text", "a river", "--index", "0"),
                "BertForQuestionAnswering", "leave the class out");
    }

    @Test
    void aTextLongerThanTheWindow() {
        refused(text("--text", "what river ".repeat(300)), "tokens", "window", "--truncate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"qa", "sequence-2"})
    void weightsThatAreNoNumber(String name) throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        try (Stream<Path> files = Files.list(Run.golden(name))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Path weights = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, Float.NaN);
        Files.write(weights, bytes);
        refused(List.of("attention", "--model", model.toString(), "--text", "a river"), "NaN");
    }

    @Test
    void outputsThatCannotBeWritten() throws IOException {
        Path photo = Files.write(folder.resolve("a.png"), DemoModels.photo());
        refused(List.of("attention", "--image", photo.toString(), "--html", photo.toString()), "--html",
                "is a file that is read");
        assertThat(photo).hasBinaryContent(DemoModels.photo());
        refused(text("--map", folder.resolve("none/a.safetensors").toString()), "--map", "none");
        String same = folder.resolve("unwritten").toString();
        refused(text("--map", same, "--json", same), "--map", "--json", "name two files");
    }

    private static List<String> text(String... more) {
        List<String> given = List.of(more);
        boolean other = given.contains("--text") || given.contains("--image");
        return Stream.of(Stream.of("attention", "--model", Run.golden("sequence-2").toString()),
                other ? Stream.<String>of() : Stream.of("--text", "a river"), given.stream()).flatMap(one -> one)
                .toList();
    }

    /** Runs it with outputs that must then not be there. */
    private void refused(List<String> args, String... parts) {
        List<String> outputs = Stream.of("--html", "--json", "--map").filter(option -> !args.contains(option)).toList();
        List<String> all = Stream.concat(args.stream(), outputs.stream().flatMap(option -> Stream.of(option,
                folder.resolve("unwritten" + option).toString()))).toList();
        Run run = Run.limpid(all.toArray(new String[0]));
        assertThat(run.err()).as(String.join(" ", args)).contains(parts).startsWith("limpid: ").endsWith("\n");
        assertThat(run.err().lines()).as("one sentence: %s", run.err()).hasSize(1);
        assertThat(run.err()).doesNotContain("Exception", "\tat ", "internal error");
        assertThat(run.exit()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(folder).isDirectoryNotContaining("glob:**unwritten*").isDirectoryNotContaining("glob:**.part");
    }
}
