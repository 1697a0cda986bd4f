package dev.limpid.attribution.render;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttributionColourTest {
    @ParameterizedTest(name = "{0} is hsl({1}, 75%, {2}%)")
    @CsvSource({
            "0, 0, 100", "-0.0, 0, 100", "1, 120, 50", "-1, 0, 60", "0.5, 120, 75", "-0.5, 0, 80",
            "0.02, 120, 99", "0.019999, 120, 100", "0.015, 120, 100", "-0.025, 0, 99", "-0.0249, 0, 100",
            "0.999, 120, 51", "-0.999, 0, 61", "7, 120, 50", "-7, 0, 60", "Infinity, 120, 50", "-Infinity, 0, 60",
            "NaN, 120, 50", "4.9E-324, 120, 100"})
    void followsCaptum(double attribution, int hue, int lightness) {
        assertThat(AttributionColour.of(attribution)).isEqualTo(new AttributionColour(hue, lightness));
        assertThat(AttributionColour.of(attribution).css()).isEqualTo("hsl(" + hue + ", 75%, " + lightness + "%)");
    }

    @ParameterizedTest(name = "hsl({0}, 75%, {1}%) is rgb({2}, {3}, {4})")
    @CsvSource({"120, 50, 32, 223, 32", "0, 100, 255, 255, 255", "0, 60, 230, 77, 77", "120, 75, 143, 239, 143",
            "0, 80, 242, 166, 166"})
    void isTheColourABrowserPaints(int hue, int lightness, int red, int green, int blue) {
        AttributionColour colour = new AttributionColour(hue, lightness);
        assertThat(new int[]{colour.red(), colour.green(), colour.blue()}).containsExactly(red, green, blue);
    }

    @Test
    void blackIsReadableOnAllOfThem() {
        for (int step = -100; step <= 100; step++) {
            AttributionColour c = AttributionColour.of(step / 100.0);
            double luminance = 0.2126 * linear(c.red()) + 0.7152 * linear(c.green()) + 0.0722 * linear(c.blue());
            assertThat((luminance + 0.05) / 0.05).as("contrast at %s", step / 100.0).isGreaterThan(5.4);
        }
    }

    private static double linear(int channel) {
        double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }
}
