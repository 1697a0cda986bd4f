package dev.limpid.tensor;

/**
 * What a device must be able to do: the operations of {@link Ops}, without its checks.
 *
 * <p>{@link Ops} has validated shapes, types, devices and aliasing before any of these is called; an implementation only computes. Every
 * operation is documented at its namesake in {@link Ops}. Calls may come from several threads at once.
 */
public interface OpsBackend extends AutoCloseable {
    /** What the device is and how it computes, in a few words for a person. */
    String description();

    /** The type every tensor of this device has. */
    DType computeType();

    /** A storage of {@code size} elements, or up to twice as many, with any contents. */
    Storage allocate(long size);

    /** A storage of these values; the array is the backend's from now on. */
    Storage storage(float[] values);

    /** Gives a storage back; the backend may hand it out again. */
    void release(Storage storage);

    void upload(double[] values, Tensor x);

    void upload(float[] values, Tensor x);

    void download(Tensor x, double[] values);

    void fill(Tensor x, double value);

    void copy(Tensor x, Tensor y);

    void add(Tensor x, Tensor y);

    void linear(Tensor x, Tensor weight, Tensor bias, Tensor y);

    void linearBackwardInput(Tensor dY, Tensor weight, Tensor dX);

    void layerNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon, Tensor y, Tensor stats);

    void layerNormBackwardInput(Tensor dY, Tensor x, Tensor gamma, Tensor stats, Tensor dX);

    void activation(Activation kind, Tensor x, Tensor y);

    void activationBackwardInput(Activation kind, Tensor dY, Tensor x, Tensor dX);

    void attention(Tensor qkv, Tensor mask, int heads, Tensor context, Tensor probabilities);

    void attentionBackwardInput(Tensor dContext, Tensor qkv, int heads, Tensor probabilities, Tensor dQkv);

    void attentionBackwardProbabilities(Tensor dContext, Tensor qkv, int heads, Tensor dProbabilities);

    void gatherRows(Tensor table, int[] rows, boolean accumulate, Tensor y);

    void gatherRowsBackwardInput(Tensor dY, int[] rows, Tensor dTable);

    void patchify(Tensor pixels, int patchHeight, int patchWidth, Tensor patches);

    void patchifyBackwardInput(Tensor dPatches, int patchHeight, int patchWidth, Tensor dPixels);

    void lerp(Tensor baseline, Tensor input, double[] alphas, Tensor points);

    void weightedSum(Tensor dPoints, double[] weights, Tensor sum);

    void tokenTotals(Tensor dPoints, Tensor difference, Tensor totals);

    @Override
    void close();
}
