package dev.limpid.attribution;

import dev.limpid.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Groups of features that are looked at, or taken away, together: each is an array of indices into the features of a {@link FeatureSpace}, in rising order.
 */
public final class FeatureGroups {
    private FeatureGroups() {}

    /**
     * The places of a window that slides over an image, over all channels at once: from the upper left corner on by {@code strideHeight} and {@code strideWidth},
     * {@code ⌈(H − height)/strideHeight⌉ + 1} times down and likewise across, those of a row one after another. The last ones are cut off at the border, as
     * captum's {@code Occlusion} does it.
     *
     * @param shape (C, H, W)
     * @throws IllegalArgumentException if the window is larger than the image, or a stride larger than the window, so that pixels would be left out
     */
    public static int[][] windows(Shape shape, int height, int width, int strideHeight, int strideWidth) {
        rank(shape, 3, "(C, H, W)");
        int imageHeight = shape.dim(1);
        int imageWidth = shape.dim(2);
        fits("height", height, strideHeight, imageHeight);
        fits("width", width, strideWidth, imageWidth);
        List<int[]> windows = new ArrayList<>();
        for (int y : positions(imageHeight, height, strideHeight)) {
            for (int x : positions(imageWidth, width, strideWidth)) {
                windows.add(window(shape, y, Math.min(imageHeight, y + height), x, Math.min(imageWidth, x + width)));
            }
        }
        return windows.toArray(int[][]::new);
    }

    /**
     * The patches of an image, over all channels, row by row from the upper left corner; those at the right and lower border are cut off where the size does not
     * divide.
     *
     * @param shape (C, H, W)
     */
    public static int[][] patches(Shape shape, int patchHeight, int patchWidth) {
        return windows(shape, patchHeight, patchWidth, patchHeight, patchWidth);
    }

    /**
     * Each row of a matrix: the tokens of a text.
     *
     * @param shape (T, C)
     */
    public static int[][] rows(Shape shape) {
        rank(shape, 2, "(T, C)");
        int columns = shape.dim(1);
        int[][] rows = new int[shape.dim(0)][columns];
        for (int t = 0; t < rows.length; t++) {
            for (int c = 0; c < columns; c++) {
                rows[t][c] = t * columns + c;
            }
        }
        return rows;
    }

    /** {@code Σ_{i ∈ group} values[i]} for each group. */
    public static double[] sums(int[][] groups, double[] values) {
        double[] sums = new double[groups.length];
        for (int g = 0; g < groups.length; g++) {
            for (int i : groups[g]) {
                sums[g] += values[i];
            }
        }
        return sums;
    }

    /** A copy of {@code features} in which the features of {@code group} are those of {@code others}. */
    static double[] replaced(double[] features, double[] others, int[] group) {
        double[] copy = features.clone();
        for (int i : group) {
            copy[i] = others[i];
        }
        return copy;
    }

    private static int[] window(Shape shape, int fromY, int toY, int fromX, int toX) {
        int[] indices = new int[shape.dim(0) * (toY - fromY) * (toX - fromX)];
        int n = 0;
        for (int c = 0; c < shape.dim(0); c++) {
            for (int y = fromY; y < toY; y++) {
                for (int x = fromX; x < toX; x++) {
                    indices[n++] = (c * shape.dim(1) + y) * shape.dim(2) + x;
                }
            }
        }
        return indices;
    }

    private static int[] positions(int size, int window, int stride) {
        int[] positions = new int[Math.ceilDiv(size - window, stride) + 1];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = i * stride;
        }
        return positions;
    }

    private static void rank(Shape shape, int rank, String letters) {
        if (shape.rank() != rank) {
            throw new IllegalArgumentException("features of shape " + letters + " are needed, not " + shape);
        }
    }

    private static void fits(String side, int window, int stride, int image) {
        if (window < 1 || window > image) {
            throw new IllegalArgumentException(
                    "the " + side + " of a window must be from 1 to the image's " + image + ", not " + window);
        }
        if (stride < 1 || (stride > window && window < image)) {
            throw new IllegalArgumentException("the stride along the " + side
                    + " must be from 1 to the window's " + window + ", not " + stride);
        }
    }
}
