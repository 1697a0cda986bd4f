package dev.limpid.attribution.render;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as text, the same in every locale. */
final class Decimals {
    private Decimals() {}

    /**
     * With a fixed number of decimals, as Python's {@code "%.2f"} writes it: the exact binary value rounded half to even, the sign of a number that
     * rounds to zero kept ({@code -0.00}), and {@code nan}, {@code inf}, {@code -inf}.
     */
    static String fixed(double value, int decimals) {
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
    static String fine(double value) {
        return value != 0 && Math.abs(value) < 0.00095
                ? String.format(Locale.ROOT, "%.1e", value)
                : fixed(value + 0.0, 4);
    }

    /** As {@link #fine}, with a plus sign before positive numbers. */
    static String signed(double value) {
        return value > 0 ? "+" + fine(value) : fine(value);
    }
}
