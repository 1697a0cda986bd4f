package dev.limpid.attribution.render;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as text, the same in every locale. */
public final class Decimals {
    private Decimals() {}

    /**
     * With a fixed number of decimals, as Python's {@code "%.2f"} writes it: the exact binary value rounded half to even, the sign of a number that
     * rounds to zero kept ({@code -0.00}), and {@code nan}, {@code inf}, {@code -inf}.
     */
    public static String fixed(double value, int decimals) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        boolean negative = Double.doubleToRawLongBits(value) < 0;
        String magnitude = new BigDecimal(Math.abs(value)).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
        return negative ? "-" + magnitude : magnitude;
    }

    /** With four decimals, or two significant digits where four decimals would show nothing of it; 0 is {@code 0.0000}. */
    public static String fine(double value) {
        return value != 0 && Math.abs(value) < 0.00095
                ? String.format(Locale.ROOT, "%.1e", value)
                : fixed(value + 0.0, 4);
    }

    /** As {@link #fine}, with a plus sign before positive numbers. */
    public static String signed(double value) {
        return value > 0 ? "+" + fine(value) : fine(value);
    }

    /** With three significant digits, halves away from zero: {@code 12.3}, {@code 0.00123}, {@code 1.23e-5}; 0 is {@code 0}. */
    public static String significant(double value) {
        if (value == 0 || !Double.isFinite(value)) {
            return value == 0 ? "0" : fixed(value, 0);
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(3, RoundingMode.HALF_UP));
        double magnitude = Math.abs(value);
        return magnitude >= 0.001 && magnitude < 999.5
                ? rounded.setScale(2 - (rounded.precision() - rounded.scale() - 1)).toPlainString()
                : String.format(Locale.ROOT, "%.2e", rounded).replaceFirst("e([+-])0", "e$1");
    }
}
