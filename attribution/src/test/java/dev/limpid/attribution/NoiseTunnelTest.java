package dev.limpid.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Noise, and what the noise tunnel makes of it. */
class NoiseTunnelTest {
    private final Ops ops = Device.open("reference", DeviceOptions.DEFAULT);
    private final double[] input = Toy.random(1, 12);
    private final double[] baseline = Toy.random(2, 12);
    private final List<Target> targets = List.of(Target.logit(0), Target.probability(1));

    @AfterEach
    void close() {
        ops.close();
    }

    private List<Attribution> attribute(Method method) {
        return method.attribute(Toy.space(ops, Activation.GELU, 5), input, baseline, targets, RunOptions.DEFAULT);
    }

    @ParameterizedTest
    @EnumSource
    void isTheAverageOfTheInnerMethodAtTheGivenNoise(NoiseTunnel.Type type) {
        FeatureSpace space = Toy.space(ops, Activation.GELU, 5);
        Method inner = new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 5);
        double[][] noise = {Toy.random(10, 12), Toy.random(11, 12), Toy.random(12, 12)};
        List<Attribution> found = new NoiseTunnel(inner, type, 3, 0.5, NoiseSource.given(noise)).attribute(space, input,
                baseline, targets, RunOptions.DEFAULT);
        for (int t = 0; t < targets.size(); t++) {
            double[] mean = new double[12];
            double[] squares = new double[12];
            for (double[] z : noise) {
                double[] noisy = new double[12];
                Arrays.setAll(noisy, i -> input[i] + 0.5 * z[i]);
                double[] a = inner.attribute(space, noisy, baseline, targets, RunOptions.DEFAULT).get(t).values();
                for (int i = 0; i < 12; i++) {
                    mean[i] += a[i] / 3;
                    squares[i] += a[i] * a[i] / 3;
                }
            }
            double[] expected = new double[12];
            Arrays.setAll(expected, i -> switch (type) {
                case SMOOTHGRAD -> mean[i];
                case SMOOTHGRAD_SQ -> squares[i];
                case VARGRAD -> squares[i] - mean[i] * mean[i];
            });
            assertThat(found.get(t).values()).containsExactly(expected, within(1e-14));
            assertThat(found.get(t).score()).isEqualTo(Toy.evaluate(space, targets.get(t), input));
            assertThat(found.get(t).baselineScore()).isEqualTo(Toy.evaluate(space, targets.get(t), baseline));
        }
    }

    @Test
    void withoutNoiseSmoothgradIsTheInnerMethodAndVargradIsZero() {
        Method inner = new Idgi(4);
        NoiseSource noise = NoiseSource.gaussian(1);
        double[] expected = attribute(inner).getFirst().values();
        assertThat(attribute(new NoiseTunnel(inner, NoiseTunnel.Type.SMOOTHGRAD, 3, 0, noise)).getFirst().values())
                .containsExactly(expected, within(1e-15));
        assertThat(attribute(new NoiseTunnel(inner, NoiseTunnel.Type.VARGRAD, 3, 0, noise)).getFirst().values())
                .containsExactly(new double[12], within(1e-15));
    }

    /** For a linear network the attribution x·w of a noisy input has mean x·w and variance (σ·w)². */
    @Test
    void statisticsOfALinearNetworkAreKnown() {
        FeatureSpace space = Toy.identity(ops, null);
        double[] weight = {1, -2, 3, 0.5, 4, -1};
        double[] x = {1, 1, 2, -3, 0.5, 1};
        int samples = 4000;
        double sigma = 0.5;
        for (NoiseTunnel.Type type : NoiseTunnel.Type.values()) {
            double[] found = new NoiseTunnel(new InputXGradient(), type, samples, sigma, NoiseSource.gaussian(7))
                    .attribute(space, x, new double[6], List.of(Target.logit(0)), RunOptions.DEFAULT).getFirst()
                    .values();
            for (int i = 0; i < 6; i++) {
                double mean = x[i] * weight[i];
                double deviation = Math.abs(sigma * weight[i]);
                double variance = deviation * deviation;
                switch (type) { // five standard errors
                    case SMOOTHGRAD ->
                        assertThat(found[i]).isCloseTo(mean, within(5 * deviation / Math.sqrt(samples)));
                    case SMOOTHGRAD_SQ -> assertThat(found[i]).isCloseTo(mean * mean + variance, within(
                            5 * Math.sqrt((2 * variance * variance + 4 * mean * mean * variance) / samples)));
                    case VARGRAD ->
                        assertThat(found[i]).isCloseTo(variance, within(5 * variance * Math.sqrt(2.0 / samples)));
                }
            }
        }
    }

    @Test
    void equalSeedsGiveEqualNoiseWhateverWasDrawnBefore() {
        NoiseSource noise = NoiseSource.gaussian(42);
        double[] third = noise.noise(2, 5);
        noise.noise(0, 100);
        assertThat(noise.noise(2, 5)).containsExactly(third);
        assertThat(NoiseSource.gaussian(42).noise(2, 5)).containsExactly(third);
        assertThat(noise.noise(1, 5)).doesNotContain(third);
        assertThat(NoiseSource.gaussian(43).noise(2, 5)).doesNotContain(third);
    }

    /** The numbers are from the definitions of SplitMix64 and {@link java.util.Random}, written down in another language. */
    @Test
    void theNoiseOfASeedIsTheSameOnEveryMachine() {
        assertThat(NoiseSource.gaussian(0).noise(0, 3)).containsExactly(-0.8268793635567662, 0.19475650195786876,
                0.22243383315679702);
        assertThat(NoiseSource.gaussian(-1).noise(1_000_000, 2)).containsExactly(0.3025103477064485,
                0.25278088332674403);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {0, 1, -5, Long.MIN_VALUE})
    void gaussianNoiseIsStandardNormalAndItsSamplesAreUncorrelated(long seed) {
        int size = 40_000;
        double[] a = NoiseSource.gaussian(seed).noise(0, size);
        double[] b = NoiseSource.gaussian(seed).noise(1, size);
        double mean = 0;
        double square = 0;
        double product = 0;
        double fourth = 0;
        for (int i = 0; i < size; i++) {
            mean += a[i] / size;
            square += a[i] * a[i] / size;
            fourth += Math.pow(a[i], 4) / size;
            product += a[i] * b[i] / size;
        }
        double error = 5 / Math.sqrt(size);
        assertThat(mean).isCloseTo(0, within(error));
        assertThat(product).isCloseTo(0, within(error));
        assertThat(square).isCloseTo(1, within(error * Math.sqrt(2)));
        assertThat(fourth).isCloseTo(3, within(error * Math.sqrt(96)));
    }

    @Test
    void whatCannotBeIsRefused() {
        Method inner = new Saliency(true);
        NoiseSource one = NoiseSource.given(new double[12]);
        assertThatThrownBy(() -> new NoiseTunnel(inner, NoiseTunnel.Type.VARGRAD, 0, 1, one))
                .hasMessage("a noise tunnel needs at least one sample and a standard deviation that is not negative,"
                        + " not 0 and 1.0");
        assertThatThrownBy(() -> new NoiseTunnel(inner, NoiseTunnel.Type.VARGRAD, 1, Double.NaN, one))
                .hasMessageContaining("not 1 and NaN");
        assertThatThrownBy(() -> attribute(new NoiseTunnel(inner, NoiseTunnel.Type.SMOOTHGRAD, 2, 1, one)))
                .hasMessage("noise sample 1 of 12 numbers is needed, but 1 samples are given");
        assertThatThrownBy(() -> one.noise(0, 3))
                .hasMessage("noise sample 0 of 3 numbers is needed, but it has 12");
        assertThatThrownBy(() -> NoiseTunnel.Type.named("smooth"))
                .hasMessage("there is no noise tunnel 'smooth'; known are smoothgrad, smoothgrad-sq, vargrad");
    }

    @Test
    void itsNameAndItsStepsAreThoseOfBoth() {
        Method tunnel = new NoiseTunnel(new Idgi(5), NoiseTunnel.Type.named("smoothgrad-sq"), 10, 1,
                NoiseSource.gaussian(0));
        assertThat(tunnel.id()).isEqualTo("smoothgrad-sq(idgi)");
        assertThat(attribute(tunnel)).extracting(Attribution::steps).containsOnly(50);
        assertThat(tunnel.complete()).isFalse();
    }
}
