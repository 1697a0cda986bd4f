package dev.limpid.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Targets, and their gradients against central differences. */
class TargetTest {
    private static Stream<Arguments> targets() {
        return Stream.of(Arguments.of("logit", Target.logit(2)), Arguments.of("largest", Target.maxLogit(0, 3, 1)),
                Arguments.of("difference", Target.difference(3, 1)),
                Arguments.of("probability of the likeliest", Target.probability(0)),
                Arguments.of("probability of another", Target.probability(4)),
                Arguments.of("probability among some", Target.probability(2, 1, 4)),
                Arguments.of("cosine", Target.cosine(new double[]{1, -2, 0.5, 0, 3})),
                Arguments.of("sigmoid", Target.sigmoid(1)),
                Arguments.of("mean", Target.mean(List.of(Target.sigmoid(1), Target.logit(1), Target.probability(4)))),
                Arguments.of("less another", Target.probability(1).minus(Target.probability(3, 1, 4))),
                Arguments.of("less a logit that it reads", Target.logit(3).minus(Target.logit(3))),
                Arguments.of("subtracted from one", Target.sigmoid(3).subtractedFrom(1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("targets")
    void theGradientIsThatOfCentralDifferences(String name, Target target) {
        double[] logits = {1.5, -0.25, 0.75, 1.25, -2};
        double[] gradient = new double[5];
        target.evaluate(logits, gradient);
        double h = 1e-5;
        for (int j = 0; j < 5; j++) {
            double[] up = logits.clone();
            double[] down = logits.clone();
            up[j] += h;
            down[j] -= h;
            double difference = target.evaluate(up, new double[5]) - target.evaluate(down, new double[5]);
            assertThat(gradient[j]).as(name).isCloseTo(difference / (2 * h), within(1e-10));
        }
    }

    @Test
    void aDifferenceIsAMinusB() {
        assertThat(Target.difference(2, 0).evaluate(new double[]{1, 5, 4}, new double[3])).isEqualTo(3);
    }

    @Test
    void aLogitIsNoMoreLikelyThanItself() {
        double[] gradient = new double[3];
        assertThat(Target.difference(1, 1).evaluate(new double[]{1, 5, 4}, gradient)).isZero();
        assertThat(gradient).containsOnly(0);
    }

    @Test
    void aProbabilityIsASoftmaxWhateverTheSizeOfTheLogits() {
        double[] logits = {1000, 1000 + Math.log(3), -1e5};
        assertThat(Target.probability(0).evaluate(logits, new double[3])).isCloseTo(0.25, within(1e-12));
        assertThat(Target.probability(1).evaluate(logits, new double[3])).isCloseTo(0.75, within(1e-12));
        assertThat(Target.probability(2).evaluate(logits, new double[3])).isZero();
    }

    @Test
    void aCosineIsThatOfTheAngle() {
        Target target = Target.cosine(new double[]{0, 3});
        assertThat(target.evaluate(new double[]{0, 5}, new double[2])).isCloseTo(1, within(1e-15));
        assertThat(target.evaluate(new double[]{2, -2}, new double[2])).isCloseTo(-Math.sqrt(0.5), within(1e-15));
        double[] gradient = new double[2];
        assertThat(target.evaluate(new double[2], gradient)).isZero();
        assertThat(gradient).containsOnly(0);
    }

    @Test
    void derivedTargetsAreWhatTheirNamesSay() {
        double[] logits = {1, 5, 4};
        double sigmoid = 1 / (1 + Math.exp(-4));
        assertThat(Target.sigmoid(2).evaluate(logits, new double[3])).isCloseTo(sigmoid, within(1e-15));
        assertThat(Target.sigmoid(2).subtractedFrom(1).evaluate(logits, new double[3]))
                .isCloseTo(1 - sigmoid, within(1e-15));
        assertThat(Target.logit(1).minus(Target.logit(0)).evaluate(logits, new double[3])).isEqualTo(4);
        assertThat(Target.mean(List.of(Target.logit(0), Target.logit(2))).evaluate(logits, new double[3]))
                .isEqualTo(2.5);
        assertThat(Target.probability(2, 1, 3).evaluate(logits, new double[3]))
                .isCloseTo(1 / (1 + Math.E), within(1e-15));
    }
}
