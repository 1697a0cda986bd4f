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
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest(name = "{0} columns")
    @ValueSource(ints = {1, 3, 7, 8, 13, 31, 33, 127, 197, 768, 1024, 2500})
    void softmaxAgreesWithDoublePrecision(int count) {
        float[] row = gaussian(count + 5, count);
        float[] mask = gaussian(count + 2, -count);
        for (int i = 1; i < count; i += 3) {
            mask[1 + i] = i % 2 == 0 ? Float.NEGATIVE_INFINITY : -1e9f;
        }
        float[] result = row.clone();
        Elementwise.softmax(result, 3, count, 0.7f, mask, 1);
        double[] weights = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            weights[i] = Math.exp(0.7f * (double) row[3 + i] + mask[1 + i]);
            sum += weights[i];
        }
        for (int i = 0; i < count; i++) {
            assertThat((double) result[3 + i]).isCloseTo(weights[i] / sum, within(1e-6));
            if (mask[1 + i] < -1e6f) {
                assertThat(result[3 + i]).isEqualTo(0f);
            }
        }
        assertThat(result).startsWith(row[0], row[1], row[2]).endsWith(row[count + 3], row[count + 4]);
    }

    @Test
    void softmaxIsStableAndKeepsNotANumber() {
        float[] row = {1e4f, 1e4f, -1e4f};
        Elementwise.softmax(row, 0, 3, 1f);
        assertThat(row).containsExactly(0.5f, 0.5f, 0f);
        float[] broken = {1f, Float.NaN, 2f};
        Elementwise.softmax(broken, 0, 3, 1f);
        assertThat(broken).containsExactly(Float.NaN, Float.NaN, Float.NaN);
        float[] nothingLeft = {1f, 2f};
        float[] mask = {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY};
        Elementwise.softmax(nothingLeft, 0, 2, 1f, mask, 0);
        assertThat(nothingLeft).containsExactly(Float.NaN, Float.NaN);
    }

    @ParameterizedTest(name = "{0} columns")
    @ValueSource(ints = {1, 3, 7, 8, 13, 31, 33, 127, 197, 768, 1025})
    void softmaxBackwardAgreesWithDoublePrecision(int count) {
        float[] p = gaussian(count, count);
        Elementwise.softmax(p, 0, count, 1f);
        float[] dP = gaussian(count + 3, -count);
        float[] dS = new float[count + 2];
        dS[0] = 5f;
        dS[count + 1] = 6f;
        Elementwise.softmaxBackward(p, 0, dP, 3, dS, 1, count, 0.125f);
        double dot = 0;
        for (int i = 0; i < count; i++) {
            dot += (double) p[i] * dP[3 + i];
        }
        for (int i = 0; i < count; i++) {
            assertThat((double) dS[1 + i]).isCloseTo(0.125 * p[i] * (dP[3 + i] - dot), within(1e-6));
        }
        assertThat(dS).startsWith(5f).endsWith(6f);
    }
}
