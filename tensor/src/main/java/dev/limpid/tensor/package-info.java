/**
 * Tensors and the operations over them.
 *
 * <p>Shape letters, fixed across the project: {@code B} batch rows, {@code T} tokens (or patches) of a row, {@code C} hidden size,
 * {@code H} heads, {@code D = C/H} head size, {@code V} vocabulary, {@code P} pixels of a patch, {@code N = B·T} rows of a matrix,
 * {@code K}, {@code M} the input and output size of a linear layer. The gradient of the target with respect to {@code x} is
 * {@code dX}.
 */
package dev.limpid.tensor;
