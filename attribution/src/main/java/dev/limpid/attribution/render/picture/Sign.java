package dev.limpid.attribution.render.picture;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which attributions a picture shows: the {@code sign} of transformers-interpret. */
public enum Sign {
    /** All, with their sign, in [−1, 1]. */
    ALL,
    /** Those that speak for the class, in [0, 1]; others count as 0. */
    POSITIVE,
    /** Those that speak against it, without their sign, in [0, 1]; others count as 0. */
    NEGATIVE,
    /** All, without their sign, in [0, 1]: captum's {@code absolute_value}. */
    ABSOLUTE;

    /** The name used in options: {@code positive}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The sign of this name.
     *
     * @throws IllegalArgumentException if there is none, naming those there are
     */
    public static Sign named(String id) {
        return Arrays.stream(values()).filter(s -> s.id().equals(id)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no sign '" + id + "'; known are "
                        + Arrays.stream(values()).map(Sign::id).collect(Collectors.joining(", "))));
    }

    /** The attribution where this sign shows it, otherwise 0; without its sign for {@link #ABSOLUTE} only. */
    double keep(double attribution) {
        return switch (this) {
            case ALL -> attribution;
            case POSITIVE -> Math.max(attribution, 0);
            case NEGATIVE -> Math.min(attribution, 0);
            case ABSOLUTE -> Math.abs(attribution);
        };
    }

    /** The lower end of the values shown: −1 or 0. */
    int lowest() {
        return this == ALL ? -1 : 0;
    }
}
