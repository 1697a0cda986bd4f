package dev.limpid.kernels;

import dev.limpid.tensor.Activation;

/**
 * A matrix product with what follows it, row-major: {@code c = epilogue(a·op(b))} with {@code op(b) = bᵀ} for a forward pass and b for a backward one.
 *
 * @param transposeB whether b is (n, k), as a linear layer's weights are, and not (k, n)
 * @param m rows of a and c
 * @param n columns of c
 * @param k columns of a
 * @param a (m, k)
 * @param b weights
 * @param c (m, n), {@link Pointer.Stored} or {@link Pointer.Floats}
 * @param bias (n) that is added to each row, or null
 * @param accumulate whether the product is added to what c holds
 * @param activation an element-wise function that follows, or null
 * @param aux (m, n): with {@code backward} the values x before the activation, c = (a·b)·f′(x); otherwise they are written there, c = f(x); null without an activation
 * @param backward whether the activation's derivative is meant
 */
public record GemmCall(boolean transposeB, int m, int n, int k, Pointer.Stored a, Pointer.Stored b, Pointer c,
        Pointer.Floats bias, boolean accumulate, Activation activation, Pointer.Stored aux, boolean backward) {}
