package dev.limpid.attribution.render.picture;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which colour maps a picture uses. */
public enum Palette {
    /** captum's: red and green, {@link ColourMap#GREENS}, {@link ColourMap#REDS}, {@link ColourMap#BLUES}. */
    CAPTUM,
    /** Blue against, vermilion for: without the pair of red and green. */
    BLUE_ORANGE;

    /** The name used in options: {@code blue-orange}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The palette of this name.
     *
     * @throws IllegalArgumentException if there is none, naming those there are
     */
    public static Palette named(String id) {
        return Arrays.stream(values()).filter(p -> p.id().equals(id)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no palette '" + id + "'; known are "
                        + Arrays.stream(values()).map(Palette::id).collect(Collectors.joining(", "))));
    }

    /** The colours of the attributions a sign keeps. */
    public ColourMap colours(Sign sign) {
        boolean captum = this == CAPTUM;
        return switch (sign) {
            case ALL -> captum ? ColourMap.RED_WHITE_GREEN : ColourMap.BLUE_WHITE_ORANGE;
            case POSITIVE -> captum ? ColourMap.GREENS : ColourMap.ORANGES;
            case NEGATIVE -> captum ? ColourMap.REDS : ColourMap.WHITE_BLUES;
            case ABSOLUTE -> ColourMap.BLUES;
        };
    }
}
