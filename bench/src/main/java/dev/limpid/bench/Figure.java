package dev.limpid.bench;

import java.util.Locale;

/**
 * A measured number in a {@link Table}: printed in its own format, and as it is in JSON.
 *
 * @param format as for {@link String#format}; not used where the value is NaN, which is printed as -
 */
public record Figure(double value, String format) {
    @Override
    public String toString() {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }
}
