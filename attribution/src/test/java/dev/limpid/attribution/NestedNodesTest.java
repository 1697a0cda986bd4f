package dev.limpid.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The nested rules are those of Clenshaw and Curtis, with their nodes in another order. */
class NestedNodesTest {
    @ParameterizedTest
    @CsvSource({"3, 2", "4, 2", "5, 3", "16, 4", "17, 5", "256, 8", "257, 9"})
    void aFinerRuleHoldsTheNodesOfTheCoarserOnes(int most, int rules) {
        NestedNodes nested = NestedNodes.upTo(most);
        assertThat(nested.rules()).isEqualTo(rules);
        assertThat(nested.alphas()).hasSize(nested.count(rules - 1));
        for (int rule = 0; rule < rules; rule++) {
            int n = nested.count(rule);
            assertThat(n).isEqualTo((1 << rule) + 1);
            Quadrature.Nodes expected = Quadrature.CLENSHAW_CURTIS.nodes(n);
            double[] alphas = Arrays.copyOf(nested.alphas(), n);
            assertThat(Arrays.stream(alphas).sorted().toArray()).containsExactly(expected.alphas(), within(1e-15));
            for (int k = 0; k < n; k++) {
                int place = Arrays.binarySearch(expected.alphas(), alphas[k] - 1e-13);
                assertThat(nested.weights()[rule][k]).isEqualTo(expected.weights()[-1 - place]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 33})
    void theFirstNodesAreTheEndsOfThePath(int most) {
        NestedNodes nested = NestedNodes.upTo(most);
        assertThat(nested.alphas()).startsWith(0, 1, 0.5);
        assertThat(nested.weights()[0]).containsExactly(0.5, 0.5);
        assertThat(nested.weights()[1]).containsExactly(new double[]{1 / 6.0, 1 / 6.0, 2 / 3.0}, within(1e-15));
    }
}
