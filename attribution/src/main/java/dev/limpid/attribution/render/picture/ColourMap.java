package dev.limpid.attribution.render.picture;

/**
 * 256 colours for the numbers from 0 to 1.
 *
 * <p>Made and looked up as matplotlib does it: entry i is the linear interpolation at i/255 between anchors at equal distances, each channel times 255 cut
 * to a whole number; the number t has the entry ⌊256·t⌋, 1 the last one.
 *
 * <p>Source: {@code _create_lookup_table} and {@code Colormap} in matplotlib's {@code lib/matplotlib/colors.py}; the anchors of {@link #GREENS},
 * {@link #REDS} and {@link #BLUES} are ColorBrewer's, by Cynthia Brewer (https://colorbrewer2.org).
 */
public final class ColourMap {
    /** From red over white to the green of CSS: captum's for attributions with a sign. */
    public static final ColourMap RED_WHITE_GREEN = of(0xff0000, 0xffffff, 0x008000);
    /** From almost white to dark green: captum's for positive attributions. */
    public static final ColourMap GREENS = of(0xf7fcf5, 0xe5f5e0, 0xc7e9c0, 0xa1d99b, 0x74c476, 0x41ab5d, 0x238b45,
            0x006d2c, 0x00441b);
    /** From almost white to dark red: captum's for negative attributions. */
    public static final ColourMap REDS = of(0xfff5f0, 0xfee0d2, 0xfcbba1, 0xfc9272, 0xfb6a4a, 0xef3b2c, 0xcb181d,
            0xa50f15, 0x67000d);
    /** From almost white to dark blue: captum's for magnitudes. */
    public static final ColourMap BLUES = of(0xf7fbff, 0xdeebf7, 0xc6dbef, 0x9ecae1, 0x6baed6, 0x4292c6, 0x2171b5,
            0x08519c, 0x08306b);
    /** From blue over white to vermilion, which people who confuse red and green tell apart. */
    public static final ColourMap BLUE_WHITE_ORANGE = of(0x0072b2, 0xffffff, 0xd55e00);
    /** The half of {@link #BLUE_WHITE_ORANGE} for what speaks for a class. */
    public static final ColourMap ORANGES = of(0xffffff, 0xd55e00);
    /** The other half, for what speaks against it. */
    public static final ColourMap WHITE_BLUES = of(0xffffff, 0x0072b2);

    /** From black to white: matplotlib's for numbers without a colour, whose entries are not all their index. */
    static final ColourMap GREY = of(0x000000, 0xffffff);

    /** How many. */
    static final int SIZE = 256;

    private final int[] entries = new int[SIZE];

    private ColourMap(int... anchors) {
        for (int i = 0; i < SIZE; i++) {
            entries[i] = RgbPixels.packed(channel(anchors, i, 16), channel(anchors, i, 8), channel(anchors, i, 0));
        }
    }

    private static ColourMap of(int... anchors) {
        return new ColourMap(anchors);
    }

    /** The interpolation in matplotlib's order of operations, for the sake of the last bit before it is cut. */
    private static int channel(int[] anchors, int i, int shift) {
        int last = anchors.length - 1;
        double at = (SIZE - 1) * (i * (1.0 / (SIZE - 1)));
        int right = 1;
        while (right < last && place(right, last) < at) {
            right++;
        }
        double from = (anchors[right - 1] >> shift & 255) / 255.0;
        double to = (anchors[right] >> shift & 255) / 255.0;
        if (i == SIZE - 1) {
            return (int) (to * 255);
        }
        double left = place(right - 1, last);
        return (int) (((at - left) / (place(right, last) - left) * (to - from) + from) * 255);
    }

    /** Where an anchor stands among the entries. */
    private static double place(int anchor, int last) {
        return (SIZE - 1) * (anchor == last ? 1 : anchor * (1.0 / last));
    }

    /** Entry {@code i}, from 0 to 255, as 0xRRGGBB. */
    public int entry(int i) {
        return entries[i];
    }

    /** The colour of a number, as 0xRRGGBB; numbers below 0 and above 1 have that of the nearer end. */
    public int at(double t) {
        return entries[(int) Math.clamp(t * SIZE, 0.0, SIZE - 1.0)];
    }

    /** The colour of a value of a {@link ScaledMap}: of its place between the lowest value and 1. */
    int of(double value, Sign sign) {
        return at((value - sign.lowest()) / (1.0 - sign.lowest()));
    }
}
