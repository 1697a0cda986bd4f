package dev.limpid.attribution.render.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.render.Examples;
import dev.limpid.attribution.render.HtmlValidator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page as a file: valid, small, exact; and what is refused. */
class AttentionPageTest {
    private static final AttentionOptions ALL = AttentionOptions.DEFAULT;

    static Stream<AttentionTokens> tokens() {
        return Stream.of(AttentionTokens.of(AttentionFigures.tokens(1)), AttentionTokens.of(Examples.HOSTILE),
                AttentionTokens.of(AttentionFigures.tokens(5), new int[]{0, 0, 1, 1, 1}),
                AttentionFigures.patches(2, 3, 4));
    }

    private static List<String> complaints(String page) throws Exception {
        return HtmlValidator.complaints(page).stream()
                // A block of data is no script that could be forbidden: the checker takes it for one.
                .filter(c -> !c.startsWith("warning: Inline script violates Content Security Policy")).toList();
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void isValid(AttentionTokens tokens) throws Exception {
        AttentionFigure figure = AttentionFigures.random(2, 3, tokens, 1);
        for (AttentionView view : AttentionView.values()) {
            assertThat(complaints(AttentionPage.of(figure, ALL.with(view)))).isEmpty();
        }
    }

    @Test
    void twelveLayersOfTwelveHeadsAndAHundredAndTwentyEightTokensAreLessThanFourMegabytes() throws Exception {
        AttentionFigure figure = AttentionFigures.withoutProjections(12, 12, 128, 2);
        assertThat(figure.stacks()).extracting(AttentionStack::id).containsExactly("attention", "rollout", "relevance");
        assertThat(HtmlValidator.utf8(AttentionPage.of(figure, ALL)).length).isLessThanOrEqualTo(4_000_000);
    }

    @Test
    void onlyWhatIsIncludedIsOnThePage() throws Exception {
        AttentionFigure figure = AttentionFigures.random(4, 5, AttentionTokens.of(AttentionFigures.tokens(7)), 3);
        String page = AttentionPage.of(figure,
                new AttentionOptions(AttentionView.HEAD, 3, List.of(4), List.of(3, 1), List.of(4, 0)));
        assertThat(page).contains("id=\"attention-1\"", "id=\"attention-3\"", "\"layers\":[1,3]", "\"heads\":[0,4]")
                .doesNotContain("id=\"attention-0\"", "id=\"attention-2\"", "id=\"rollout-0\"", "id=\"projections-2\"");
        assertThat(complaints(page)).isEmpty();
    }

    @Test
    void whatIsNotThereIsRefused() {
        AttentionFigure figure = AttentionFigures.withoutProjections(2, 3, 4, 4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AttentionPage.of(figure,
                        new AttentionOptions(AttentionView.HEAD, 2, List.of(), List.of(), List.of())))
                .withMessage("there is no layer 2 to show; there are 0 to 1, counted from 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AttentionPage.of(figure,
                        new AttentionOptions(AttentionView.HEAD, -1, List.of(1), List.of(), List.of(0, 2))))
                .withMessage("there is no head 1 to show; there are 0 to 2, some left out, counted from 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AttentionPage.of(figure, ALL.with(AttentionView.NEURON)))
                .withMessageContaining("queries and keys");
        AttentionTokens five = AttentionTokens.of(AttentionFigures.tokens(5));
        assertThatIllegalArgumentException().isThrownBy(
                () -> new AttentionFigure("name", "model", "cpu", null, five, figure.stacks(), null))
                .withMessageContaining("the number of tokens");
        assertThatIllegalArgumentException().isThrownBy(() -> new AttentionTokens(five.texts(), 5, null))
                .withMessage("a second sentence cannot begin at token 5 of 5");
    }

    @Test
    void theSecondSentenceBeginsAtTheFirstTokenOfItsSegment() {
        List<String> texts = AttentionFigures.tokens(4);
        assertThat(AttentionTokens.of(texts, new int[]{0, 0, 0, 1}).sentenceB()).isEqualTo(3);
        assertThat(AttentionTokens.of(texts, new int[4]).sentenceB()).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void aByteIsExactToHalfOfATwoHundredAndFiftyFifthOfTheRowsLargest(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int length = 9;
        float[] values = new float[3 * length * length];
        for (int i = length; i < values.length; i++) { // the first row is zeros
            values[i] = (float) Math.exp(6 * random.nextGaussian());
        }
        List<Integer> heads = List.of(0, 2);
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(QuantisedRows.bytes(values, length, heads)))
                .order(ByteOrder.LITTLE_ENDIAN);
        int rows = heads.size() * length;
        assertThat(bytes.remaining()).isEqualTo(rows * (4 + length));
        for (int row = 0; row < rows; row++) {
            float max = bytes.getFloat(4 * row);
            for (int j = 0; j < length; j++) {
                double value = max * (bytes.get(4 * rows + row * length + j) & 255) / 255.0;
                int from = heads.get(row / length) * length * length + row % length * length;
                assertThat(value).isCloseTo(values[from + j], within(max / 509.0));
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {4, 5})
    void aShortIsExactToHalfOfAThirtyTwoThousandthOfTheVectorsLargest(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int length = 4;
        int size = 6;
        float[][] arrays = new float[2][2 * length * size];
        for (float[] array : arrays) {
            for (int i = 0; i < array.length; i++) {
                array[i] = (float) random.nextGaussian();
            }
        }
        ByteBuffer bytes = ByteBuffer
                .wrap(Base64.getDecoder().decode(QuantisedRows.shorts(List.of(arrays), length, size, List.of(1))))
                .order(ByteOrder.LITTLE_ENDIAN);
        int rows = 2 * length;
        for (int row = 0; row < rows; row++) {
            float max = bytes.getFloat(4 * row);
            for (int d = 0; d < size; d++) {
                double value = max * bytes.getShort(4 * rows + 2 * (row * size + d)) / 32767.0;
                float expected = arrays[row / length][(length + row % length) * size + d];
                assertThat(value).isCloseTo(expected, within(max / 65000.0));
            }
        }
    }

    /** Machado, Oliveira and Fernandes 2009, severity 1: normal vision, protanopia, deuteranopia, tritanopia, in linear RGB. */
    private static final double[][] VISIONS = {{1, 0, 0, 0, 1, 0, 0, 0, 1},
            {.152286, 1.052583, -.204868, .114503, .786281, .099216, -.003882, -.048116, 1.051998},
            {.367322, .860646, -.227968, .280085, .672501, .047413, -.011820, .042940, .968881},
            {1.255528, -.076749, -.178779, -.078411, .930809, .147602, .004733, .691367, .303900}};

    @Test
    void colourBlindPeopleTellHeadsApart() {
        assertThat(HeadColours.ALL).doesNotHaveDuplicates().hasSize(24)
                .allMatch(colour -> colour.matches("#[0-9a-f]{6}"));
        for (double[] vision : VISIONS) {
            List<double[]> seen = HeadColours.ALL.stream().map(colour -> oklab(colour, vision)).toList();
            for (int a = 0; a < 24; a++) {
                for (int b = 0; b < a; b++) {
                    double distance = Math.sqrt(squared(seen.get(a), seen.get(b)));
                    assertThat(distance).as("%s and %s", HeadColours.ALL.get(a), HeadColours.ALL.get(b))
                            .isGreaterThan(a < 12 ? 0.08 : a < 16 ? 0.07 : 0.055);
                }
            }
        }
    }

    private static double squared(double[] a, double[] b) {
        return IntStream.range(0, 3).mapToDouble(i -> (a[i] - b[i]) * (a[i] - b[i])).sum();
    }

    /** Ottosson's OKLab of a colour under a vision. */
    private static double[] oklab(String colour, double[] vision) {
        double[] linear = IntStream.of(1, 3, 5).mapToDouble(at -> {
            double c = Integer.parseInt(colour, at, at + 2, 16) / 255.0;
            return c <= .04045 ? c / 12.92 : Math.pow((c + .055) / 1.055, 2.4);
        }).toArray();
        double[] rgb = times(vision, linear);
        for (int i = 0; i < 3; i++) {
            rgb[i] = Math.clamp(rgb[i], 0, 1);
        }
        double[] lms = times(new double[]{.4122214708, .5363325363, .0514459929, .2119034982, .6806995451, .1073969566,
                .0883024619, .2817188376, .6299787005}, rgb);
        for (int i = 0; i < 3; i++) {
            lms[i] = Math.cbrt(lms[i]);
        }
        return times(new double[]{.2104542553, .7936177850, -.0040720468, 1.9779984951, -2.4285922050, .4505937099,
                .0259040371, .7827717662, -.8086757660}, lms);
    }

    private static double[] times(double[] matrix, double[] vector) {
        return IntStream.range(0, 3)
                .mapToDouble(i -> IntStream.range(0, 3).mapToDouble(j -> matrix[3 * i + j] * vector[j]).sum())
                .toArray();
    }
}
