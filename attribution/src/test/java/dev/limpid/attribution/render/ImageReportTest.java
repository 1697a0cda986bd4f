package dev.limpid.attribution.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.attribution.explain.ImageAttribution;
import dev.limpid.attribution.explain.ImageExplanation;
import dev.limpid.attribution.explain.ImageFaithfulness;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ImageReportTest {
    static final List<String> HOSTILE = Examples.HOSTILE;
    private static final ImageDetails NAMED = ImageDetails.NONE.withName("photo.png");

    @Test
    void tellsWhatWasPredictedAndWhy() {
        double[] values = new double[3 * 4 * 6];
        values[0] = 2; // in the patch at the upper left
        values[2 * 24 + 3 * 6 + 5] = -1; // at the lower right
        values[24 + 5] = 0.004; // at the upper right
        ImageExplanation e = ImageExamples.of(1, List.of(new ImageAttribution("class", 1, "dog", 2.5, -0.5, 1e-5,
                "integrated-gradients", "gauss-legendre", 50, values)), "cat", "dog");
        assertThat(ImageReport.of(e, NAMED, false, 80)).isEqualTo("""
                image  photo.png, 20 × 10 pixels, seen as 6 × 4
                prediction  cat, 50.0 %

                class    index  probability     logit
                cat          0       50.0 %      3.00
                dog          1       25.0 %      2.00
                class 2      2       12.5 %      1.00
                class 3      3        6.2 %      0.00
                class 4      4        3.1 %     -1.00

                explained  dog by integrated-gradients, 50 steps, baseline zero
                score 2.5000  baseline score -0.5000  attribution sum 1.0040  delta 1.0e-05

                what each patch added, in percent of the strongest
                 +100    0
                    0  -50
                """);
    }

    @Test
    void whatAMethodHasNotIsLeftOut() {
        ImageExplanation e = ImageExamples.of(2, List.of(ImageExamples.withoutBaseline()), "a", "b");
        assertThat(ImageReport.of(e, ImageDetails.NONE, false, 80)).startsWith("image  20 × 10 pixels")
                .contains("\nexplained  a − b by saliency\nscore 0.2500  attribution sum 0.0000\n", "    0    0\n")
                .doesNotContain("baseline", "delta", "NaN", "nan", "steps");
    }

    @Test
    void metricsAreToldWhereTheyWereMeasured() {
        ImageExplanation e = ImageExamples.of(3, "cat");
        ImageDetails details = NAMED.withMetrics(List.of(new ImageFaithfulness(0.12345, 0.2, 0.3, -0.4, 0.00001)));
        assertThat(ImageReport.of(e, details, false, 80)).contains("\ninfidelity 0.1235  deletion AUC 0.2000"
                + "  insertion AUC 0.3000  comprehensiveness -0.4000  sufficiency 0.0000\n");
        assertThat(ImageReport.of(e, NAMED, false, 80)).doesNotContain("AUC");
    }

    @Test
    void patchesThatDoNotFitAreLeftOut() {
        ImageExplanation e = ImageExamples.of(4, "cat");
        assertThat(ImageReport.of(e, NAMED, false, 10)).contains("what each patch added");
        assertThat(ImageReport.of(e, NAMED, false, 9)).doesNotContain("what each patch added");
    }

    @Test
    void coloursStandBehindTheNumbers() {
        ImageExplanation e = ImageExamples.of(5, "cat");
        String coloured = ImageReport.of(e, NAMED, true, 80);
        assertThat(coloured).contains("\u001b[38;2;0;0;0;48;2;");
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(ImageReport.of(e, NAMED, false, 80));
    }

    @ParameterizedTest
    @FieldSource("HOSTILE")
    void textsFromOutsideDoNothingToATerminal(String text) {
        ImageExplanation e = ImageExamples.of(6, text);
        String report = ImageReport.of(e, ImageDetails.NONE.withName(text), false, 80);
        assertThat(report.codePoints().filter(c -> c != '\n')).noneMatch(
                c -> Character.isISOControl(c) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069));
        assertThat(report.lines().limit(2)).allMatch(line -> line.startsWith("image  ")
                || line.startsWith("prediction  "));
    }
}
