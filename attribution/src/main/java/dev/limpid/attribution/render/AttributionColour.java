package dev.limpid.attribution.render;

/**
 * The colour of an attribution: white at 0, towards green where the token speaks for the target, towards red where it speaks against it.
 *
 * <pre>
 *   a clamped to [−1, 1]
 *   a &gt; 0:  hsl(120, 75%, 100 − trunc( 50·a) %)      1 is 50 %
 *   a ≤ 0:  hsl(  0, 75%, 100 − trunc(−40·a) %)     −1 is 60 %, 0 is white
 *   NaN counts as 1
 * </pre>
 *
 * <p>Source: {@code _get_color} in captum's {@code captum/attr/_utils/visualization.py}. The products are computed in double. Black text is readable on
 * every colour of the scale.
 *
 * @param hue in degrees: 120 or 0
 * @param lightness in percent: 50 to 100
 */
record AttributionColour(int hue, int lightness) {
    /** The colour of a normalised attribution; one outside [−1, 1] has the colour of the nearer end. */
    static AttributionColour of(double attribution) {
        double a = Double.isNaN(attribution) ? 1 : Math.clamp(attribution, -1.0, 1.0);
        return a > 0
                ? new AttributionColour(120, 100 - (int) (50 * a))
                : new AttributionColour(0, 100 - (int) (-40 * a));
    }

    /** As CSS writes it: {@code hsl(120, 75%, 50%)}. */
    String css() {
        return "hsl(" + hue + ", 75%, " + lightness + "%)";
    }

    /** 0 to 255. */
    int red() {
        return channel(hue == 0 ? 1 : -1);
    }

    /** 0 to 255. */
    int green() {
        return channel(hue == 120 ? 1 : -1);
    }

    /** 0 to 255. */
    int blue() {
        return channel(-1);
    }

    /**
     * For a lightness L from 50 to 100 % and a saturation of 75 %, the channel the hue names is {@code L + (100 − L)·0.75} % and each other one is
     * {@code L − (100 − L)·0.75} %; in whole numbers, because one of the colours lies exactly between two bytes.
     */
    private int channel(int sign) {
        int tenThousandths = 100 * lightness + sign * 75 * (100 - lightness);
        return (255 * tenThousandths + 5000) / 10_000;
    }
}
