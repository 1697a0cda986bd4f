package dev.limpid.attribution.render.picture;

/**
 * The attributions of an image, one for every channel of every pixel.
 *
 * @param channels C
 * @param height H
 * @param width W
 * @param values (C,H,W) in row-major order, in the unit of the score explained
 */
public record AttributionMap(int channels, int height, int width, double[] values) {
    /** @throws IllegalArgumentException unless C, H and W are positive, there are C·H·W values and all of them are finite */
    public AttributionMap {
        if (channels < 1 || height < 1 || width < 1 || values.length != (long) channels * height * width) {
            throw new IllegalArgumentException("a map of " + channels + " × " + height + " × " + width
                    + " attributions cannot be made of " + values.length + " values");
        }
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException("the attribution of channel " + i / (height * width) + ", row "
                        + i / width % height + ", column " + i % width + " is " + values[i]
                        + ", which cannot be drawn: the model's parameters or the image hold numbers that are too large"
                        + " or not numbers");
            }
        }
    }

    /** The map of these values in single precision. */
    public static AttributionMap of(int channels, int height, int width, float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return new AttributionMap(channels, height, width, wide);
    }

    /** The attribution of every pixel, (H,W): the sum of those of its channels. */
    public double[] pixels() {
        double[] sums = new double[height * width];
        for (int i = 0; i < values.length; i++) {
            sums[i % sums.length] += values[i];
        }
        return sums;
    }

    /**
     * The map with one attribution for every patch: the sum of those of its pixels, so that patches add up to what pixels add up to;
     * (1, ⌈H/height⌉, ⌈W/width⌉).
     */
    public AttributionMap patches(PatchSize patch) {
        int rows = patch.down(height);
        int columns = patch.across(width);
        double[] pixels = pixels();
        double[] sums = new double[rows * columns];
        for (int i = 0; i < pixels.length; i++) {
            sums[patch.of(i, width)] += pixels[i];
        }
        return new AttributionMap(1, rows, columns, sums);
    }
}
