package dev.limpid.vit.image;

import java.util.Arrays;

/**
 * What a vision model takes in: the numbers of one image, channel after channel.
 *
 * @param channels C: 3 for red, green and blue, 1 for grey
 * @param height H
 * @param width W
 * @param values (C, H, W), normalised; not copied
 */
public record PixelValues(int channels, int height, int width, float[] values) {
    /** @throws IllegalArgumentException if the array has another length than the shape says */
    public PixelValues {
        if (channels < 1 || height < 1 || width < 1 || values.length != (long) channels * height * width) {
            throw new IllegalArgumentException("(" + channels + ", " + height + ", " + width + ") needs "
                    + (long) channels * height * width + " values, not " + values.length);
        }
    }

    /** The value of channel {@code c} at row {@code y} and column {@code x}. */
    public float at(int c, int y, int x) {
        return values[(c * height + y) * width + x];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PixelValues pixels && channels == pixels.channels && height == pixels.height
                && width == pixels.width && Arrays.equals(values, pixels.values);
    }

    @Override
    public int hashCode() {
        return 31 * channels + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "PixelValues[" + channels + ", " + height + ", " + width + "]";
    }
}
