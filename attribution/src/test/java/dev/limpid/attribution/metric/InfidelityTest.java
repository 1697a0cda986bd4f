package dev.limpid.attribution.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.FeatureGroups;
import dev.limpid.attribution.NoiseSource;
import dev.limpid.attribution.Progress;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Target;
import dev.limpid.attribution.Toy;
import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Infidelity: none for a linear network's own attributions, its formula for others. */
class InfidelityTest {
    private static final double[] WEIGHT = {1, -2, 3, 0.5, 4, -1};
    private static final Target LOGIT = Target.logit(0);

    private final Ops ops = Device.open("reference", DeviceOptions.DEFAULT);
    private final double[] input = Toy.random(1, 6);
    private final double[] baseline = Toy.random(2, 6);
    private final Perturbation gaussian = Perturbation.gaussian(0.5, NoiseSource.gaussian(3));

    @AfterEach
    void close() {
        ops.close();
    }

    private double linear(Infidelity infidelity, double[] attribution) {
        return infidelity.measure(Toy.identity(ops, null), input, baseline, List.of(LOGIT), List.of(attribution),
                RunOptions.DEFAULT)[0];
    }

    private double[] timesDifference() {
        double[] attribution = WEIGHT.clone();
        for (int i = 0; i < 6; i++) {
            attribution[i] *= input[i] - baseline[i];
        }
        return attribution;
    }

    @Test
    void aLinearNetworksOwnAttributionsForetellEveryChange() {
        Perturbation tokens = Perturbation.groups(FeatureGroups.rows(Shape.of(3, 2)), 2, 5);
        for (Perturbation perturbation : List.of(gaussian, tokens)) {
            assertThat(linear(new Infidelity(10, perturbation, false, false), WEIGHT)).isCloseTo(0, within(1e-26));
            assertThat(linear(new Infidelity(10, perturbation, true, false), timesDifference()))
                    .isCloseTo(0, within(1e-26));
        }
    }

    @Test
    void normalizingForgivesAFactor() {
        double[] tenfold = Arrays.stream(WEIGHT).map(w -> -10 * w).toArray();
        assertThat(linear(new Infidelity(10, gaussian, false, true), tenfold)).isCloseTo(0, within(1e-26));
        assertThat(linear(new Infidelity(10, gaussian, false, false), tenfold)).isGreaterThan(1);
    }

    @Test
    void attributionsOfNothingForetellNothing() {
        double unnormalized = linear(new Infidelity(10, gaussian, false, false), new double[6]);
        assertThat(unnormalized).isPositive();
        assertThat(linear(new Infidelity(10, gaussian, false, true), new double[6])).isEqualTo(unnormalized);
    }

    @ParameterizedTest(name = "multiplied {0}, normalized {1}")
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void isItsFormula(boolean multiplied, boolean normalized) {
        Toy.Space space = Toy.space(ops, Activation.GELU, 7);
        double[] x = Toy.random(1, 12);
        double[] x0 = Toy.random(2, 12);
        x0[5] = x[5]; // where P is not divided
        double[] attribution = Toy.random(3, 12);
        double[][] perturbed = {Toy.random(10, 12), Toy.random(11, 12), Toy.random(12, 12)};
        Target target = Target.probability(0);
        double uu = 0;
        double ud = 0;
        double dd = 0;
        for (double[] p : perturbed) {
            double u = 0;
            for (int i = 0; i < 12; i++) {
                u += attribution[i] * (x[i] - p[i]) / (multiplied && i != 5 ? x[i] - x0[i] : 1);
            }
            double d = Toy.evaluate(space, target, x) - Toy.evaluate(space, target, p);
            uu += u * u;
            ud += u * d;
            dd += d * d;
        }
        double beta = normalized ? ud / uu : 1;
        double expected = (beta * beta * uu - 2 * beta * ud + dd) / 3;
        Infidelity infidelity = new Infidelity(3, Perturbation.given(perturbed), multiplied, normalized);
        for (int rows : new int[]{1, 3, 100}) {
            double[] found = infidelity.measure(space, x, x0, List.of(target, LOGIT), List.of(attribution, x),
                    new RunOptions(rows, 1, Progress.NONE));
            assertThat(found[0]).isCloseTo(expected, within(1e-12 * Math.max(1, uu)));
            assertThat(found[1]).as("another target").isNotEqualTo(found[0]);
        }
    }

    @Test
    void aPerturbationOfGroupsSetsSoManyToTheBaselineAndItsSeedsCanBeRepeated() {
        int[][] groups = FeatureGroups.patches(Shape.of(2, 4, 4), 2, 2);
        double[] x = Toy.random(1, 32);
        double[] x0 = Toy.random(2, 32);
        boolean[] taken = new boolean[4];
        for (int sample = 0; sample < 50; sample++) {
            double[] perturbed = Perturbation.groups(groups, 3, 9).perturb(sample, x, x0);
            assertThat(Perturbation.groups(groups, 3, 9).perturb(sample, x, x0)).containsExactly(perturbed);
            int gone = 0;
            for (int g = 0; g < 4; g++) {
                boolean away = perturbed[groups[g][0]] == x0[groups[g][0]];
                for (int i : groups[g]) {
                    assertThat(perturbed[i]).isEqualTo(away ? x0[i] : x[i]);
                }
                gone += away ? 1 : 0;
                taken[g] |= !away;
            }
            assertThat(gone).isEqualTo(3);
        }
        assertThat(taken).as("groups that were spared once").containsOnly(true);
        assertThat(x).containsExactly(Toy.random(1, 32));
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> new Infidelity(0, gaussian, true, false))
                .hasMessage("infidelity needs at least one sample, not 0");
        assertThatThrownBy(() -> linear(new Infidelity(2, gaussian, false, false), new double[3]))
                .hasMessage("attributions of 6 features are needed, not 3");
        assertThatThrownBy(() -> Perturbation.groups(new int[2][1], 3, 0))
                .hasMessage("from 1 to 2 groups of features can be perturbed, not 3");
    }
}
