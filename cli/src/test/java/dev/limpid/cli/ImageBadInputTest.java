package dev.limpid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every fault of a user of {@code limpid image}: one sentence with the cause and the remedy, exit status 2, and no file written. */
class ImageBadInputTest {
    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void copyModel() throws IOException {
        model = TinyViT.in(folder);
    }

    @Test
    void aFileThatIsNoImage() throws IOException {
        refused(withImage(Files.writeString(folder.resolve("notes.txt"), "notes")), "notes.txt", "is not an image",
                "PNG");
        refused(withImage(Files.write(folder.resolve("empty.png"), new byte[0])), "empty.png", "is empty");
        refused(withImage(Files.write(folder.resolve("drawing.svg"), "<svg/>".getBytes(StandardCharsets.UTF_8))),
                "drawing.svg", "SVG", "convert");
    }

    @Test
    void aFileThatCannotBeRead() {
        refused(withImage(folder.resolve("none.jpg")), "--image", "none.jpg", "does not exist");
        refused(withImage(folder), "directory");
    }

    @ParameterizedTest
    @CsvSource({"jpeg,2", "jpeg,100", "jpeg,1200", "png,20", "png,300", "gif,60", "bmp,200"})
    void aTruncatedImage(String format, int length) throws IOException {
        BufferedImage image = new BufferedImage(60, 40, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 2400; i++) {
            image.setRGB(i % 60, i / 60, i * 7919);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, format, bytes);
        assertThat(bytes.size()).isGreaterThan(length);
        Path file = folder.resolve("cut." + format);
        Files.write(file, Arrays.copyOf(bytes.toByteArray(), length));
        refused(withImage(file), "cut." + format);
    }

    @Test
    void anImageTooLargeIsRefusedBeforeMemoryIsTakenForIt() throws IOException {
        refused(withImage(Files.write(folder.resolve("bomb.png"), pngHeader(20_000, 20_000))), "bomb.png",
                "20000×20000", "178,956,970");
        refused(withImage(Files.write(folder.resolve("bomb.bmp"), bmpHeader(20_000, 20_000))), "bomb.bmp",
                "20000×20000", "178,956,970");
    }

    @Test
    void channelsThatDoNotFit() throws IOException {
        TinyViT.change(model, "preprocessor_config.json", "\"size\"",
                "\"image_mean\": [0.5, 0.5], \"image_std\": [0.5, 0.5], \"size\"");
        refused(image(), "image_mean", "2", "3");
        TinyViT.change(model, "config.json", "\"num_channels\": 3", "\"num_channels\": 4");
        refused(image(), "4");
    }

    @Test
    void aProcessorForAnotherSize() throws IOException {
        TinyViT.change(model, "preprocessor_config.json", "\"size\": 12", "\"size\": 16");
        refused(image(), "12 × 12", "16 × 16", "preprocessor_config.json");
        Files.delete(model.resolve("preprocessor_config.json"));
        refused(image(), "preprocessor_config.json");
    }

    @Test
    void classesTheModelDoesNotHave() {
        refused(image("--class", "unicorn"), "unicorn", "cat, dog, bird, ship, frog");
        refused(image("--class", ""), "''", "cat, dog, bird, ship, frog");
        refused(image("--index", "5"), "5", "from 0 to 4");
        refused(image("--index", "-1"), "-1", "from 0 to 4");
        refused(image("--contrast", "cat"), "--contrast 'cat'", "two", "5 classes");
        refused(image("--contrast", "cat,unicorn"), "unicorn", "two", "5 classes");
        refused(image("--contrast", "cat,17"), "17", "from 0 to 4");
        refused(image("--contrast", "dog,1"), "dog", "itself");
    }

    @Test
    void aContrastThatCanBeReadInTwoWays() throws IOException {
        TinyViT.change(model, "config.json", "\"0\": \"cat\"", "\"0\": \"a\"");
        TinyViT.change(model, "config.json", "\"1\": \"dog\"", "\"1\": \"b, c\"");
        TinyViT.change(model, "config.json", "\"2\": \"bird\"", "\"2\": \"a, b\"");
        TinyViT.change(model, "config.json", "\"3\": \"ship\"", "\"3\": \"c\"");
        refused(image("--contrast", "a, b, c"), "several ways", "by name or number");
    }

    @Test
    void modelsThatAreNoViT() throws IOException {
        refused(List.of("image", "--model", Run.QA.toString()), "BertForQuestionAnswering", "reads text");
        refused(List.of("image", "--model", folder.resolve("none").toString()), "--model", "does not exist");
        refused(List.of("qa", "--model", model.toString(), "--question", "who?", "--context", "a"),
                "ViTForImageClassification", "looks at images");
        TinyViT.change(model, "config.json", "\"model_type\": \"vit\"", "\"model_type\": \"resnet\"");
        refused(image(), "resnet", "vit");
    }

