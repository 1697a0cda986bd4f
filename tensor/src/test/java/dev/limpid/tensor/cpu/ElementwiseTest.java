package dev.limpid.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ElementwiseTest {

    private static final float INFINITY = Float.POSITIVE_INFINITY;

    @FunctionalInterface
    interface Forward {

        void apply(float[] x, int xOffset, float[] y, int yOffset, int count);
    }

    @FunctionalInterface
    interface Backward {

        void apply(float[] x, int xOffset, float[] dY, int dYOffset, float[] dX, int dXOffset, int count);
    }

    /** With dY = 1 a backward is the derivative, a function like the others. */
    private static Forward derivative(Backward backward) {
        return (x, xOffset, y, yOffset, count) -> {
            float[] ones = new float[count + 3];
            Arrays.fill(ones, 1f);
            backward.apply(x, xOffset, ones, 3, y, yOffset, count);
        };
    }

    static Stream<Arguments> functions() {
        return Stream.of(function("gelu", Elementwise::gelu, x -> x * phi(x)),
                function("gelu'", derivative(Elementwise::geluBackward), x -> phi(x) + x * density(x)),
                function("tanh gelu", Elementwise::geluTanh, x -> 0.5 * x * (1 + Math.tanh(u(x)))),
                function("tanh gelu'", derivative(Elementwise::geluTanhBackward), ElementwiseTest::geluTanhSlope),
                function("relu", Elementwise::relu, x -> Math.max(x, 0)),
                function("relu'", derivative(Elementwise::reluBackward), x -> x > 0 ? 1 : 0),
                function("tanh", Elementwise::tanh, Math::tanh),
                function("tanh' from y", derivative(Elementwise::tanhBackward), y -> 1 - y * y),
                function("exp", Elementwise::exp, x -> x < -86.9 ? 0 : Math.exp(x)));
    }

    private static Arguments function(String name, Forward forward, DoubleUnaryOperator exact) {
        return Arguments.of(name, forward, exact);
    }

    private static double phi(double x) {
        return 0.5 * erfc(-x * Math.sqrt(0.5));
    }

    private static double density(double x) {
        return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    }

    private static double u(double x) {
        return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    }

    private static double geluTanhSlope(double x) {
        double t = Math.tanh(u(x));
        double slope = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
        return 0.5 * (1 + t) + (Math.abs(x) > 20 ? 0 : 0.5 * x * (1 - t * t) * slope);
    }

    /** erfc by its Taylor series near 0 and its continued fraction beyond, both to 1e-15. */
    private static double erfc(double x) {
        if (x < 0) {
            return 2 - erfc(-x);
        }
        if (x > 2.5) {
            double fraction = 0;
            for (int i = 200; i > 0; i--) {
                fraction = i / 2.0 / (x + fraction);
            }
            return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
        }
        double term = x;
        double sum = x;
        for (int i = 1; i < 100; i++) {
            term *= -x * x / i;
            sum += term / (2 * i + 1);
        }
        return 1 - 2 / Math.sqrt(Math.PI) * sum;
    }

    /** Every sign, magnitudes from 1e-30 to 1e30 and a dense stretch where the functions bend. */
    private static float[] grid() {
        float[] values = new float[60_000];
        for (int i = 0; i < 50_000; i++) {
            values[i] = (i - 25_000) / 1000f;
        }
        for (int i = 0; i < 10_000; i++) {
            values[50_000 + i] = (float) ((i % 2 == 0 ? 1 : -1) * Math.pow(10, i / 10_000.0 * 60 - 30));
        }
        return values;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    void agreesWithDoublePrecision(String name, Forward forward, DoubleUnaryOperator exact) {
        float[] x = grid();
        float[] y = new float[x.length];
        forward.apply(x, 0, y, 0, x.length);
        for (int i = 0; i < x.length; i++) {
            double expected = exact.applyAsDouble(x[i]);
            if (Math.abs(expected) > Float.MAX_VALUE) {
                assertThat((double) y[i]).as("%s(%s)", name, x[i]).isEqualTo(Math.copySign(INFINITY, expected));
            } else {
                double allowed = Math.max(name.equals("exp") ? 0 : 1e-6, 3e-7 * Math.abs(expected));
                assertThat((double) y[i]).as("%s(%s)", name, x[i]).isCloseTo(expected, within(allowed));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    void notANumberStaysOneAndInfinityHasALimit(String name, Forward forward, DoubleUnaryOperator exact) {
        float[] x = {Float.NaN, 1f, INFINITY, -INFINITY, -0f};
        float[] y = new float[5];
        forward.apply(x, 0, y, 0, 5);
        assertThat(y[0]).as(name).isNaN();
        assertThat((double) y[1]).isCloseTo(exact.applyAsDouble(1), within(1e-6));
        if (!name.startsWith("tanh' ")) {
            assertThat(y[2]).as("%s(∞)", name)
                    .isEqualTo(name.equals("tanh") || name.endsWith("'") ? 1f : INFINITY);
            assertThat(y[3]).as("%s(-∞)", name).isCloseTo(name.equals("tanh") ? -1f : 0f, within(1e-7f));
        }
        assertThat((double) y[4]).isCloseTo(exact.applyAsDouble(0), within(1e-7));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    void writesItsWindowAndNoMoreInPlaceOrNot(String name, Forward forward, DoubleUnaryOperator exact) {
        for (int count : new int[]{0, 1, 3, 7, 13, 33, 768, 1023, 1024, 1025, 3000}) {
            float[] x = gaussian(count + 11, count);
            float[] y = new float[count + 9];
            Arrays.fill(y, 77f);
            forward.apply(x, 5, y, 4, count);
            for (int i = 0; i < y.length; i++) {
                double expected = i < 4 || i >= 4 + count ? 77 : exact.applyAsDouble(x[i + 1]);
                assertThat((double) y[i]).as("%s, %d of %d", name, i, count).isCloseTo(expected,
                        within(2e-6 * Math.max(1, Math.abs(expected))));
            }
            float[] same = x.clone();
            forward.apply(same, 5, same, 5, count);
            for (int i = 0; i < same.length; i++) {
                assertThat(same[i]).isEqualTo(i < 5 || i >= 5 + count ? x[i] : y[i - 1]);
            }
        }
    }

    private static float[] gaussian(int size, long seed) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (3 * random.nextGaussian());
        }
        return values;
    }

    @Test
    void backwardMultipliesByTheGradientThatComesIn() {
        float[] x = {-1f, 0.5f, 2f};
        float[] dY = {2f, -3f, 0f};
        float[] dX = new float[3];
        Elementwise.geluBackward(x, 0, dY, 0, dX, 0, 3);
        for (int i = 0; i < 3; i++) {
            assertThat((double) dX[i]).isCloseTo(dY[i] * (phi(x[i]) + x[i] * density(x[i])), within(3e-6));
        }
    }

    static Stream<Arguments> rowsAndColumns() {
        return Stream.of(1, 3, 7, 8, 13, 31, 33, 127, 197, 768, 1024, 2500)
                .flatMap(columns -> Stream.of(1, 2, 37).map(rows -> Arguments.of(rows, columns)));
    }

    @ParameterizedTest(name = "{0} rows of {1}")
    @MethodSource("rowsAndColumns")
    void softmaxAgreesWithDoublePrecision(int rows, int columns) {
        float[] x = gaussian(rows * columns + 5, columns);
        float[] mask = gaussian(columns + 2, -columns);
        for (int i = 1; i < columns; i += 3) {
            mask[1 + i] = i % 2 == 0 ? Float.NEGATIVE_INFINITY : -1e9f;
        }
        float[] result = x.clone();
        float[] logSumExp = new float[rows + 1];
        Elementwise.softmax(result, 3, rows, columns, 0.7f, mask, 1, logSumExp, 1);
        for (int row = 0; row < rows; row++) {
            int at = 3 + row * columns;
            double[] weights = new double[columns];
            double sum = 0;
            for (int i = 0; i < columns; i++) {
                weights[i] = Math.exp(0.7f * (double) x[at + i] + mask[1 + i]);
                sum += weights[i];
            }
            assertThat((double) logSumExp[1 + row]).isCloseTo(Math.log(sum), within(2e-6));
            for (int i = 0; i < columns; i++) {
                assertThat((double) result[at + i]).isCloseTo(weights[i] / sum, within(1e-6));
                if (mask[1 + i] < -1e6f) {
                    assertThat(result[at + i]).isEqualTo(0f);
                }
            }
        }
        assertThat(result).startsWith(x[0], x[1], x[2]).endsWith(x[rows * columns + 3], x[rows * columns + 4]);

        float[] again = x.clone();
        Elementwise.softmaxAgain(again, 3, rows, columns, 0.7f, mask, 1, logSumExp, 1);
        for (int i = 0; i < again.length; i++) {
            assertThat((double) again[i]).isCloseTo(result[i], within(1e-6));
        }
    }

    @Test
    void softmaxIsStableAndKeepsNotANumberInItsRow() {
        float[] x = {1e4f, 1e4f, -1e4f, 1f, Float.NaN, 2f, 0f, 0f, 0f};
        Elementwise.softmax(x, 0, 3, 3, 1f, null, 0, new float[3], 0);
        assertThat(x).containsExactly(0.5f, 0.5f, 0f, Float.NaN, Float.NaN, Float.NaN, 1 / 3f, 1 / 3f, 1 / 3f);
        float[] nothingLeft = {1f, 2f};
        float[] mask = {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY};
        Elementwise.softmax(nothingLeft, 0, 1, 2, 1f, mask, 0, new float[1], 0);
        assertThat(nothingLeft).containsExactly(Float.NaN, Float.NaN);
        Elementwise.softmax(new float[0], 0, 4, 0, 1f, null, 0, new float[4], 0);
    }

    @Test
    void aRowsSoftmaxDoesNotDependOnTheRowsBesideIt() {
        float[] x = gaussian(29 * 100, 4);
        float[] alone = x.clone();
        Elementwise.softmax(x, 0, 29, 100, 0.3f, null, 0, new float[29], 0);
        for (int row = 0; row < 29; row++) {
            Elementwise.softmax(alone, row * 100, 1, 100, 0.3f, null, 0, new float[1], 0);
        }
        assertThat(x).isEqualTo(alone);
    }

    @ParameterizedTest(name = "{0} rows of {1}")
    @MethodSource("rowsAndColumns")
    void softmaxBackwardAgreesWithDoublePrecision(int rows, int columns) {
        int size = rows * columns;
        float[] p = gaussian(size, columns);
        Elementwise.softmax(p, 0, rows, columns, 1f, null, 0, new float[rows], 0);
        float[] dP = gaussian(size + 3, -columns);
        float[] dS = new float[size + 2];
        dS[0] = 5f;
        dS[size + 1] = 6f;
        Elementwise.softmaxBackward(p, 0, dP, 3, dS, 1, rows, columns, 0.125f);
        for (int row = 0; row < rows; row++) {
            int at = row * columns;
            double dot = 0;
            for (int i = at; i < at + columns; i++) {
                dot += (double) p[i] * dP[3 + i];
            }
            for (int i = at; i < at + columns; i++) {
                assertThat((double) dS[1 + i]).isCloseTo(0.125 * p[i] * (dP[3 + i] - dot), within(1e-6));
            }
        }
        assertThat(dS).startsWith(5f).endsWith(6f);
        Elementwise.softmaxBackward(p, 0, dP, 3, dP, 3, rows, columns, 0.125f);
        for (int i = 0; i < size; i++) {
            assertThat(dP[3 + i]).isEqualTo(dS[1 + i]);
        }
    }
}
