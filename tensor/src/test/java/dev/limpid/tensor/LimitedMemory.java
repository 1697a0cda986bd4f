package dev.limpid.tensor;

/**
 * A device that runs out of memory: another one, with a limit of live bytes and an allocation that fails when a test wants it. For tests of whoever has to go
 * on with less.
 */
public final class LimitedMemory implements OpsBackend {
    private final OpsBackend device;
    private long limit = Long.MAX_VALUE;
    private long allocationsLeft = Long.MAX_VALUE;
    private int refusals;
    private Precision precision;

    private LimitedMemory(OpsBackend device) {
        this.device = device;
        this.precision = device.precision();
    }

    /** Such a device over the backend of this name, still without a limit. */
    public static LimitedMemory over(String backend) {
        return new LimitedMemory(Device.backends().stream().filter(one -> one.name().equals(backend)).findFirst()
                .orElseThrow().open(0, new DeviceOptions(1)));
    }

    /** Its operations; the device is called {@code limited}. */
    public Ops ops() {
        return new Ops("limited", this);
    }

    /** Refuses from now on what would make more than so many bytes live, those of today included. */
    public void limit(long bytes) {
        limit = bytes;
    }

    /** Refuses one allocation, after {@code more} others. */
    public void failAfter(long more) {
        allocationsLeft = more;
    }

    /** Says from now on that it computes in this precision, without doing so. */
    public void claim(Precision value) {
        precision = value;
    }

    /** Allocations refused. */
    public int refusals() {
        return refusals;
    }

    @Override
    public Storage allocate(DType type, long size) {
        if (allocationsLeft-- == 0) {
            throw refusal(size);
        }
        Storage storage = device.allocate(type, size);
        if (device.liveBytes() > limit) {
            device.release(storage);
            throw refusal(size);
        }
        return storage;
    }

    private OutOfDeviceMemoryException refusal(long size) {
        refusals++;
        return new OutOfDeviceMemoryException("no memory for " + size + " elements");
    }

    @Override
    public String description() {
        return device.description();
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public DType computeType() {
        return device.computeType();
    }

    @Override
    public DType storedType() {
        return device.storedType();
    }

    @Override
    public long memoryBudget() {
        return device.memoryBudget();
    }

    @Override
    public long liveBytes() {
        return device.liveBytes();
    }

    @Override
    public Storage storage(DType type, float[] values) {
        return device.storage(type, values);
    }

    @Override
    public void release(Storage storage) {
        device.release(storage);
    }

    @Override
    public void upload(double[] values, Tensor x) {
        device.upload(values, x);
    }

    @Override
    public void upload(float[] values, Tensor x) {
        device.upload(values, x);
    }

    @Override
    public void download(Tensor x, double[] values) {
        device.download(x, values);
    }

    @Override
    public void fill(Tensor x, double value) {
        device.fill(x, value);
    }

    @Override
    public void copy(Tensor x, Tensor y) {
        device.copy(x, y);
    }

    @Override
    public void add(Tensor x, Tensor y) {
        device.add(x, y);
    }

    @Override
    public void linear(Tensor x, Tensor weight, Tensor bias, Tensor y) {
        device.linear(x, weight, bias, y);
    }

    @Override
    public void linearBackwardInput(Tensor dY, Tensor weight, boolean accumulate, Tensor dX) {
        device.linearBackwardInput(dY, weight, accumulate, dX);
    }

    @Override
    public void linearActivation(Tensor x, Tensor weight, Tensor bias, Activation f, Tensor dense, Tensor y) {
        device.linearActivation(x, weight, bias, f, dense, y);
    }

    @Override
    public void linearActivationBackwardInput(Tensor dY, Tensor weight, Activation f, Tensor dense, Tensor dX) {
        device.linearActivationBackwardInput(dY, weight, f, dense, dX);
    }

    @Override
    public void layerNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon, Tensor y, Tensor stats) {
        device.layerNorm(x, gamma, beta, epsilon, y, stats);
    }

    @Override
    public void addLayerNorm(Tensor residual, Tensor sum, Tensor gamma, Tensor beta, double epsilon, Tensor y,
            Tensor stats) {
        device.addLayerNorm(residual, sum, gamma, beta, epsilon, y, stats);
    }

    @Override
    public void layerNormBackwardInput(Tensor dY, Tensor x, Tensor gamma, Tensor stats, Tensor dX) {
        device.layerNormBackwardInput(dY, x, gamma, stats, dX);
    }

    @Override
    public void activation(Activation kind, Tensor x, Tensor y) {
        device.activation(kind, x, y);
    }

    @Override
    public void activationBackwardInput(Activation kind, Tensor dY, Tensor x, Tensor dX) {
        device.activationBackwardInput(kind, dY, x, dX);
    }

    @Override
    public void attention(Tensor qkv, Tensor mask, int heads, Tensor context, Tensor logSumExp) {
        device.attention(qkv, mask, heads, context, logSumExp);
    }

    @Override
    public void attentionBackwardInput(Tensor dContext, Tensor context, Tensor qkv, Tensor mask, int heads,
            Tensor logSumExp, Tensor dQkv) {
        device.attentionBackwardInput(dContext, context, qkv, mask, heads, logSumExp, dQkv);
    }

    @Override
    public void attentionProbabilities(Tensor qkv, Tensor mask, int heads, Tensor probabilities) {
        device.attentionProbabilities(qkv, mask, heads, probabilities);
    }

    @Override
    public void attentionBackwardProbabilities(Tensor dContext, Tensor qkv, int heads, Tensor dProbabilities) {
        device.attentionBackwardProbabilities(dContext, qkv, heads, dProbabilities);
    }

    @Override
    public void gatherRows(Tensor table, int[] rows, boolean accumulate, Tensor y) {
        device.gatherRows(table, rows, accumulate, y);
    }

    @Override
    public void gatherRowsBackwardInput(Tensor dY, int[] rows, Tensor dTable) {
        device.gatherRowsBackwardInput(dY, rows, dTable);
    }

    @Override
    public void patchify(Tensor pixels, int patchHeight, int patchWidth, Tensor patches) {
        device.patchify(pixels, patchHeight, patchWidth, patches);
    }

    @Override
    public void patchifyBackwardInput(Tensor dPatches, int patchHeight, int patchWidth, Tensor dPixels) {
        device.patchifyBackwardInput(dPatches, patchHeight, patchWidth, dPixels);
    }

    @Override
    public void lerp(Tensor baseline, Tensor input, double[] alphas, Tensor points) {
        device.lerp(baseline, input, alphas, points);
    }

    @Override
    public void weightedSum(Tensor dPoints, double[] weights, Tensor sum) {
        device.weightedSum(dPoints, weights, sum);
    }

    @Override
    public void tokenTotals(Tensor dPoints, Tensor difference, Tensor totals) {
        device.tokenTotals(dPoints, difference, totals);
    }

    @Override
    public void close() {
        device.close();
    }
}
