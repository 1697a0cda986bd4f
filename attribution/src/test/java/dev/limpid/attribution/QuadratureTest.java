package dev.limpid.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuadratureTest {
    private static double integrate(Quadrature rule, int n, DoubleUnaryOperator f) {
        Quadrature.Nodes nodes = rule.nodes(n);
        double sum = 0;
        for (int k = 0; k < n; k++) {
            sum += nodes.weights()[k] * f.applyAsDouble(nodes.alphas()[k]);
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource
    void weightsSumToOneExceptInCaptumsTrapezoid(Quadrature rule) {
        for (int n : new int[]{2, 3, 5, 50, 199, 1000}) {
            double expected = rule == Quadrature.RIEMANN_TRAPEZOID ? (n - 1.0) / n : 1;
            assertThat(Arrays.stream(rule.nodes(n).weights()).sum()).isCloseTo(expected, within(1e-13));
            assertThat(rule.nodes(n).alphas()).isSorted().hasSize(n);
        }
    }

    /** Values printed in captum's and NumPy's documentation of {@code leggauss}, on [0, 1]. */
    @Test
    void gaussLegendreNodes() {
        assertThat(Quadrature.GAUSS_LEGENDRE.nodes(1).alphas()).containsExactly(0.5);
        assertThat(Quadrature.GAUSS_LEGENDRE.nodes(1).weights()).containsExactly(new double[]{1}, within(1e-15));
        assertThat(Quadrature.GAUSS_LEGENDRE.nodes(5).alphas()).containsExactly(new double[]{0.04691007703066802,
                0.23076534494715845, 0.5, 0.7692346550528415, 0.9530899229693319}, within(1e-15));
        assertThat(Quadrature.GAUSS_LEGENDRE.nodes(5).weights()).containsExactly(new double[]{0.11846344252809464,
                0.23931433524968315, 0.28444444444444433, 0.23931433524968315, 0.11846344252809464}, within(1e-15));
        Quadrature.Nodes fifty = Quadrature.GAUSS_LEGENDRE.nodes(50);
        assertThat(Arrays.copyOf(fifty.alphas(), 3)).containsExactly(
                new double[]{0.0005667977899644905, 0.002984015283954644, 0.00732295797599708}, within(1e-15));
        assertThat(Arrays.copyOf(fifty.weights(), 3)).containsExactly(
                new double[]{0.0014543112765789633, 0.003379899597872283, 0.005295274191825748}, within(1e-14));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 20})
    void gaussLegendreIsExactForPolynomialsOfDegreeTwiceTheNodesLessOne(int n) {
        for (int degree = 0; degree < 2 * n; degree++) {
            int power = degree;
            assertThat(integrate(Quadrature.GAUSS_LEGENDRE, n, a -> Math.pow(a, power))).as("degree %s", degree)
                    .isCloseTo(1.0 / (degree + 1), within(1e-14));
        }
    }

    /** Values of the closed formula, computed with NumPy: for three nodes Simpson's rule, for five 1/30, 4/15, 2/5. */
    @Test
    void clenshawCurtisNodes() {
        Quadrature.Nodes five = Quadrature.CLENSHAW_CURTIS.nodes(5);
        double root = Math.sqrt(0.5);
        assertThat(five.alphas()).containsExactly(new double[]{0, (1 - root) / 2, 0.5, (1 + root) / 2, 1},
                within(1e-16));
        assertThat(five.weights()).containsExactly(new double[]{1 / 30.0, 4 / 15.0, 0.4, 4 / 15.0, 1 / 30.0},
                within(1e-15));
        assertThat(Quadrature.CLENSHAW_CURTIS.nodes(4).weights()).containsExactly(
                new double[]{1 / 18.0, 4 / 9.0, 4 / 9.0, 1 / 18.0}, within(1e-15));
        assertThat(integrate(Quadrature.CLENSHAW_CURTIS, 9, Math::exp)).isCloseTo(Math.E - 1, within(1e-13));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 7, 20, 33})
    void clenshawCurtisIsExactForPolynomialsOfLessDegreeThanNodes(int n) {
        for (int degree = 0; degree < n; degree++) {
            int power = degree;
            assertThat(integrate(Quadrature.CLENSHAW_CURTIS, n, a -> Math.pow(a, power))).as("degree %s", degree)
                    .isCloseTo(1.0 / (degree + 1), within(1e-14));
        }
    }

    /** By hand from asinh(5) = 2.3124…; a constant is integrated exactly. */
    @Test
    void closerTogetherAtTheStartOrInTheMiddle() {
        double scale = 2.3124383412727525;
        Quadrature.Nodes start = Quadrature.CLENSHAW_CURTIS_START.nodes(3);
        assertThat(start.alphas()).containsExactly(new double[]{0, 0.2 * Math.sinh(scale / 2), 1}, within(1e-15));
        double sum = 1 / 6.0 + 4 / 6.0 * Math.cosh(scale / 2) + 1 / 6.0 * Math.cosh(scale);
        assertThat(start.weights()).containsExactly(new double[]{1 / 6.0 / sum, 4 / 6.0 * Math.cosh(scale / 2) / sum,
                1 / 6.0 * Math.cosh(scale) / sum}, within(1e-15));
        assertThat(Quadrature.CLENSHAW_CURTIS_MIDDLE.nodes(5)).usingRecursiveComparison()
                .isEqualTo(Quadrature.CLENSHAW_CURTIS.nodes(5));
        Quadrature.Nodes middle = Quadrature.CLENSHAW_CURTIS_MIDDLE.nodes(9);
        assertThat(middle.alphas()).startsWith(0).endsWith(1).contains(0.5)
                .contains(new double[]{0.5 - 0.1 * Math.sinh(scale * Math.cos(Math.PI / 4))}, within(1e-15));
        for (int k = 0; k < 9; k++) {
            assertThat(middle.alphas()[8 - k]).isCloseTo(1 - middle.alphas()[k], within(1e-15));
            assertThat(middle.weights()[8 - k]).isCloseTo(middle.weights()[k], within(1e-15));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "CLENSHAW_CURTIS.*")
    void closerTogetherOrNotTheyAllConverge(Quadrature quadrature) {
        assertThat(integrate(quadrature, 33, Math::exp)).isCloseTo(Math.E - 1, within(1e-12));
        assertThat(integrate(quadrature, 129, a -> 1 / (1e-2 + (a - 0.3) * (a - 0.3))))
                .isCloseTo(10 * (Math.atan(7) + Math.atan(3)), within(1e-8));
        for (int n = 2; n < 20; n++) {
            assertThat(integrate(quadrature, n, _ -> 3)).isCloseTo(3, within(1e-14));
        }
    }

    /** A peak as wide as 0.05 of the path, by Clenshaw and Curtis and by the rule that is closer together there. */
    @ParameterizedTest
    @CsvSource({"0, CLENSHAW_CURTIS_START", "0.5, CLENSHAW_CURTIS_MIDDLE"})
    void aPeakTakesFewerNodesWhereTheyAreCloserTogether(double at, Quadrature closer) {
        DoubleUnaryOperator peak = a -> 0.05 / (0.0025 + (a - at) * (a - at));
        double exact = Math.atan((1 - at) / 0.05) + Math.atan(at / 0.05);
        double plainError = Math.abs(integrate(Quadrature.CLENSHAW_CURTIS, 33, peak) - exact);
        assertThat(Math.abs(integrate(closer, 33, peak) - exact)).isLessThan(plainError / 10);
    }

    /** ∫₀¹ 3α² dα, as computed independently with NumPy for captum's rules. */
    @Test
    void theFiveRulesOfCaptum() {
        DoubleUnaryOperator f = a -> 3 * a * a;
        assertThat(integrate(Quadrature.RIEMANN_LEFT, 5, f)).isCloseTo(0.72, within(1e-12));
        assertThat(integrate(Quadrature.RIEMANN_RIGHT, 5, f)).isCloseTo(1.32, within(1e-12));
        assertThat(integrate(Quadrature.RIEMANN_MIDDLE, 5, f)).isCloseTo(0.99, within(1e-12));
        assertThat(integrate(Quadrature.RIEMANN_TRAPEZOID, 5, f)).isCloseTo(0.825, within(1e-12));
        assertThat(integrate(Quadrature.TRAPEZOID, 5, f)).isCloseTo(1.03125, within(1e-12));
        assertThat(Quadrature.RIEMANN_TRAPEZOID.nodes(2).weights()).containsExactly(0.25, 0.25);
        assertThat(Quadrature.RIEMANN_TRAPEZOID.nodes(4).weights()).containsExactly(0.125, 0.25, 0.25, 0.125);
    }

    @Test
    void impossibleStepsAndUnknownNamesAreRefused() {
        assertThatThrownBy(() -> Quadrature.GAUSS_LEGENDRE.nodes(0)).hasMessage(
                "steps must be from 1 to 100000 for gauss-legendre, not 0");
        assertThatThrownBy(() -> Quadrature.RIEMANN_LEFT.nodes(1)).hasMessageContaining("from 2");
        assertThatThrownBy(() -> Quadrature.named("simpson")).hasMessageContaining("gauss-legendre")
                .hasMessageContaining("trapezoid");
        assertThat(Quadrature.named("riemann-middle")).isEqualTo(Quadrature.RIEMANN_MIDDLE);
    }
}
