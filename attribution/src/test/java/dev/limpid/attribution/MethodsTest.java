package dev.limpid.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.LimitedMemory;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.OutOfDeviceMemoryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The methods, on networks behind an affine map, against their formulas and each other. */
class MethodsTest {
    private static final List<Target> TARGETS = List.of(Target.logit(0), Target.logit(1), Target.probability(1));

    private final Ops ops = Device.open("reference", DeviceOptions.DEFAULT);
    private final double[] input = Toy.random(1, 12);
    private final double[] baseline = Toy.random(2, 12);

    @AfterEach
    void close() {
        ops.close();
    }

    private static Stream<Method> methods() {
        Method idgi = new Idgi(7);
        Method integrated = new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 5);
        return Stream.of(new Saliency(false), new Saliency(true), new InputXGradient(), idgi, integrated,
                new IntegratedGradients(new Steps.Auto(1e-4, 65)), Occlusion.patches(Toy.IMAGE, 2, 1),
                new NoiseTunnel(integrated, NoiseTunnel.Type.SMOOTHGRAD, 3, 0.5, NoiseSource.gaussian(4)),
                new NoiseTunnel(idgi, NoiseTunnel.Type.SMOOTHGRAD_SQ, 2, 1, NoiseSource.gaussian(4)),
                new NoiseTunnel(new Saliency(true), NoiseTunnel.Type.VARGRAD, 4, 1, NoiseSource.gaussian(4)),
                new BaselineAverage(integrated, List.of(Toy.random(5, 12), Toy.random(6, 12))));
    }

    private List<Attribution> attribute(Method method, FeatureSpace space, RunOptions options) {
        return method.attribute(space, input, baseline, TARGETS, options);
    }

    private static RunOptions rows(int rows) {
        return new RunOptions(rows, 1, Progress.NONE);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void gradientsAreThoseOfCentralDifferences(long seed) {
        FeatureSpace space = Toy.space(ops, Activation.GELU, seed);
        List<Attribution> signed = attribute(new Saliency(true), space, RunOptions.DEFAULT);
        List<Attribution> absolute = attribute(new Saliency(false), space, RunOptions.DEFAULT);
        List<Attribution> product = attribute(new InputXGradient(), space, RunOptions.DEFAULT);
        for (int t = 0; t < TARGETS.size(); t++) {
            double[] expected = Toy.differences(space, TARGETS.get(t), input);
            assertThat(signed.get(t).values()).containsExactly(expected, within(1e-9));
            for (int i = 0; i < expected.length; i++) {
                assertThat(absolute.get(t).values()[i]).isEqualTo(Math.abs(signed.get(t).values()[i]));
                assertThat(product.get(t).values()[i]).isEqualTo(input[i] * signed.get(t).values()[i]);
            }
            assertThat(signed.get(t).score()).isEqualTo(Toy.evaluate(space, TARGETS.get(t), input));
            assertThat(signed.get(t).baselineScore()).isNaN();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void integratedGradientsBehindAnAffineMapAreThoseOfTheFeatures(long seed) {
        FeatureSpace space = Toy.space(ops, Activation.TANH, seed);
        Quadrature.Nodes nodes = Quadrature.GAUSS_LEGENDRE.nodes(6);
        List<Attribution> found = attribute(new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 6), space,
                RunOptions.DEFAULT);
        for (int t = 0; t < TARGETS.size(); t++) {
            double[] expected = new double[12];
            for (int k = 0; k < 6; k++) {
                double[] gradient = Toy.differences(space, TARGETS.get(t), between(nodes.alphas()[k]));
                for (int i = 0; i < 12; i++) {
                    expected[i] += nodes.weights()[k] * gradient[i] * (input[i] - baseline[i]);
                }
            }
            assertThat(found.get(t).values()).containsExactly(expected, within(1e-9));
        }
    }

    private double[] between(double alpha) {
        double[] point = new double[12];
        Arrays.setAll(point, i -> baseline[i] + alpha * (input[i] - baseline[i]));
        return point;
    }

    @Test
    void integratedGradientsOfALinearNetworkAreItsWeightsTimesTheDifference() {
        Attribution found = new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 3).attribute(
                Toy.identity(ops, null), new double[]{1, 1, 2, -3, 0.5, 1}, new double[]{0.5, 0, -1, 2, 0, 1},
                List.of(Target.logit(0)), RunOptions.DEFAULT).getFirst();
        assertThat(found.values()).containsExactly(new double[]{0.5, -2, 9, -2.5, 2, 0}, within(1e-14));
        assertThat(found.delta()).isCloseTo(0, within(1e-13));
    }

    @Test
    void integratedGradientsBecomeCompleteWithSteps() {
        FeatureSpace space = Toy.space(ops, Activation.GELU, 3);
        for (Attribution found : attribute(new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 60), space,
                RunOptions.DEFAULT)) {
            assertThat(found.delta()).isCloseTo(0, within(1e-12));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void theChunkSizeChangesNothing(Method method) {
        FeatureSpace space = Toy.space(ops, Activation.GELU, 3);
        List<Attribution> whole = attribute(method, space, rows(100));
        for (int rows : new int[]{1, 2, 3, 6, 7}) {
            List<Attribution> chunked = attribute(method, space, rows(rows));
            for (int t = 0; t < TARGETS.size(); t++) {
                if (method.id().contains("integrated")) { // whose sum over steps is made chunk by chunk
                    assertThat(chunked.get(t).values()).containsExactly(whole.get(t).values(), within(1e-14));
                } else {
                    assertThat(chunked.get(t).values()).containsExactly(whole.get(t).values());
                }
                assertThat(chunked.get(t).score()).isEqualTo(whole.get(t).score());
                assertThat(chunked.get(t).baselineScore()).isEqualTo((Double) whole.get(t).baselineScore());
            }
        }
    }

    private static Stream<Method> methodsOfManyRows() {
        return methods().filter(method -> !(method instanceof Saliency || method instanceof InputXGradient))
                .filter(method -> !(method instanceof NoiseTunnel(Saliency _, _, _, _, _)));
    }

    /** Wherever the memory runs out, what is not done yet is done with less, and nothing twice. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("methodsOfManyRows")
    void runningOutOfMemoryOnceChangesNothing(Method method) {
        List<Attribution> whole = attribute(method, Toy.space(ops, Activation.GELU, 3), RunOptions.DEFAULT);
        int continued = 0;
        for (int allocation = 0; allocation < 40; allocation++) {
            LimitedMemory memory = LimitedMemory.over("reference");
            try (Ops limited = memory.ops()) {
                FeatureSpace space = Toy.space(limited, Activation.GELU, 3);
                long before = limited.liveBytes();
                memory.failAfter(allocation);
                try {
                    List<Attribution> found = attribute(method, space, RunOptions.DEFAULT);
                    for (int t = 0; t < TARGETS.size(); t++) {
                        assertThat(found.get(t).values()).containsExactly(whole.get(t).values());
                        assertThat(found.get(t).score()).isEqualTo(whole.get(t).score());
                    }
                    continued += memory.refusals();
                } catch (OutOfDeviceMemoryException e) {
                    assertThat(e).hasMessageContaining("no memory for");
                }
                assertThat(limited.liveBytes()).isEqualTo(before);
            }
        }
        assertThat(continued).isGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void severalTargetsAreExplainedAsEachAlone(Method method) {
        FeatureSpace space = Toy.space(ops, Activation.GELU, 3);
        List<Attribution> together = attribute(method, space, RunOptions.DEFAULT);
        for (int t = 0; t < TARGETS.size(); t++) {
            Attribution alone = method.attribute(space, input, baseline, TARGETS.subList(t, t + 1), RunOptions.DEFAULT)
                    .getFirst();
            assertThat(alone.values()).containsExactly(together.get(t).values());
            assertThat(alone.score()).isEqualTo(together.get(t).score());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void progressRisesToItsTotal(Method method) {
        List<Long> done = new ArrayList<>();
        List<Long> totals = new ArrayList<>();
        attribute(method, Toy.space(ops, null, 1), new RunOptions(2, 1, (d, total) -> {
            done.add(d);
            totals.add(total);
        }));
        assertThat(done).isSorted().doesNotHaveDuplicates().last().isEqualTo(totals.getLast());
        assertThat(done.getFirst()).isPositive();
        assertThat(totals).as("more work may be found").isSorted();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void aNetworkThatComputesNaNIsRefused(Method method) {
        FeatureSpace space = Toy.space(ops, Activation.GELU, 1);
        input[3] = Double.NaN;
        assertThatThrownBy(() -> attribute(method, space, RunOptions.DEFAULT))
                .isInstanceOf(ArithmeticException.class).hasMessageContaining("the model computes NaN");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void theInputAndTheBaselineStayAsTheyAre(Method method) {
        attribute(method, Toy.space(ops, Activation.GELU, 1), RunOptions.DEFAULT);
        assertThat(input).containsExactly(Toy.random(1, 12));
        assertThat(baseline).containsExactly(Toy.random(2, 12));
    }

    @Test
    void aGradientThatIsNotFiniteIsRefused() {
        Target steep = (logits, dLogits) -> {
            dLogits[0] = Double.POSITIVE_INFINITY;
            return logits[0];
        };
        FeatureSpace space = Toy.identity(ops, null);
        double[] x = {1, 1, 1, 1, 1, 1};
        for (Method method : List.of(new Saliency(false), new Idgi(2),
                new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 2))) {
            assertThatThrownBy(() -> method.attribute(space, x, new double[6], List.of(steep), RunOptions.DEFAULT))
                    .isInstanceOf(ArithmeticException.class).hasMessageContaining("the model computes a gradient of ");
        }
    }

    @Test
    void anAverageOverBaselinesIsCompleteForTheAverageOfTheirScores() {
        FeatureSpace space = Toy.space(ops, Activation.GELU, 3);
        Method inner = new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 60);
        double[] other = Toy.random(9, 12);
        Method average = new BaselineAverage(inner, List.of(baseline, other));
        List<Attribution> found = attribute(average, space, RunOptions.DEFAULT);
        List<Attribution> first = attribute(inner, space, RunOptions.DEFAULT);
        List<Attribution> second = inner.attribute(space, input, other, TARGETS, RunOptions.DEFAULT);
        for (int t = 0; t < TARGETS.size(); t++) {
            for (int i = 0; i < 12; i++) {
                assertThat(found.get(t).values()[i])
                        .isCloseTo((first.get(t).values()[i] + second.get(t).values()[i]) / 2, within(1e-14));
            }
            assertThat(found.get(t).baselineScore()).isCloseTo((Toy.evaluate(space, TARGETS.get(t), baseline)
                    + Toy.evaluate(space, TARGETS.get(t), other)) / 2, within(1e-14));
            assertThat(found.get(t).delta()).isCloseTo(0, within(1e-12));
        }
        assertThat(average.complete()).isTrue();
        assertThat(found).extracting(Attribution::steps).containsOnly(120);
    }

    @Test
    void baselinesThatDoNotFitAreRefused() {
        Method inner = new Idgi(2);
        assertThatThrownBy(() -> new BaselineAverage(inner, List.of())).hasMessageContaining("needs at least one");
        assertThatThrownBy(() -> attribute(new BaselineAverage(inner, List.of(new double[3])),
                Toy.space(ops, null, 1), RunOptions.DEFAULT))
                .hasMessage("baseline 0 has 3 numbers, but the input has 12");
    }
}
