package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.Accuracy;
import dev.limpid.attribution.Attribution;
import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.LayerIntegratedGradients;
import dev.limpid.attribution.LayerIntegratedGradients.Layer;
import dev.limpid.attribution.Method;
import dev.limpid.attribution.NoiseSource;
import dev.limpid.attribution.NoiseTunnel;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Steps;
import dev.limpid.attribution.Target;
import dev.limpid.safetensors.Checkpoint;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import dev.limpid.vit.ViTConfig;
import dev.limpid.vit.ViTLoader;
import dev.limpid.vit.ViTModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Explanations of tiny checkpoints by as many steps as they take, in double precision, against a thousand nodes of Gauss and Legendre. */
class AdaptiveExplanationsTest {
    private static final Steps THOUSAND = new Steps.Fixed(Quadrature.GAUSS_LEGENDRE, 1000);
    private static final String CONTEXT = "The tower in Paris was built by Gustave Eiffel.";
    private static final List<Target> TARGETS = List.of(Target.logit(0), Target.difference(2, 4));

    private static ViTModel vit(Ops ops) {
        Path directory = Path.of("../vit/src/test/resources/golden/deit-distilled");
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            return ViTLoader.load(ViTConfig.read(directory), Weights.of(checkpoint), ops).model();
        }
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.03, 1e-3, 1e-5})
    void anAnswer(double tolerance) {
        try (LimpidModel model = Limpid.load(Path.of("../bert/src/test/resources/golden/qa"),
                LoadOptions.DEFAULT.withDevice("reference"))) {
            QuestionAnsweringExplanation found = model.questionAnswering().explain("Who built the tower?", CONTEXT,
                    QaOptions.DEFAULT.withSteps(new Steps.Auto(tolerance, 513)));
            QuestionAnsweringExplanation reference = model.questionAnswering().explain("Who built the tower?", CONTEXT,
                    QaOptions.DEFAULT.withSteps(THOUSAND));
            for (int i = 0; i < 2; i++) {
                TargetAttribution target = found.explanations().get(i);
                double[] expected = reference.explanations().get(i).tokens().stream()
                        .mapToDouble(TokenAttribution::raw).toArray();
                assertThat(target.accuracy()).isEqualTo(new Accuracy(tolerance, true));
                assertThat(target.steps()).isLessThan(513);
                assertThat(target.tokens().stream().mapToDouble(TokenAttribution::raw).toArray())
                        .containsExactly(expected, within(tolerance * largest(expected)));
                assertThat(Math.abs(target.delta())).isLessThanOrEqualTo(
                        tolerance * Math.max(Math.abs(target.score() - target.baselineScore()), 1e-3));
                assertThat(target.score()).isEqualTo(reference.explanations().get(i).score());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.03, 1e-4})
    void everyPixelOfAnImage(double tolerance) {
        try (Ops ops = Device.open("reference", DeviceOptions.DEFAULT)) {
            PixelSpace space = new PixelSpace(vit(ops));
            double[] pixels = new Random(4).doubles(space.shape().size(), -1, 1).toArray();
            double[] baseline = new double[pixels.length];
            List<Attribution> found = new IntegratedGradients(new Steps.Auto(tolerance, 513)).attribute(space, pixels,
                    baseline, TARGETS, RunOptions.DEFAULT);
            List<Attribution> reference = new IntegratedGradients(THOUSAND).attribute(space, pixels, baseline, TARGETS,
                    RunOptions.DEFAULT);
            for (int t = 0; t < TARGETS.size(); t++) {
                double[] expected = reference.get(t).values();
                assertThat(found.get(t).accuracy()).isEqualTo(new Accuracy(tolerance, true));
                assertThat(found.get(t).values()).containsExactly(expected, within(tolerance * largest(expected)));
                assertThat(reference.get(t).accuracy()).isNull();
                assertThat(reference.get(t).steps()).isEqualTo(1000);
            }
        }
    }

    @Test
    void everyLayerTakesItsOwnSteps() {
        try (Ops ops = Device.open("reference", DeviceOptions.DEFAULT)) {
            ViTModel vit = vit(ops);
            double[] pixels = new Random(5).doubles(new PixelSpace(vit).shape().size(), -1, 1).toArray();
            double[] baseline = new double[pixels.length];
            Steps.Auto auto = new Steps.Auto(1e-4, 513);
            List<List<Layer>> found = new LayerIntegratedGradients(auto).attribute(new ViTLayers(vit), pixels, baseline,
                    TARGETS, RunOptions.DEFAULT);
            List<List<Layer>> reference = new LayerIntegratedGradients(new Steps.Fixed(Quadrature.GAUSS_LEGENDRE, 200))
                    .attribute(new ViTLayers(vit), pixels, baseline, TARGETS, RunOptions.DEFAULT);
            for (int t = 0; t < TARGETS.size(); t++) {
                for (int l = 0; l < found.get(t).size(); l++) {
                    Layer layer = found.get(t).get(l);
                    double[] expected = reference.get(t).get(l).tokens();
                    assertThat(layer.tokens()).containsExactly(expected, within(1e-4 * largest(expected)));
                    assertThat(layer.accuracy()).isEqualTo(new Accuracy(1e-4, true));
                    assertThat(reference.get(t).get(l).steps()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void aNoiseTunnelAddsUpTheStepsOfItsSamples() {
        try (Ops ops = Device.open("reference", DeviceOptions.DEFAULT)) {
            PixelSpace space = new PixelSpace(vit(ops));
            double[] pixels = new Random(6).doubles(space.shape().size(), -1, 1).toArray();
            double[] noise = new Random(7).doubles(pixels.length, -1, 1).toArray();
            Method inner = new IntegratedGradients(new Steps.Auto(1e-3, 129));
            Attribution tunnel = new NoiseTunnel(inner, NoiseTunnel.Type.SMOOTHGRAD, 2, 0,
                    NoiseSource.given(noise, noise))
                    .attribute(space, pixels, new double[pixels.length], TARGETS, RunOptions.DEFAULT).getFirst();
            Attribution once = inner
                    .attribute(space, pixels, new double[pixels.length], TARGETS, RunOptions.DEFAULT).getFirst();
            assertThat(tunnel.steps()).isEqualTo(2 * once.steps());
            assertThat(tunnel.accuracy()).isEqualTo(new Accuracy(1e-3, true));
            assertThat(tunnel.values()).containsExactly(once.values(), within(1e-15));
        }
    }

    @Test
    void theConventionOfTransformersInterpretKeepsItsFiftySteps() {
        Convention theirs = Convention.TRANSFORMERS_INTERPRET;
        assertThat(QaOptions.DEFAULT.steps()).isEqualTo(Steps.AUTO);
        assertThat(QaOptions.DEFAULT.withConvention(theirs).steps()).isEqualTo(Steps.FIFTY);
        assertThat(QaOptions.DEFAULT.withNSteps(7).withConvention(theirs).steps())
                .isEqualTo(new Steps.Fixed(Quadrature.GAUSS_LEGENDRE, 7));
        assertThat(ImageOptions.DEFAULT.withConvention(theirs).method())
                .isEqualTo(new IntegratedGradients(Steps.FIFTY));
        assertThat(TextOptions.TRANSFORMERS_INTERPRET.method())
                .isEqualTo(TextMethod.of(new IntegratedGradients(Steps.FIFTY)));
        String sentence = "the transformers-interpret convention has only a given number of steps, not auto";
        assertThatThrownBy(() -> QaOptions.DEFAULT.withConvention(theirs).withSteps(Steps.AUTO))
                .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(sentence);
        assertThatThrownBy(() -> TextOptions.TRANSFORMERS_INTERPRET.withMethod(TextMethod.DEFAULT))
                .hasMessageStartingWith(sentence);
        assertThatThrownBy(() -> ImageOptions.DEFAULT.withConvention(theirs)
                .withMethod(new IntegratedGradients(Steps.AUTO))).hasMessageStartingWith(sentence);
    }
}
