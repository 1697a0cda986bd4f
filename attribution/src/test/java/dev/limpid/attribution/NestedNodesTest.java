package dev.limpid.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The nested rules are those of the quadrature, with their nodes in another order. */
class NestedNodesTest {
    private static final double EXACT = 1e-15;

    static Stream<Quadrature> nested() {
        return Arrays.stream(Quadrature.values()).filter(Quadrature::isNested);
    }

    @ParameterizedTest
    @CsvSource({"3, 2, 2", "4, 2, 2", "5, 3, 3", "9, 4, 3", "10, 4, 3", "11, 4, 4", "17, 5, 4", "19, 5, 5", "256, 8, 8",
            "257, 9, 8", "259, 9, 9", "4097, 13, 12"})
    void noRuleTakesMoreNodesThanAllowed(int most, int rules, int rulesInTheMiddle) {
        nested().forEach(quadrature -> {
            NestedNodes nested = NestedNodes.upTo(most, quadrature);
            assertThat(nested.rules()).isEqualTo(
                    quadrature == Quadrature.CLENSHAW_CURTIS_MIDDLE ? rulesInTheMiddle : rules);
            assertThat(nested.alphas()).hasSize(nested.count(nested.rules() - 1)).hasSizeLessThanOrEqualTo(most);
        });
    }

    @ParameterizedTest
    @MethodSource("nested")
    void aRuleHasTheNodesAndWeightsOfTheQuadrature(Quadrature quadrature) {
        NestedNodes nested = NestedNodes.upTo(259, quadrature);
        assertThat(nested.alphas()).hasSize(nested.count(nested.rules() - 1)).doesNotHaveDuplicates();
        for (int rule = 0; rule < nested.rules(); rule++) {
            double[] weights = nested.weights()[rule];
            int[] own = IntStream.range(0, weights.length).filter(k -> weights[k] != 0).boxed()
                    .sorted((j, k) -> Double.compare(nested.alphas()[j], nested.alphas()[k])).mapToInt(k -> k)
                    .toArray();
            Quadrature.Nodes expected = quadrature.nodes((1 << rule) + 1);
            assertThat(Arrays.stream(own).mapToDouble(k -> nested.alphas()[k]).toArray())
                    .containsExactly(expected.alphas(), within(EXACT));
            assertThat(Arrays.stream(own).mapToDouble(k -> weights[k]).toArray()).containsExactly(expected.weights());
        }
    }

    @ParameterizedTest
    @CsvSource({"CLENSHAW_CURTIS, 257", "CLENSHAW_CURTIS_START, 257", "CLENSHAW_CURTIS_MIDDLE, 259"})
    void twoNodesAtMostAreOfNoUseLater(Quadrature quadrature, int all) {
        assertThat(NestedNodes.upTo(259, quadrature).alphas()).hasSize(all);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "CLENSHAW_CURTIS.*")
    void theFirstNodesAreTheEndsOfThePath(Quadrature quadrature) {
        NestedNodes nested = NestedNodes.upTo(33, quadrature);
        assertThat(nested.alphas()).startsWith(0, 1);
        assertThat(nested.alphas()[2]).isCloseTo(quadrature == Quadrature.CLENSHAW_CURTIS_START ? 0.29 : 0.5,
                within(0.01));
    }
}
