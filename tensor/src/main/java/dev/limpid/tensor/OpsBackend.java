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

    /** In which numbers it computes. */
    default Precision precision() {
        return Precision.F32;
    }

    /** The type of statistics, logits, vectors of weights and sums over the path. */
    DType computeType();

    /** The type of matrices of weights, of activations and of their gradients. */
    default DType storedType() {
        return computeType();
    }

    /** Bytes that one pass may take when nobody says otherwise. */
    long memoryBudget();

    /** Bytes of storages that were not released; 0 after {@link #close}. */
    long liveBytes();

    /** A storage of {@code size} elements, or up to twice as many, with any contents. */
    Storage allocate(DType type, long size);

    /** A storage of these values; the array is the backend's from now on. */
    Storage storage(DType type, float[] values);

    /** Gives a storage back; the backend may hand it out again. */
    void release(Storage storage);

    void upload(double[] values, Tensor x);

    void upload(float[] values, Tensor x);

    void download(Tensor x, double[] values);

    void fill(Tensor x, double value);

    void copy(Tensor x, Tensor y);

    void add(Tensor x, Tensor y);

    void linear(Tensor x, Tensor weight, Tensor bias, Tensor y);

    void linearBackwardInput(Tensor dY, Tensor weight, boolean accumulate, Tensor dX);

    default void linearActivation(Tensor x, Tensor weight, Tensor bias, Activation f, Tensor dense, Tensor y) {
        linear(x, weight, bias, dense);
        activation(f, dense, y);
    }

    default void linearActivationBackwardInput(Tensor dY, Tensor weight, Activation f, Tensor dense, Tensor dX) {
        linearBackwardInput(dY, weight, false, dX);
        activationBackwardInput(f, dX, dense, dX);
    }

    void layerNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon, Tensor y, Tensor stats);

    default void addLayerNorm(Tensor residual, Tensor sum, Tensor gamma, Tensor beta, double epsilon, Tensor y,
            Tensor stats) {
        add(residual, sum);
        layerNorm(sum, gamma, beta, epsilon, y, stats);
    }

    void layerNormBackwardInput(Tensor dY, Tensor x, Tensor gamma, Tensor stats, Tensor dX);

    void activation(Activation kind, Tensor x, Tensor y);

    void activationBackwardInput(Activation kind, Tensor dY, Tensor x, Tensor dX);

    void attention(Tensor qkv, Tensor mask, int heads, Tensor context, Tensor logSumExp);

    void attentionBackwardInput(Tensor dContext, Tensor context, Tensor qkv, Tensor mask, int heads, Tensor logSumExp,
            Tensor dQkv);

    void attentionProbabilities(Tensor qkv, Tensor mask, int heads, Tensor probabilities);

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
