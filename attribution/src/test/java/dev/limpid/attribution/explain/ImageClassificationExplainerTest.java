package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.Accuracy;
import dev.limpid.attribution.Idgi;
import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.NoiseTunnel;
import dev.limpid.attribution.Progress;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.Steps;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Saliency;
import dev.limpid.nn.ModelException;
import dev.limpid.vit.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a tiny random checkpoint of five classes: cat, dog, bird, ship, frog; images of 12 × 12 pixels, patches of 4 × 4. */
class ImageClassificationExplainerTest {
    private static final Path CHECKPOINT = Path.of("../vit/src/test/resources/golden/vit-plain");
    private static final RgbImage IMAGE = noise(30, 20);

    @TempDir
    private Path folder;

    private LimpidModel model;

    @BeforeEach
    void load() throws IOException {
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(CHECKPOINT.resolve(file), folder.resolve(file));
        }
        processor(12);
        model = Limpid.load(folder, LoadOptions.DEFAULT.withDevice("reference").withName("tiny"));
    }

    private void processor(int size) throws IOException {
        Files.writeString(folder.resolve("preprocessor_config.json"),
                "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": " + size
                        + ", \"image_mean\": [0.5, 0.4, 0.3], \"image_std\": [0.5, 0.25, 0.2]}");
    }

    @AfterEach
    void close() {
        model.close();
    }

    private static RgbImage noise(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        new Random(7).nextBytes(rgb);
        return new RgbImage(width, height, rgb);
    }

    private ImageExplanation explain(ImageOptions options) {
        return model.imageClassification().explain(IMAGE, options);
    }

    @Test
    void manyImagesAreWhatEachIsAlone() {
        List<RgbImage> images = List.of(IMAGE, noise(12, 12), noise(40, 13), noise(25, 60));
        ImageOptions together = ImageOptions.DEFAULT.withRun(new RunOptions(0, 3 * model.vit().bytesPerRow(),
                Progress.NONE));
        for (ImageOptions options : List.of(ImageOptions.DEFAULT, together, together.withMethod(new Idgi(3)),
                ImageOptions.DEFAULT.withBaselines(ImageBaseline.BLACK, ImageBaseline.WHITE))) {
            List<ImageExplanation> all = model.imageClassification().explainAll(images, options);
            assertThat(all).hasSameSizeAs(images);
            for (int i = 0; i < images.size(); i++) {
                ImageExplanation alone = model.imageClassification().explain(images.get(i), options);
                assertThat(all.get(i).original()).isEqualTo(images.get(i));
                assertThat(all.get(i).predictions()).isEqualTo(alone.predictions());
                assertThat(all.get(i).explanations().getFirst().values())
                        .containsExactly(alone.explanations().getFirst().values());
            }
        }
    }

    @Test
    void thePredictedClassIsExplainedAndTheAttributionsSumToItsScore() {
        ImageExplanation e = explain(ImageOptions.DEFAULT);
        ImageAttribution a = e.explanations().getFirst();
        assertThat(e.predictions()).hasSize(5).extracting(ClassPrediction::logit).isSortedAccordingTo((x, y) -> Double
                .compare(y, x));
        assertThat(e.predictions().stream().mapToDouble(ClassPrediction::probability).sum()).isCloseTo(1,
                within(1e-12));
        assertThat(a.label()).isEqualTo(e.prediction().label());
        assertThat(a.score()).isCloseTo(e.prediction().logit(), within(1e-12));
        assertThat(a.values()).hasSize(3 * 12 * 12);
        assertThat(a.attributionSum()).isCloseTo(a.score() - a.baselineScore() + a.delta(), within(1e-12));
        assertThat(Math.abs(a.delta())).isLessThan(Steps.AUTO.tolerance() * Math.abs(a.score() - a.baselineScore()));
        assertThat(e.resized().width()).isEqualTo(12);
        assertThat(e.original()).isSameAs(IMAGE);
        assertThat(a.method()).isEqualTo("integrated-gradients");
        assertThat(a.quadrature()).isEqualTo("clenshaw-curtis-start");
        assertThat(a.accuracy()).isEqualTo(new Accuracy(Steps.AUTO.tolerance(), true));
        assertThat(a.steps()).isIn(3, 5, 9, 17, 33);
    }

    @Test
    void severalClassesShareAPassAndAreWhatEachIsAlone() {
        ImageExplanation three = explain(ImageOptions.DEFAULT.withTarget(ClassTarget.top(3)));
        assertThat(three.explanations()).hasSize(3);
        for (int i = 0; i < 3; i++) {
            int index = three.predictions().get(i).index();
            ImageAttribution alone = explain(ImageOptions.DEFAULT.withTarget(ClassTarget.index(index))).explanations()
                    .getFirst();
            assertThat(three.explanations().get(i).index()).isEqualTo(index);
            assertThat(three.explanations().get(i).values()).containsExactly(alone.values(), within(1e-15));
        }
        assertThat(explain(ImageOptions.DEFAULT.withTarget(ClassTarget.top(99))).explanations()).hasSize(5);
    }

    @Test
    void aContrastIsTheDifferenceOfTwoExplanations() {
        ImageOptions fifty = ImageOptions.DEFAULT.withMethod(new IntegratedGradients(Steps.FIFTY));
        ImageAttribution cat = explain(fifty.withTarget(ClassTarget.label("cat"))).explanations()
                .getFirst();
        ImageAttribution frog = explain(fifty.withTarget(ClassTarget.label("FROG"))).explanations()
                .getFirst();
        ImageAttribution contrast = explain(fifty
                .withTarget(ClassTarget.contrast(ClassTarget.label("cat"), ClassTarget.index(4)))).explanations()
                .getFirst();
        assertThat(contrast.label()).isEqualTo("cat − frog");
        assertThat(contrast.score()).isCloseTo(cat.score() - frog.score(), within(1e-12));
        for (int i = 0; i < contrast.values().length; i++) {
            assertThat(contrast.values()[i]).isCloseTo(cat.values()[i] - frog.values()[i], within(1e-12));
        }
    }

    @Test
    void baselinesAreWhatTheySay() {
        ImageAttribution fromBlack = explain(ImageOptions.DEFAULT.withBaselines(ImageBaseline.BLACK)).explanations()
                .getFirst();
        double black = fromBlack.baselineScore();
        RgbImage blackImage = new RgbImage(5, 5, new byte[75]);
        ImageExplanation ofBlack = model.imageClassification().explain(blackImage, ImageOptions.DEFAULT
                .withTarget(ClassTarget.index(explain(ImageOptions.DEFAULT).prediction().index())));
        assertThat(black).isCloseTo(ofBlack.explanations().getFirst().score(), within(1e-12));
        double file = explain(ImageOptions.DEFAULT.withBaselines(ImageBaseline.of(blackImage, "black.png")))
                .explanations().getFirst().baselineScore();
        assertThat(file).isEqualTo(black);
        ImageExplanation both = explain(ImageOptions.DEFAULT.withBaselines(ImageBaseline.BLACK, ImageBaseline.WHITE));
        ImageAttribution fromWhite = explain(ImageOptions.DEFAULT.withBaselines(ImageBaseline.WHITE)).explanations()
                .getFirst();
        double white = fromWhite.baselineScore();
        assertThat(both.baseline()).isEqualTo("black+white");
        assertThat(both.explanations().getFirst().baselineScore()).isCloseTo((black + white) / 2, within(1e-12));
        assertThat(both.explanations().getFirst().steps()).isEqualTo(fromBlack.steps() + fromWhite.steps());
    }

    @Test
    void blurKeepsWhatIsFlatAndTheMeanOfWhatIsNot() {
        byte[] rgb = new byte[3 * 12 * 12];
        Arrays.fill(rgb, (byte) 77);
        double[] flat = ImageBaseline.BLURRED.values(model.imageProcessor(),
                model.imageProcessor().normalise(new RgbImage(12, 12, rgb)));
        float[] colour = model.imageProcessor().normalise(77, 77, 77);
        for (int i = 0; i < flat.length; i++) {
            assertThat(flat[i]).isCloseTo(colour[i / 144], within(1e-6));
        }
        // One white pixel in the middle: the blur is symmetric, and spreads it without losing any.
        rgb = new byte[3 * 144];
        Arrays.fill(rgb, 3 * (5 * 12 + 5), 3 * (5 * 12 + 5) + 3, (byte) 255);
        double[] dot = ImageBaseline.blurred(1).values(model.imageProcessor(),
                model.imageProcessor().normalise(new RgbImage(12, 12, rgb)));
        assertThat(dot[5 * 12 + 4]).isCloseTo(dot[4 * 12 + 5], within(1e-12)).isCloseTo(dot[5 * 12 + 6], within(1e-12));
        double sum = Arrays.stream(dot, 0, 144).sum();
        float black = model.imageProcessor().normalise(0, 0, 0)[0];
        float white = model.imageProcessor().normalise(255, 255, 255)[0];
        assertThat(sum).isCloseTo(143 * black + white, within(1e-4));
    }

    @Test
    void theConventionOfTransformersInterpretHasItsQuirks() {
        ImageOptions ti = ImageOptions.transformersInterpret(5);
        ImageExplanation e = explain(ti);
        ImageAttribution a = e.explanations().getFirst();
        assertThat(a.method()).isEqualTo("smoothgrad(integrated-gradients)");
        assertThat(a.steps()).isEqualTo(50);
        assertThat(a.delta()).isNaN();
        assertThat(a.values()).containsExactly(explain(ti).explanations().getFirst().values());
        assertThat(a.values()).isNotEqualTo(explain(ImageOptions.transformersInterpret(6)).explanations().getFirst()
                .values());
        int predicted = e.prediction().index();
        int other = predicted == 1 ? 2 : 1;
        assertThat(explain(ti.withTarget(ClassTarget.index(other))).explanations().getFirst().index()).isEqualTo(other);
        assertThat(explain(ti.withTarget(ClassTarget.index(0))).explanations().getFirst().index())
                .isEqualTo(predicted);
        assertThat(explain(ti.withTarget(ClassTarget.label("no such class"))).explanations().getFirst().index())
                .isEqualTo(predicted);
        assertThatThrownBy(() -> ti.withBaselines(ImageBaseline.BLACK)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has only the baseline zero, not black");
    }

    @Test
    void methodsThatDoNotSumToTheScoreHaveNoDelta() {
        ImageAttribution saliency = explain(ImageOptions.DEFAULT.withMethod(new Saliency(false))).explanations()
                .getFirst();
        assertThat(saliency.delta()).isNaN();
        assertThat(saliency.baselineScore()).isNaN();
        assertThat(saliency.quadrature()).isNull();
        ImageAttribution idgi = explain(ImageOptions.DEFAULT.withMethod(new Idgi(20))).explanations().getFirst();
        assertThat(idgi.delta()).isCloseTo(0, within(1e-12));
        assertThat(NoiseTunnel.Type.named("vargrad")).isEqualTo(NoiseTunnel.Type.VARGRAD);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 50})
    void theChunkSizeChangesNothing(int rows) {
        ImageAttribution whole = explain(ImageOptions.DEFAULT).explanations().getFirst();
        ImageAttribution chunked = explain(
                ImageOptions.DEFAULT.withRun(new RunOptions(rows, 1, Progress.NONE))).explanations().getFirst();
        assertThat(chunked.values()).containsExactly(whole.values(), within(1e-13));
    }

    @Test
    void theFastDeviceAgreesWithTheReference() {
        double[] reference = explain(ImageOptions.DEFAULT).explanations().getFirst().values();
        double largest = Arrays.stream(reference).map(Math::abs).max().orElseThrow();
        try (LimpidModel cpu = Limpid.load(folder)) {
            assertThat(cpu.imageClassification().explain(IMAGE, ImageOptions.DEFAULT).explanations().getFirst()
                    .values()).containsExactly(reference, within(1e-5 * largest));
        }
    }

    @Test
    void whatCannotBeIsRefusedInOneSentence() throws IOException {
        assertThatThrownBy(() -> explain(ImageOptions.DEFAULT.withTarget(ClassTarget.index(5))))
                .isInstanceOf(InputException.class)
                .hasMessage("there is no class 5; the model has 5 classes, numbered from 0 to 4");
        assertThatThrownBy(() -> explain(ImageOptions.DEFAULT.withTarget(ClassTarget.label("horse"))))
                .isInstanceOf(InputException.class)
                .hasMessage("the model has no class 'horse'; it has cat, dog, bird, ship, frog");
        assertThatThrownBy(() -> explain(ImageOptions.DEFAULT
                .withTarget(ClassTarget.contrast(ClassTarget.index(1), ClassTarget.label("dog")))))
                .isInstanceOf(InputException.class).hasMessageContaining("cannot be set against itself");
        assertThatThrownBy(() -> ImageBaseline.named("pink")).hasMessageContaining("known are zero, black");
        assertThatThrownBy(() -> new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 0))
                .hasMessageContaining("steps must be from 1");
        assertThatThrownBy(() -> model.questionAnswering()).isInstanceOf(ModelException.class)
                .hasMessage("tiny is a ViTForImageClassification, which looks at images; load a BERT model");
        processor(16);
        try (LimpidModel wrong = Limpid.load(folder)) {
            assertThatThrownBy(() -> wrong.imageClassification().explain(IMAGE, ImageOptions.DEFAULT))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("12 × 12 pixels, but its preprocessor_config.json makes them 16 × 16");
        }
    }
}
