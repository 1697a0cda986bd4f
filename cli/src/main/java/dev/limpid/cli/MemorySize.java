package dev.limpid.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes as Java's own flags have them: {@code 512m}, {@code 2g}, or a number of bytes. */
final class MemorySize implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,12})([kmgt]?)");

    @Override
    public Long convert(String value) {
        Matcher matcher = FORM.matcher(value.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + value + "' is no size; write one like 512m or 2g");
        }
        int shift = matcher.group(2).isEmpty() ? 0 : 10 * (1 + "kmgt".indexOf(matcher.group(2)));
        long number = Long.parseLong(matcher.group(1));
        if (number > Long.MAX_VALUE >> shift) {
            throw new TypeConversionException("'" + value + "' is more memory than can be counted");
        }
        return number << shift;
    }
}
