package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.InputXGradient;
import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.Method;
import dev.limpid.attribution.NoiseSource;
import dev.limpid.attribution.NoiseTunnel;
import dev.limpid.attribution.Probe;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Saliency;
import dev.limpid.attribution.Target;
import dev.limpid.vit.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a tiny random checkpoint with nine patches, whose measures are computed here patch by patch. */
class ImageFaithfulnessTest {
    private static final Path CHECKPOINT = Path.of("../vit/src/test/resources/golden/vit-plain");
    private static final int PATCHES = 9;
    private static final Method METHOD = new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 10);

    @TempDir
    private Path folder;

    private LimpidModel model;
    private RgbImage image;

    @BeforeEach
    void load() throws IOException {
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(CHECKPOINT.resolve(file), folder.resolve(file));
        }
        Files.writeString(folder.resolve("preprocessor_config.json"),
                "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": 12}");
        model = Limpid.load(folder, LoadOptions.DEFAULT.withDevice("reference"));
        byte[] rgb = new byte[3 * 12 * 12];
        new Random(3).nextBytes(rgb);
        image = new RgbImage(12, 12, rgb);
    }

    @AfterEach
    void close() {
        model.close();
    }

    private ImageFaithfulness measured(ImageOptions options, ImageExplanation explanation) {
        return ImageFaithfulness.of(model, explanation, options, 5).getFirst();
    }

    /** F with only some of the patches, the others white. */
    private double f(ImageExplanation e, Target target, List<Integer> kept) {
        double[] baseline = ImageBaseline.WHITE.values(model.imageProcessor(), e.pixels());
        double[] x = new double[baseline.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = kept.contains(i / 12 % 12 / 4 * 3 + i % 12 / 4) ? e.pixels().values()[i] : baseline[i];
        }
        return new Probe(new PixelSpace(model.vit()), List.of(target), RunOptions.DEFAULT, 1).scores(1, _ -> x)[0][0];
    }

    private static List<Integer> order(ImageAttribution attribution) {
        double[] sums = new double[PATCHES];
        for (int i = 0; i < attribution.values().length; i++) {
            sums[i / 12 % 12 / 4 * 3 + i % 12 / 4] += attribution.values()[i];
        }
        return IntStream.range(0, PATCHES).boxed().sorted(Comparator.comparingDouble(p -> -sums[p])).toList();
    }

    private void assertMeasures(ImageOptions options, ImageExplanation e, Target confidence) {
        List<Integer> order = order(e.explanations().getFirst());
        List<Double> kept = new ArrayList<>();
        List<Double> left = new ArrayList<>();
        for (int k = 0; k <= PATCHES; k++) {
            kept.add(f(e, confidence, order.subList(0, k)));
            left.add(f(e, confidence, order.subList(k, PATCHES)));
        }
        ImageFaithfulness m = measured(options, e);
        assertThat(m.insertionAuc()).isCloseTo(area(kept), within(1e-9));
        assertThat(m.deletionAuc()).isCloseTo(area(left), within(1e-9));
        // 1, 5, 10, 20 and 50 % of nine patches are 1, 1, 1, 2 and 5
        assertThat(m.sufficiency()).isCloseTo(left.getFirst() - (3 * kept.get(1) + kept.get(2) + kept.get(5)) / 5,
                within(1e-9));
        assertThat(m.comprehensiveness())
                .isCloseTo(left.getFirst() - (3 * left.get(1) + left.get(2) + left.get(5)) / 5, within(1e-9));
    }

    private static double area(List<Double> scores) {
        return IntStream.range(0, PATCHES).mapToDouble(k -> (scores.get(k) + scores.get(k + 1)) / 2 / PATCHES).sum();
    }

    @Test
    void ofAClassItsProbabilityIsLookedAt() {
        ImageOptions options = ImageOptions.DEFAULT.withMethod(METHOD).withBaselines(ImageBaseline.WHITE)
                .withTarget(ClassTarget.index(2));
        assertMeasures(options, model.imageClassification().explain(image, options), Target.probability(2));
    }

    @Test
    void ofAContrastTheDifference() {
        ImageOptions options = ImageOptions.DEFAULT.withMethod(METHOD).withBaselines(ImageBaseline.WHITE)
                .withTarget(ClassTarget.contrast(ClassTarget.label("dog"), ClassTarget.index(4)));
        assertMeasures(options, model.imageClassification().explain(image, options), Target.difference(1, 4));
    }

    @Test
    void severalBaselinesAreMeasuredAgainstTheFirst() {
        ImageOptions options = ImageOptions.DEFAULT.withMethod(METHOD)
                .withBaselines(ImageBaseline.WHITE, ImageBaseline.BLACK).withTarget(ClassTarget.index(0));
        assertMeasures(options, model.imageClassification().explain(image, options), Target.probability(0));
    }

    @Test
    void infidelityIsTheSameForMultiplesAndSeedsOnly() {
        ImageOptions options = ImageOptions.DEFAULT.withMethod(METHOD);
        ImageExplanation e = model.imageClassification().explain(image, options);
        double infidelity = measured(options, e).infidelity();
        assertThat(infidelity).isPositive();
        assertThat(measured(options, times(e, 7)).infidelity()).isCloseTo(infidelity, within(1e-9));
        assertThat(ImageFaithfulness.of(model, e, options, 6).getFirst().infidelity()).isNotEqualTo(infidelity);
    }

    /** A gradient times x − x0, as input×gradient holds it, and the bare gradient foretell the same change. */
    @Test
    void infidelityKnowsWhichMethodsHoldTheInput() {
        ImageOptions multiplied = ImageOptions.DEFAULT.withMethod(new InputXGradient());
        ImageOptions bare = ImageOptions.DEFAULT.withMethod(new Saliency(true));
        ImageOptions tunnel = ImageOptions.DEFAULT.withMethod(new NoiseTunnel(new Saliency(true),
                NoiseTunnel.Type.SMOOTHGRAD, 1, 0, NoiseSource.gaussian(1)));
        double expected = measured(multiplied, model.imageClassification().explain(image, multiplied)).infidelity();
        for (ImageOptions options : List.of(bare, tunnel)) {
            ImageExplanation e = model.imageClassification().explain(image, options);
            assertThat(measured(options, e).infidelity()).isCloseTo(expected, within(1e-9));
        }
    }

    @Test
    void eachTargetIsMeasuredAndTheProgressIsTold() {
        List<Long> done = new ArrayList<>();
        List<Long> totals = new ArrayList<>();
        ImageOptions options = ImageOptions.DEFAULT.withMethod(METHOD).withTarget(ClassTarget.top(3));
        ImageExplanation e = model.imageClassification().explain(image, options);
        ImageOptions told = options.withRun(options.run().withProgress((d, total) -> {
            done.add(d);
            totals.add(total);
        }));
        List<ImageFaithfulness> all = ImageFaithfulness.of(model, e, told, 5);
        assertThat(all).hasSize(3);
        ImageOptions second = options.withTarget(ClassTarget.index(e.predictions().get(1).index()));
        assertThat(measured(second, model.imageClassification().explain(image, second)).deletionAuc())
                .isCloseTo(all.get(1).deletionAuc(), within(1e-9));
        assertThat(done.getLast()).isEqualTo(totals.getLast());
    }

    private static ImageExplanation times(ImageExplanation e, double factor) {
        ImageAttribution a = e.explanations().getFirst();
        double[] values = a.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        return new ImageExplanation(e.model(), e.device(), e.precision(), e.convention(), e.baseline(), e.original(),
                e.resized(), e.pixels(), e.patchHeight(), e.patchWidth(), e.predictions(),
                List.of(new ImageAttribution(a.target(), a.index(), a.label(), a.score(), a.baselineScore(), a.delta(),
                        a.method(), a.quadrature(), a.steps(), values)));
    }
}
