package dev.limpid.bench.quadrature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.Quadrature;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of Gauss and Kronrod are what QUADPACK has tabulated. */
class KronrodTest {
    /** QUADPACK's {@code qk15}: the largest node, the one after the first of Gauss, and the weight in the middle. */
    @Test
    void sevenAndFifteenNodes() {
        Quadrature.Nodes rule = Kronrod.nodes(7);
        assertThat(rule.alphas()).hasSize(15).isSorted();
        assertThat(2 * rule.alphas()[14] - 1).isCloseTo(0.9914553711208126, within(1e-14));
        assertThat(2 * rule.alphas()[13] - 1).isCloseTo(0.9491079123427585, within(1e-14));
        assertThat(2 * rule.alphas()[12] - 1).isCloseTo(0.8648644233597691, within(1e-14));
        assertThat(2 * rule.weights()[7]).isCloseTo(0.20948214108472782, within(1e-14));
        assertThat(2 * rule.weights()[14]).isCloseTo(0.022935322010529224, within(1e-14));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 7, 10, 15, 20, 30})
    void areExactForPolynomialsOfThriceTheDegree(int n) {
        Quadrature.Nodes rule = Kronrod.nodes(n);
        assertThat(Arrays.stream(rule.weights()).sum()).isCloseTo(1, within(1e-12));
        for (int degree = 0; degree <= 3 * n + 1; degree++) {
            double sum = 0;
            for (int k = 0; k < rule.alphas().length; k++) {
                sum += rule.weights()[k] * Math.pow(rule.alphas()[k], degree);
            }
            assertThat(sum).as("degree %s", degree).isCloseTo(1.0 / (degree + 1), within(1e-12));
        }
    }
}
