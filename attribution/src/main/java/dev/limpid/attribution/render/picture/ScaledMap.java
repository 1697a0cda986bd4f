package dev.limpid.attribution.render.picture;

import java.util.Arrays;
import java.util.List;

/**
 * Attributions of pixels, brought to the range that colours have.
 *
 * <pre>
 *   v = what the sign keeps of the sum over channels                        (H,W)
 *   T = m[first i with c[i] ≥ c[last] · 0.01 · (100 − 100·outlier)]         m = |v| ascending, c its cumulative sums
 *   value = v / T clipped to [−1, 1]                                        v / −T for {@link Sign#NEGATIVE}
 * </pre>
 *
 * <p>The largest attributions that together hold the share {@code outlier} of the total are thus all drawn as 1.
 *
 * <p>Source: {@code _normalize_attr} in captum's {@code captum/attr/_utils/visualization.py}, computed in double. Where captum stops because T is 0, a map
 * without an attribution of the sign is all 0 here, and otherwise T is the smallest magnitude that is not 0.
 *
 * @param height H
 * @param width W
 * @param sign what was kept
 * @param scale T: the magnitude drawn as 1, in the unit of the attributions; 0 where there is nothing to draw
 * @param values (H,W), in [−1, 1] for {@link Sign#ALL}, in [0, 1] otherwise
 */
public record ScaledMap(int height, int width, Sign sign, double scale, double[] values) {
    /**
     * A map with the scale of its own.
     *
     * @param outlier from 0 to 1: transformers-interpret's {@code outlier_threshold}, a hundredth of captum's {@code outlier_perc}
     * @throws IllegalArgumentException if {@code outlier} is outside that range or the attributions of a pixel's channels have no finite sum
     */
    public static ScaledMap of(AttributionMap map, Sign sign, double outlier) {
        return withScale(map, sign, sharedScale(List.of(map), sign, outlier));
    }

    /**
     * A map with a scale from outside, which makes its colours comparable to those of other maps.
     *
     * @param scale from {@link #sharedScale}; 0 makes all values 0
     */
    public static ScaledMap withScale(AttributionMap map, Sign sign, double scale) {
        if (!(scale >= 0) || Double.isInfinite(scale)) {
            throw new IllegalArgumentException("a scale is a finite number that is not negative, not " + scale);
        }
        double divisor = sign == Sign.NEGATIVE ? -scale : scale;
        double[] values = map.pixels();
        for (int i = 0; i < values.length; i++) {
            values[i] = scale == 0 ? 0 : Math.clamp(sign.keep(values[i]) / divisor, -1.0, 1.0) + 0.0;
        }
        return new ScaledMap(map.height(), map.width(), sign, scale, values);
    }

    /**
     * The scale of several maps, as if they were one: T over the magnitudes of all their pixels.
     *
     * @return T, or 0 if no map has an attribution of this sign
     * @throws IllegalArgumentException as {@link #of}
     */
    public static double sharedScale(List<AttributionMap> maps, Sign sign, double outlier) {
        if (!(outlier >= 0 && outlier <= 1)) {
            throw new IllegalArgumentException("the outlier threshold is a share from 0 to 1, not " + outlier);
        }
        double[] magnitudes = maps.stream().flatMapToDouble(map -> Arrays.stream(map.pixels()))
                .map(v -> Math.abs(sign.keep(v))).sorted().toArray();
        double largest = magnitudes.length == 0 ? 0 : magnitudes[magnitudes.length - 1];
        if (!Double.isFinite(largest)) {
            throw new IllegalArgumentException("the attributions of a pixel's channels add up to " + largest
                    + ", which cannot be drawn: they are too large");
        }
        double limit = Arrays.stream(magnitudes).reduce(0, Double::sum) * 0.01 * (100 - 100 * outlier);
        double sum = 0;
        for (double magnitude : magnitudes) {
            sum += magnitude;
            if (sum >= limit && magnitude > 0) {
                return magnitude;
            }
        }
        return largest;
    }

    /** A map of patches as one of pixels, every patch a block, cut off at H and W. */
    ScaledMap asPixels(PatchSize patch, int h, int w) {
        double[] pixels = new double[h * w];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = values[patch.of(i, w)];
        }
        return new ScaledMap(h, w, sign, scale, pixels);
    }
}
