package dev.limpid.attribution.render.picture;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How an image and its attributions become pixels: the {@code method} of transformers-interpret's {@code visualize()}.
 *
 * <p>The pixels have the resolution the model saw. Source: {@code visualize_image_attr} in captum's {@code captum/attr/_utils/visualization.py}.
 */
public enum View {
    /** The colour of every attribution. */
    HEATMAP("Heat map"),
    /** The heat map over the image in grey: captum's {@code blended_heat_map}. */
    OVERLAY("Overlay"),
    /** The image, the more opaque the larger the attribution, on white: {@code alpha_scaling}. */
    ALPHA("Alpha scaling"),
    /** The image times the attribution: dark where that is small, {@code masked_image}. */
    MASKED("Masked image"),
    /** The image as it is. */
    ORIGINAL("Original image");

    private final String title;

    View(String title) {
        this.title = title;
    }

    /** The name used in options: {@code heatmap}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The view of this name.
     *
     * @throws IllegalArgumentException if there is none, naming those there are
     */
    public static View named(String id) {
        return Arrays.stream(values()).filter(v -> v.id().equals(id)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no view '" + id + "'; known are "
                        + Arrays.stream(values()).map(View::id).collect(Collectors.joining(", "))));
    }

    /** What it is called: {@code Heat map}. */
    public String title() {
        return title;
    }

    /**
     * The sign this view shows where {@code sign} is asked for: opacity and darkness have no sign, so that {@link #ALPHA} and {@link #MASKED} show the
     * positive attributions where all are asked for, as in transformers-interpret.
     */
    public Sign shown(Sign sign) {
        return sign == Sign.ALL && (this == ALPHA || this == MASKED) ? Sign.POSITIVE : sign;
    }

    /** Whether colours stand for attributions, so that a colour bar belongs to it. */
    boolean hasColours() {
        return this == HEATMAP || this == OVERLAY;
    }

    /**
     * The title transformers-interpret 0.10.0 gives, with its wording for a panel alone and for one beside the original.
     *
     * @param label what is written after {@code Prediction}
     */
    public String transformersInterpretTitle(String label, boolean sideBySide) {
        String name = switch (this) {
            case HEATMAP -> "Heatmap IG";
            case OVERLAY -> sideBySide ? "Heatmap overlay IG" : "Heatmap Overlay IG";
            case ALPHA -> sideBySide ? "Alpha Scaled IG" : "Alpha Scaling IG";
            case MASKED -> "Masked Image IG";
            case ORIGINAL -> "Original Image";
        };
        return this == ORIGINAL ? name : name + ". Prediction" + (sideBySide ? ": " : " - ") + label;
    }

    /**
     * The pixels.
     *
     * <pre>
     *   heat(p)   = colour of value(p)
     *   HEATMAP   = heat
     *   OVERLAY   = ⌊a·heat + (1 − a)·grey⌋             a = ⌊255·opacity⌋ / 255
     *                                                    grey = mean of R, G, B from the smallest, black, to the largest, white
     *   ALPHA     = ⌊a·image + (1 − a)·255⌋              a = ⌊255·value⌋ / 255
     *   MASKED    = ⌊value·image⌋
     * </pre>
     *
     * That is how matplotlib composites: it keeps opacities as bytes, looks grey up in a colour map, and cuts.
     *
     * @param image (H,W)
     * @param map (H,W), with a sign that the view can show
     * @param colours those of the map's sign
     * @param opacity of the heat map in {@link #OVERLAY}, from 0 to 1; captum's {@code alpha_overlay}, 0.5 there
     * @throws IllegalArgumentException if image and map differ in size, or the view cannot show the map's sign
     */
    public RgbPixels pixels(RgbPixels image, ScaledMap map, ColourMap colours, double opacity) {
        if (image.height() != map.height() || image.width() != map.width()) {
            throw new IllegalArgumentException("the map is " + map.width() + " × " + map.height() + ", the image "
                    + image.width() + " × " + image.height() + "; the image must be as the model saw it");
        }
        if (shown(map.sign()) != map.sign()) {
            throw new IllegalArgumentException(
                    "the view " + id() + " has no sign; give it a map of the sign that shown() names");
        }
        int[] grey = this == OVERLAY ? grey(image) : null;
        int[] rgb = new int[image.rgb().length];
        for (int i = 0; i < rgb.length; i++) {
            double value = map.values()[i];
            rgb[i] = switch (this) {
                case HEATMAP -> colours.of(value, map.sign());
                case OVERLAY -> RgbPixels.mix(colours.of(value, map.sign()), grey[i], asByte(opacity));
                case ALPHA -> RgbPixels.mix(image.rgb()[i], 0xffffff, asByte(value));
                case MASKED -> RgbPixels.perChannel(image.rgb()[i], channel -> (int) (channel * value));
                case ORIGINAL -> image.rgb()[i];
            };
        }
        return new RgbPixels(image.height(), image.width(), rgb);
    }

    /** An opacity as matplotlib keeps it. */
    static double asByte(double opacity) {
        return (int) (255 * opacity) / 255.0;
    }

    /** matplotlib's grey for the mean of the channels: from the smallest to the largest in 256 steps; black where all are the same. */
    private static int[] grey(RgbPixels image) {
        int[] sums = new int[image.rgb().length];
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (int i = 0; i < sums.length; i++) {
            int rgb = image.rgb()[i];
            sums[i] = (rgb >> 16 & 255) + (rgb >> 8 & 255) + (rgb & 255);
            least = Math.min(least, sums[i]);
            most = Math.max(most, sums[i]);
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] = ColourMap.GREY.entry(most == least ? 0 : Math.min(255, 256 * (sums[i] - least) / (most - least)));
        }
        return sums;
    }
}
