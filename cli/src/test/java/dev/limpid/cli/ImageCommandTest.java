package dev.limpid.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.safetensors.SafetensorsFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageCommandTest {
    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void copyModel() throws IOException {
        model = TinyViT.in(folder);
    }

    @Test
    void withoutArgumentsTheEmbeddedModelSeesTheCat() throws IOException {
        Run run = Run.limpid("image");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .startsWith("image  chelsea.png, 451 × 300 pixels, seen as 32 × 32\nprediction  cat, 62.6 %")
                .contains("\nexplained  cat by integrated-gradients, 17 steps, baseline zero\nscore 2.8766 ");
        Run json = Run.limpid("image", "--json", "-", "--class", "dog", "--steps", "3");
        assertThat(new ObjectMapper().readTree(json.out()).get("model").asText()).isEqualTo("embedded");
    }

    @Test
    void explainsThePredictedClassOfThePhotoAndSaysHowToSeeIt() {
        Run run = image();
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("image  chelsea.png, 451 × 300 pixels, seen as 12 × 12\nprediction  frog, ")
                .contains("\nclass  index  probability     logit\nfrog       4  ",
                        "\nexplained  frog by integrated-gradients, 17 steps, baseline zero\nscore ",
                        "\nwhat each patch added, in percent of the strongest\n")
                .endsWith(
                        "\nTo see it: --out cat.png draws a picture, --html cat.html writes a page to look around in.\n");
        assertThat(folder).isDirectoryNotContaining(file -> !file.equals(model));
    }

    @Test
    void filesHoldTheSameExplanation() throws IOException {
        Path photo = photo("a photo.png", 40, 30, 1);
        Run run = image("--image", photo.toString(), "--out", path("e.png"), "--html", path("e.html"), "--json",
                path("e.json"), "--map", path("e.safetensors"), "--side-by-side", "--class", "Dog", "--patches");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("image  a photo.png, 40 × 30 pixels").endsWith("\nwrote  " + path("e.png")
                + "\nwrote  " + path("e.html") + "\nwrote  " + path("e.safetensors") + "\nwrote  " + path("e.json")
                + "\n");
        JsonNode json = new ObjectMapper().readTree(folder.resolve("e.json").toFile());
        assertThat(json.at("/image").toString()).isEqualTo("{\"name\":\"a photo.png\",\"width\":40,\"height\":30}");
        assertThat(json.at("/explanations/0/label").asText()).isEqualTo("dog");
        assertThat(json.at("/explanations/0/tensor").asText()).isEqualTo("attributions");
        assertThat(json.get("map").asText()).isEqualTo(path("e.safetensors"));
        assertThat(json.get("model").asText()).isEqualTo("vit-plain");
        try (SafetensorsFile map = SafetensorsFile.open(folder.resolve("e.safetensors"))) {
            double sum = 0;
            for (float value : map.floats("attributions")) {
                sum += value;
            }
            assertThat(sum).isCloseTo(json.at("/explanations/0/attributionSum").asDouble(), within(1e-5));
            assertThat(map.info("pixels").shape()).containsExactly(3, 12, 12);
            assertThat(map.metadata()).containsEntry("label", "dog").containsEntry("model", "vit-plain");
        }
        assertThat(ImageIO.read(folder.resolve("e.png").toFile()).getWidth()).isGreaterThan(900);
        assertThat(folder.resolve("e.html")).content().startsWith("<!DOCTYPE html>").contains("a photo.png")
                .endsWith("</html>\n");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("vit-plain",
                    "a photo.png", "e.png", "e.html", "e.json", "e.safetensors");
        }
    }

    @Test
    void attributionsOfIntegratedGradientsSumToTheDifference() throws IOException {
        JsonNode e = json("--index", "3", "--steps", "80").at("/explanations/0");
        double difference = e.get("score").asDouble() - e.get("baselineScore").asDouble();
        assertThat(e.get("attributionSum").asDouble() - difference).isCloseTo(e.get("delta").asDouble(), within(1e-9));
        assertThat(e.get("delta").asDouble()).isCloseTo(0, within(1e-3));
        assertThat(e.get("label").asText()).isEqualTo("ship");
        assertThat(e.get("steps").asInt()).isEqualTo(80);
    }

    @ParameterizedTest
    @CsvSource({"integrated-gradients,integrated-gradients,clenshaw-curtis-start,17,true",
            "smoothgrad,smoothgrad(integrated-gradients),gauss-legendre,50,false",
            "smoothgrad-sq,smoothgrad-sq(integrated-gradients),gauss-legendre,50,false",
            "vargrad,vargrad(integrated-gradients),gauss-legendre,50,false", "saliency,saliency,,1,false",
            "gradient,gradient,,1,false", "input-x-gradient,input-x-gradient,,1,false", "occlusion,occlusion,,9,false",
            "idgi,idgi,,50,true", "attention-rollout,attention-rollout,,1,false",
            "gradient-weighted-attention,gradient-weighted-attention,,1,false"})
    void everyMethodCanBeAskedFor(String name, String id, String quadrature, int steps, boolean complete)
            throws IOException {
        JsonNode e = json("--method", name).at("/explanations/0");
        assertThat(e.get("method").asText()).isEqualTo(id);
        assertThat(e.get("quadrature").textValue()).isEqualTo(quadrature);
        assertThat(e.get("steps").asInt()).isEqualTo(steps);
        assertThat(e.get("delta").isNumber()).isEqualTo(complete);
        assertThat(e.has("seed")).isEqualTo(id.contains("("));
        assertThat(e.get("attributionSum").asDouble()).isNotZero();
    }

    @Test
    void optionsOfTheNoiseReachIt() throws IOException {
        String[] tunnel = {"--method", "smoothgrad", "--samples", "3", "--steps", "4", "--seed"};
        JsonNode one = json(Stream.concat(Stream.of(tunnel), Stream.of("1")).toArray(String[]::new));
        JsonNode again = json(Stream.concat(Stream.of(tunnel), Stream.of("1")).toArray(String[]::new));
        JsonNode other = json(Stream.concat(Stream.of(tunnel), Stream.of("2")).toArray(String[]::new));
        assertThat(one.at("/explanations/0/steps").asInt()).isEqualTo(12);
        assertThat(one.at("/explanations/0/seed").asLong()).isEqualTo(1);
        assertThat(one).isEqualTo(again);
        assertThat(other.at("/explanations/0/attributionSum")).isNotEqualTo(one.at("/explanations/0/attributionSum"));
        JsonNode quiet = json("--method", "smoothgrad", "--stdev", "0", "--steps", "50").at("/explanations/0");
        assertThat(quiet.get("attributionSum").asDouble())
                .isCloseTo(json("--steps", "50").at("/explanations/0/attributionSum").asDouble(), within(1e-5));
    }

    @Test
    void theConventionOfTransformersInterpret() throws IOException {
        Run run = image("--convention", "transformers-interpret", "--seed", "4", "--class", "dog", "--json", "-");
        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEqualTo("limpid: --class is not looked at by transformers-interpret; the predicted"
                + " class is explained, as it would there\n");
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("convention").asText()).isEqualTo("transformers-interpret");
        JsonNode e = json.at("/explanations/0");
        assertThat(e.get("label").asText()).isEqualTo("frog");
        assertThat(e.get("method").asText()).isEqualTo("smoothgrad(integrated-gradients)");
        assertThat(e.get("steps").asInt()).isEqualTo(50);
        JsonNode same = json("--method", "smoothgrad", "--stdev", "1", "--seed", "4").at("/explanations/0");
        assertThat(e.get("attributionSum")).isEqualTo(same.get("attributionSum"));
        assertThat(json("--convention", "transformers-interpret", "--method", "integrated-gradients")
                .at("/explanations/0/attributionSum"))
                .isEqualTo(json("--steps", "50").at("/explanations/0/attributionSum"));
    }

    @Test
    void targetsOfEveryKind() throws IOException {
        JsonNode top = json("--top", "3", "--steps", "50").get("explanations");
        assertThat(top).hasSize(3);
        assertThat(top.findValuesAsText("label")).containsExactly("frog", "cat", "bird");
        assertThat(json("--top", "99").get("explanations")).hasSize(5);
        JsonNode contrast = json("--contrast", "FROG, 0", "--steps", "50").at("/explanations/0");
        assertThat(contrast.get("target").asText()).isEqualTo("contrast");
        assertThat(contrast.get("label").asText()).isEqualTo("frog − cat");
        assertThat(contrast.get("score").asDouble()).isCloseTo(
                top.get(0).get("score").asDouble() - top.get(1).get("score").asDouble(), within(1e-6));
        assertThat(contrast.get("attributionSum").asDouble()).isCloseTo(top.get(0).get("attributionSum").asDouble()
                - top.get(1).get("attributionSum").asDouble(), within(1e-5));
    }

    @Test
    void namesOfAContrastMayHoldCommas() throws IOException {
        TinyViT.change(model, "config.json", "\"0\": \"cat\"", "\"0\": \"tabby, tabby cat\"");
        assertThat(json("--contrast", "tabby, tabby cat, dog").at("/explanations/0/label").asText())
                .isEqualTo("tabby, tabby cat − dog");
        assertThat(json("--contrast", "dog,tabby, tabby cat").at("/explanations/0/label").asText())
                .isEqualTo("dog − tabby, tabby cat");
    }

    @Test
    void severalBaselinesAreAveraged() throws IOException {
        Path file = photo("mean.png", 5, 5, 2);
        JsonNode both = json("--baseline", "black", "--baseline", file.toString());
        assertThat(both.get("baseline").asText()).isEqualTo("black+mean.png");
        double black = json("--baseline", "black").at("/explanations/0/attributionSum").asDouble();
        double other = json("--baseline", file.toString()).at("/explanations/0/attributionSum").asDouble();
        assertThat(both.at("/explanations/0/attributionSum").asDouble()).isCloseTo((black + other) / 2, within(1e-5));
        for (String name : List.of("zero", "white", "grey", "blurred")) {
            assertThat(json("--baseline", name, "--steps", "2").get("baseline").asText()).isEqualTo(name);
        }
    }

    @Test
    void severalImagesAreALineOfJsonEachAndNumberedInTheMap() throws IOException {
        String[] photos = {photo("a.png", 20, 20, 3).toString(), photo("b.png", 9, 40, 4).toString()};
        Run run = image("--image", photos[0], photos[1], "--json", "-", "--map", path("m.safetensors"), "--top", "2",
                "--out", path("e.png"), "--shared-scale", "--html", path("e.html"));
        assertThat(run.exit()).as(run.err()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(2);
        for (int i = 0; i < 2; i++) {
            JsonNode json = new ObjectMapper().readTree(lines.get(i));
            assertThat(json.at("/image/name").asText()).isEqualTo(i == 0 ? "a.png" : "b.png");
            assertThat(json.at("/explanations/1/tensor").asText()).isEqualTo("attributions." + (i + 1) + ".2");
        }
        try (SafetensorsFile map = SafetensorsFile.open(folder.resolve("m.safetensors"))) {
            assertThat(map.names()).contains("pixels.1", "pixels.2", "attributions.1.1", "attributions.2.2").hasSize(6);
        }
        BufferedImage shared = ImageIO.read(folder.resolve("e.png").toFile());
        assertThat(image("--image", photos[0], "--image", photos[1], "--top", "2", "--out", path("own.png")).exit())
                .isZero();
        BufferedImage own = ImageIO.read(folder.resolve("own.png").toFile());
        assertThat(own.getHeight()).as("rows").isEqualTo(shared.getHeight()).isGreaterThan(4 * 448);
        assertThat(Files.readAllBytes(folder.resolve("own.png"))).as("scales")
                .isNotEqualTo(Files.readAllBytes(folder.resolve("e.png")));
        assertThat(folder.resolve("e.html")).content().contains("4 images", "a.png", "b.png");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--view overlay", "--view alpha --sign negative", "--view masked --sign absolute",
            "--view original", "--sign positive", "--outlier 0.3", "--colours blue-orange", "--colors blue-orange",
            "--patches", "--side-by-side", "--title A-title --side-by-side", "--convention transformers-interpret"})
    void optionsOfThePictureReachIt(String options) throws IOException {
        assertThat(image("--out", path("usual.png")).exit()).isZero();
        Run run = image(Stream.concat(Stream.of(options.split(" ")), Stream.of("--out", path("e.png")))
                .toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(Files.readAllBytes(folder.resolve("e.png")))
                .isNotEqualTo(Files.readAllBytes(folder.resolve("usual.png")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alpha", "masked"})
    void aViewWithoutSignsSaysThatItShowsThePositive(String view) throws IOException {
        Run run = image("--view", view, "--out", path("all.png"));
        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEqualTo("limpid: the view " + view
                + " cannot tell signs apart; it shows the positive attributions.\n");
        assertThat(image("--view", view, "--sign", "positive", "--out", path("positive.png")).err()).isEmpty();
        assertThat(ImageIO.read(folder.resolve("positive.png").toFile()).getRGB(40, 60, 400, 400, null, 0, 400))
                .isEqualTo(ImageIO.read(folder.resolve("all.png").toFile()).getRGB(40, 60, 400, 400, null, 0, 400));
        assertThat(image("--view", view).err()).as("where nothing is drawn").isEmpty();
    }

    @Test
    void metricsStandInTextAndJson() throws IOException {
        Run run = image("--metrics", "--json", path("e.json"));
        assertThat(run.out()).containsPattern("\ninfidelity \\S+  deletion AUC \\S+  insertion AUC ");
        JsonNode metrics = new ObjectMapper().readTree(folder.resolve("e.json").toFile()).at("/explanations/0/metrics");
        assertThat(metrics.properties()).hasSize(5).allMatch(entry -> entry.getValue().isNumber());
        assertThat(metrics.get("deletionAuc").asDouble()).isBetween(0.0, 1.0);
    }

    @Test
    void aHostileLabelIsShownAndDoesNothing() throws IOException {
        TinyViT.change(model, "config.json", "\"frog\"", "\"</script><b>\\u001b[31mfrog\"");
        Run run = image("--html", path("e.html"), "--out", path("e.png"), "--json", path("e.json"), "--map",
                path("e.safetensors"));
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).doesNotContain("\u001b").contains("</script><b>\ufffd[31mfrog");
        assertThat(folder.resolve("e.html")).content().doesNotContain("</script><b>", "\u001b")
                .contains("&lt;/script&gt;&lt;b&gt;");
        assertThat(new ObjectMapper().readTree(folder.resolve("e.json").toFile()).at("/prediction/label").asText())
                .isEqualTo("</script><b>\u001b[31mfrog");
    }

    @Test
    void onePixelIsEnough() throws IOException {
        JsonNode json = json("--image", photo("one.png", 1, 1, 5).toString());
        assertThat(json.at("/image/width").asInt()).isEqualTo(1);
        assertThat(json.at("/explanations/0/score").isNumber()).isTrue();
    }

    @Test
    void greyModelsSeeGrey() throws IOException {
        Path grey = TinyViT.greyIn(folder);
        Run run = Run.limpid("image", "--model", grey.toString(), "--json", "-", "--map", path("m.safetensors"));
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(new ObjectMapper().readTree(run.out()).get("input").toString()).isEqualTo(
                "{\"width\":12,\"height\":8,\"channels\":1,\"patch\":{\"width\":3,\"height\":4}}");
        assertThat(Run
                .limpid("image", "--model", grey.toString(), "--patches", "--out", path("e.png"), "--html",
                        path("e.html"))
                .exit()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--threads 1", "--internal-batch-size 3", "--memory 64k", "--device reference"})
    void resourcesDoNotChangeTheResult(String options) throws IOException {
        JsonNode other = json(options.split(" ")).at("/explanations/0");
        JsonNode usual = json().at("/explanations/0");
        for (String key : List.of("score", "baselineScore", "attributionSum")) {
            assertThat(other.get(key).asDouble()).isCloseTo(usual.get(key).asDouble(), within(2e-5));
        }
    }

    @Test
    void coloursAreForTerminalsOnly() {
        String[] args = {"image", "--model", model.toString()};
        assertThat(Run.limpid(args).out()).doesNotContain("\u001b[");
        assertThat(Run.limpid(Map.of("TERM", "xterm"), true, args).out()).contains("\u001b[38;2;0;0;0;48;2;");
        assertThat(Run.limpid(Map.of("TERM", "xterm"), true, "image", "--model", model.toString(), "--no-colour").out())
                .doesNotContain("\u001b[");
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private Path photo(String name, int width, int height, long seed) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(seed);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, random.nextInt(1 << 24));
        }
        Path file = folder.resolve(name);
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    private Run image(String... more) {
        return Run.limpid(Stream.concat(Stream.of("image", "--model", model.toString()), Stream.of(more))
                .toArray(String[]::new));
    }

    private JsonNode json(String... more) throws IOException {
        Run run = image(Stream.concat(Stream.of(more), Stream.of("--json", "-")).toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        return new ObjectMapper().readTree(run.out());
    }
}
