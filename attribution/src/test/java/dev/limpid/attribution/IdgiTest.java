package dev.limpid.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** IDGI against its formula, and where the formula divides by zero. */
class IdgiTest {
    private final Ops ops = Device.open("reference", DeviceOptions.DEFAULT);

    @AfterEach
    void close() {
        ops.close();
    }

    @ParameterizedTest(name = "{0} steps")
    @ValueSource(ints = {1, 2, 5, 30})
    void isItsFormulaAndComplete(int n) {
        FeatureSpace space = Toy.space(ops, Activation.GELU, 4);
        Target target = Target.difference(0, 1);
        double[] x = Toy.random(1, 12);
        double[] x0 = Toy.random(2, 12);
        double[] expected = new double[12];
        for (int k = 0; k < n; k++) {
            double[] point = between(x0, x, (double) k / n);
            double step = Toy.evaluate(space, target, between(x0, x, (k + 1.0) / n))
                    - Toy.evaluate(space, target, point);
            double[] g = Toy.differences(space, target, point);
            double total = 0;
            for (double value : g) {
                total += value * value;
            }
            for (int i = 0; i < 12; i++) {
                expected[i] += step * g[i] * g[i] / total;
            }
        }
        Attribution found = new Idgi(n).attribute(space, x, x0, List.of(target), RunOptions.DEFAULT).getFirst();
        assertThat(found.values()).containsExactly(expected, within(1e-8));
        assertThat(found.delta()).isCloseTo(0, within(1e-14 * n));
        assertThat(found.baselineScore()).isEqualTo(Toy.evaluate(space, target, x0));
    }

    private static double[] between(double[] from, double[] to, double alpha) {
        double[] point = new double[from.length];
        for (int i = 0; i < point.length; i++) {
            point[i] = from[i] + alpha * (to[i] - from[i]);
        }
        return point;
    }

    /** logit 0 = relu(x)·(1, −2, 3, ½, 4, −1) + ¼: no gradient until an element is positive. */
    @Test
    void aStepThatBeginsWithoutGradientTakesTheSharesOfTheNextPointWithOne() {
        double[] x0 = {-1, -1, -1, -1, -1, -1};
        double[] x = {3, -1, 1, -1, -1, -1};
        Attribution found = attribute(4, x, x0);
        // Points: x[0] = -1, 0, 1, 2, 3; x[2] = -1, -.5, 0, .5, 1. Gradients² from k=2: (1), then (1, 9). F less 1/4: 0, 0, 1, 3.5, 6.
        double waiting = 1;
        double fromTwo = 2.5;
        double fromThree = 2.5;
        assertThat(found.values()).containsExactly(
                new double[]{waiting + fromTwo + fromThree * 0.1, 0, fromThree * 0.9, 0, 0, 0}, within(1e-14));
        assertThat(found.delta()).isCloseTo(0, within(1e-14));
    }

    @Test
    void aStepThatBeginsWithoutGradientTakesTheSharesOfTheLastPointWithOne() {
        double[] x0 = {1, -1, -1, -1, -1, -1};
        double[] x = {-1, -1, -1, -1, 1, -1};
        Attribution found = attribute(2, x, x0);
        // At the middle nothing is positive; F less 1/4: 1, 0, 4.
        assertThat(found.values()).containsExactly(new double[]{3, 0, 0, 0, 0, 0}, within(1e-14));
        assertThat(found.delta()).isCloseTo(0, within(1e-14));
    }

    @Test
    void withoutAnyGradientNothingIsAttributed() {
        double[] x0 = {-1, -1, -1, -1, -1, -1};
        Attribution found = attribute(1, new double[]{1, -1, -1, -1, -1, -1}, x0);
        assertThat(found.values()).containsOnly(0);
        assertThat(found.delta()).isEqualTo(-1);
    }

    private Attribution attribute(int n, double[] x, double[] x0) {
        return new Idgi(n).attribute(Toy.identity(ops, Activation.RELU), x, x0, List.of(Target.logit(0)),
                RunOptions.DEFAULT).getFirst();
    }

    @Test
    void aNumberOfStepsOutOfRangeIsRefused() {
        assertThatThrownBy(() -> new Idgi(0)).hasMessage("steps must be from 1 to 100000 for idgi, not 0");
    }
}
