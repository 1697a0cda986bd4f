package dev.limpid.attribution.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecimalsTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({"5.54, 5.54", "1.6839915675382908, 1.68", "0, 0.00", "-0.0, -0.00", "-0.001, -0.00", "-0.005, -0.01",
            "0.005, 0.01", "0.015, 0.01", "0.025, 0.03", "2.675, 2.67", "1.005, 1.00", "0.125, 0.12", "0.375, 0.38",
            "-0.125, -0.12", "-2.5, -2.50", "NaN, nan", "Infinity, inf", "-Infinity, -inf", "1e15, 1000000000000000.00",
            "123456789.125, 123456789.12", "0.995, 0.99", "9.995, 9.99", "-0.0049999, -0.00"})
    void followsPython(double value, String text) {
        assertThat(Decimals.fixed(value, 2)).isEqualTo(text);
    }

    @Test
    void tiesGoToTheEvenDigit() {
        // k + 1/8, 3/8, 5/8, 7/8 are the only doubles halfway between two numbers of two decimals
        for (long eighths = 1; eighths < 20_001; eighths += 2) {
            long half = eighths * 25 / 2; // eighths · 12.5, rounded down
            long even = half % 2 == 0 ? half : half + 1;
            String text = even / 100 + "." + (even % 100 < 10 ? "0" : "") + even % 100;
            assertThat(Decimals.fixed(eighths / 8.0, 2)).isEqualTo(text);
            assertThat(Decimals.fixed(-eighths / 8.0, 2)).isEqualTo("-" + text);
        }
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({"0, 0.0000", "-0.0, 0.0000", "0.9177170660377296, +0.9177", "-0.29823, -0.2982", "0.00031, +3.1e-04",
            "-0.0000004, -4.0e-07", "0.00095, +0.0009", "12.5, +12.5000", "1e-300, +1.0e-300"})
    void smallNumbersKeepTheirDigits(double value, String text) {
        assertThat(Decimals.signed(value)).isEqualTo(text);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({"0, 0", "-0.0, 0", "12.345, 12.3", "-1.125, -1.13", "0.0625, 0.0625", "0.00123456, 0.00123",
            "0.00099949, 9.99e-4", "0.0009996, 1.00e-3", "9.999, 10.0", "99.96, 100", "999.4, 999", "999.6, 1.00e+3",
            "123456, 1.23e+5", "-3.046e-12, -3.05e-12", "1e-300, 1.00e-300", "NaN, nan", "-Infinity, -inf"})
    void threeDigitsAreSignificant(double value, String text) {
        assertThat(Decimals.significant(value)).isEqualTo(text);
    }

    @Test
    void theLocaleDoesNotMatter() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(Decimals.fixed(1234.5, 2)).isEqualTo("1234.50");
            assertThat(Decimals.fine(0.00012)).isEqualTo("1.2e-04");
        } finally {
            Locale.setDefault(before);
        }
    }
}
