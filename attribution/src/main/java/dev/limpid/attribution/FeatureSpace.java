package dev.limpid.attribution;

import dev.limpid.tensor.Shape;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;

/**
 * What an explanation speaks of: the features of an input, such as the pixels of an image, and the way from them to the point where a {@link PathModel}
 * begins.
 *
 * <p>The way is affine, {@code point = A·x + b}: the projection of patches for an image, nothing at all for embeddings. A straight path of features is
 * therefore a straight path of points, and one product with {@code Aᵀ} makes a gradient of features out of a gradient of points, or out of a sum of them.
 */
public interface FeatureSpace {
    /** The network behind the point. */
    PathModel model();

    /** Shape of the features of one input: (C, H, W) for pixels, (T, C) for embeddings. */
    Shape shape();

    /**
     * Rows of features as points.
     *
     * @param features n arrays of {@code shape().size()} numbers
     * @return (n, T, C), a tensor of {@code ws}
     */
    Tensor points(Workspace ws, double[]... features);

    /**
     * The transposed way, {@code Aᵀ·dPoints}.
     *
     * @param dPoints (n, T, C), a gradient of each of n points
     * @return n gradients of features
     */
    double[][] backward(Workspace ws, Tensor dPoints);
}