    @Test
    void damagedWeights() throws IOException {
        Path weights = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, Float.NaN);
        Files.write(weights, bytes);
        refused(image(), "NaN");
        Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));
        refused(image(), "model.safetensors");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--method lime        | lime | integrated-gradients, smoothgrad",
            "--view blended       | blended | heatmap, overlay, alpha, masked, original",
            "--sign both          | both | all, positive, negative, absolute",
            "--baseline noise     | noise | zero, black, white, grey, blurred",
            "--quadrature simpson | simpson | gauss-legendre",
            "--convention captum  | captum | transformers-interpret",
            "--colours pink       | pink | captum, blue-orange",
            "--outlier 1.5        | 1.5 | from 0 to 1",
            "--outlier -0.1       | -0.1 | from 0 to 1",
            "--outlier some       | --outlier | some",
            "--steps 0            | steps | 0",
            "--steps auto --method idgi    | --steps auto | --method idgi",
            "--tolerance 0.1 --method idgi | --tolerance | --method idgi",
            "--max-steps 9 --method saliency | --max-steps | --method saliency",
            "--tolerance 0.1 --method smoothgrad | --tolerance | --steps auto",
            "--steps 100001       | steps | 100000",
            "--steps 5 --method saliency   | --steps | --method saliency",
            "--samples 5                   | --samples | --method integrated-gradients",
            "--stdev 0.1 --method idgi     | --stdev | --method idgi",
            "--quadrature trapezoid --method occlusion | --quadrature | --method occlusion",
            "--samples 0 --method vargrad  | sample | 0",
            "--stdev -1 --method smoothgrad | standard deviation | -1",
            "--stdev NaN --method smoothgrad | standard deviation | NaN",
            "--top 0              | --top | 1 or more",
            "--top 2 --class cat  | --top | --class",
            "--index 1 --class cat | --index | --class",
            "--index one          | --index | one",
            "--seed x             | --seed | x",
            "--threads -1         | --threads | -1",
            "--device gpu         | gpu | known are cpu",
            "--internal-batch-size -1 | --internal-batch-size | -1",
            "--memory 0           | --memory | 512m",
            "--convention transformers-interpret --baseline black | baseline | black",
            "--convention transformers-interpret --method idgi | idgi | smoothgrad",
            "--title a --title b  | --title | once for each",
            "--adapter nowhere    | --adapter | does not exist",
            "--image              | --image | parameter",
            "--patchs             | --patchs | --patches",
            "stray                | stray | --help",
    })
    void optionsThatMakeNoSense(String options, String cause, String remedy) {
        refused(image(options.strip().split(" ")), cause.strip(), remedy.strip());
    }

    @Test
    void aBaselineThatIsNoImage() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "no image");
        refused(image("--baseline", text.toString()), "text.txt", "is not an image");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--out", "--html", "--json", "--map"})
    void outputsThatCannotBeWritten(String option) {
        refused(image(option, folder.resolve("none/e").toString()), option, "there is no folder");
        refused(image(option, folder.toString()), option, "is a folder");
    }

    @Test
    void outputsOverInputsAndEachOther() throws IOException {
        Path photo = folder.resolve("photo.png");
        ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", photo.toFile());
        byte[] before = Files.readAllBytes(photo);
        refused(image("--image", photo.toString(), "--out", photo.toString()), "--out", "photo.png", "name another");
        refused(image("--baseline", photo.toString(), "--map", photo.toString()), "--map", "name another");
        refused(image("--out", folder + "/e", "--map", folder + "/./e"), "--out and --map");
        assertThat(photo).hasBinaryContent(before);
    }

    @Test
    void oneBadImageAmongGoodOnesLeavesNothing() throws IOException {
        Path good = folder.resolve("good.png");
        ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", good.toFile());
        Path bad = Files.writeString(folder.resolve("bad.png"), "no image");
        refused(image("--image", good.toString(), bad.toString()), "bad.png", "is not an image");
    }

    private static byte[] pngHeader(int width, int height) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(new byte[]{(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        chunk(out, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8).put((byte) 2).array());
        chunk(out, "IDAT", new byte[]{0x78, (byte) 0x9c, 0x63, 0, 0, 0, 1, 0, 1});
        chunk(out, "IEND", new byte[0]);
        return bytes.toByteArray();
    }

    private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeInt(data.length);
        out.write(name);
        out.write(data);
        out.writeInt((int) crc.getValue());
    }

    private static byte[] bmpHeader(int width, int height) {
        ByteBuffer header = ByteBuffer.allocate(60).order(ByteOrder.LITTLE_ENDIAN);
        header.put((byte) 'B').put((byte) 'M').putInt(60).putInt(0).putInt(54).putInt(40).putInt(width).putInt(height)
                .putShort((short) 1).putShort((short) 24);
        return header.array();
    }

    private List<String> withImage(Path file) {
        return image("--image", file.toString());
    }

    private List<String> image(String... more) {
        return Stream.concat(Stream.of("image", "--model", model.toString()), Stream.of(more)).toList();
    }

    /** Runs it with outputs that must then not be there. */
    private void refused(List<String> args, String... parts) {
        List<String> outputs = Stream.of("--out", "--html", "--json", "--map")
                .filter(option -> args.getFirst().equals("image") && !args.contains(option)).toList();
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
