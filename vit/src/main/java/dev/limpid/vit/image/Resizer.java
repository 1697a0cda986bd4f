package dev.limpid.vit.image;

import java.util.Arrays;

/** The arithmetic of Pillow's {@code Image.resize} for 8-bit samples ({@code libImaging/Resample.c} and {@code Geometry.c}). */
final class Resizer {
    /** Bits after the point of a weight: 32, less 8 of the sample, less 2 for kernels whose weights leave 0..1. */
    private static final int PRECISION_BITS = 32 - 8 - 2;

    /** The most weights along one axis (256 MiB): enough to shrink 11 million pixels in a row to 224. */
    private static final long MOST_WEIGHTS = 1L << 26;

    private Resizer() {}

    /**
     * The input pixels of every output pixel along one axis, and their weights.
     *
     * @param length weights reserved for each output pixel
     * @param first the first input pixel of each
     * @param count how many from there on
     * @param weights {@code length} for each, in fixed point
     */
    private record Weights(int length, int[] first, int[] count, int[] weights) {
        int end() {
            return first[first.length - 1] + count[count.length - 1];
        }
    }

    /** Two passes, along the rows and then along the columns, each rounding to bytes; an axis that keeps its size has none. */
    static RgbImage resample(RgbImage image, int width, int height, Resampling kernel) {
        Weights vertical = weights(image.height(), height, kernel);
        int firstRow = 0;
        byte[] pixels = image.rgb();
        if (width != image.width()) {
            // Only the rows that the second pass reads.
            firstRow = vertical.first()[0];
            pixels = alongRows(image, firstRow, vertical.end(), weights(image.width(), width, kernel));
        }
        if (height != image.height()) {
            pixels = alongColumns(pixels, width, firstRow, vertical);
        }
        return new RgbImage(width, height, pixels);
    }

    private static Weights weights(int inSize, int outSize, Resampling kernel) {
        double scale = (double) (float) inSize / outSize;
        double stretch = Math.max(scale, 1);
        double support = kernel.support() * stretch;
        int length = (int) Math.ceil(support) * 2 + 1;
        if ((long) length * outSize > MOST_WEIGHTS) {
            throw new ImageException("an image of " + inSize + " pixels along one side cannot be resized to " + outSize
                    + "; crop it or scale it down first");
        }
        double perPixel = 1 / stretch;
        Weights result = new Weights(length, new int[outSize], new int[outSize], new int[outSize * length]);
        double[] row = new double[length];
        for (int out = 0; out < outSize; out++) {
            double centre = (out + 0.5) * scale;
            int first = Math.max((int) (centre - support + 0.5), 0);
            int count = Math.min((int) (centre + support + 0.5), inSize) - first;
            double sum = 0;
            for (int i = 0; i < count; i++) {
                row[i] = kernel.weight((i + first - centre + 0.5) * perPixel);
                sum += row[i];
            }
            for (int i = 0; i < count; i++) {
                double weight = (sum != 0 ? row[i] / sum : row[i]) * (1 << PRECISION_BITS);
                result.weights[out * length + i] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
            }
            result.first[out] = first;
            result.count[out] = count;
        }
        return result;
    }

    private static byte[] alongRows(RgbImage image, int firstRow, int endRow, Weights horizontal) {
        byte[] in = image.rgb();
        int width = horizontal.first().length;
        byte[] out = new byte[3 * width * (endRow - firstRow)];
        for (int y = firstRow, at = 0; y < endRow; y++) {
            for (int x = 0; x < width; x++, at += 3) {
                int red = 1 << (PRECISION_BITS - 1);
                int green = red;
                int blue = red;
                int from = 3 * (y * image.width() + horizontal.first[x]);
                int weightAt = x * horizontal.length;
                for (int i = 0; i < horizontal.count[x]; i++, from += 3) {
                    int weight = horizontal.weights[weightAt + i];
                    red += (in[from] & 0xFF) * weight;
                    green += (in[from + 1] & 0xFF) * weight;
                    blue += (in[from + 2] & 0xFF) * weight;
                }
                out[at] = clip(red);
                out[at + 1] = clip(green);
                out[at + 2] = clip(blue);
            }
        }
        return out;
    }

    private static byte[] alongColumns(byte[] in, int width, int firstRow, Weights vertical) {
        int stride = 3 * width;
        byte[] out = new byte[stride * vertical.first().length];
        int[] sums = new int[stride];
        for (int y = 0; y < vertical.first().length; y++) {
            Arrays.fill(sums, 1 << (PRECISION_BITS - 1));
            for (int i = 0; i < vertical.count[y]; i++) {
                int weight = vertical.weights[y * vertical.length + i];
                int from = (vertical.first[y] - firstRow + i) * stride;
                for (int x = 0; x < stride; x++) {
                    sums[x] += (in[from + x] & 0xFF) * weight;
                }
            }
            for (int x = 0; x < stride; x++) {
                out[y * stride + x] = clip(sums[x]);
            }
        }
        return out;
    }

    private static byte clip(int sum) {
        return (byte) Math.clamp(sum >> PRECISION_BITS, 0, 255);
    }

    /** The pixel under each output pixel's centre. */
    static RgbImage nearest(RgbImage image, int width, int height) {
        int[] columns = under(image.width(), width);
        int[] rows = under(image.height(), height);
        byte[] out = new byte[3 * width * height];
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0; x < width; x++, at += 3) {
                System.arraycopy(image.rgb(), 3 * (rows[y] * image.width() + columns[x]), out, at, 3);
            }
        }
        return new RgbImage(width, height, out);
    }

    private static int[] under(int inSize, int outSize) {
        double scale = (double) (float) inSize / outSize;
        int[] result = new int[outSize];
        // Summed up step by step: a product would round otherwise, and now and then fall on the other side of a pixel's edge.
        double at = scale * 0.5;
        for (int out = 0; out < outSize; out++, at += scale) {
            result[out] = Math.min((int) at, inSize - 1);
        }
        return result;
    }
}
