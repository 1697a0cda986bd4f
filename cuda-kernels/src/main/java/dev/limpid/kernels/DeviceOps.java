package dev.limpid.kernels;

import static dev.limpid.kernels.TensorMemory.groups;

import dev.limpid.kernels.Pointer.Floats;
import dev.limpid.kernels.Pointer.Stored;
import dev.limpid.tensor.Activation;
import dev.limpid.tensor.DType;
import dev.limpid.tensor.OpsBackend;
import dev.limpid.tensor.Precision;
import dev.limpid.tensor.Shape;
import dev.limpid.tensor.Storage;
import dev.limpid.tensor.Tensor;

/**
 * The operations on a device that runs the kernels of this package: what an operation means, for CUDA and OpenCL alike.
 *
 * <p>Nothing waits but reading: launches are queued in order. Every kernel adds in a fixed order, so that a computation gives the same numbers each time.
 */
public final class DeviceOps implements OpsBackend {
    /** Arrays of indices, nodes and weights that are kept on the device. */
    private static final int ARRAYS = 64;

    private final KernelDevice device;
    private final RowKernels rowKernels;
    private final ElementwiseKernels elementwise;
    private final EmbeddingKernels embeddings;
    private final PathKernels path;
    private final TextGemm gemm;
    private final TextAttention attention;
    private final TensorMemory memory;
    private final SmallArrays arrays;

    /** Operations over a device, which they own from now on. */
    public DeviceOps(KernelDevice device) {
        this.device = device;
        this.rowKernels = KernelBinder.bind(RowKernels.class, "rows", device);
        this.elementwise = KernelBinder.bind(ElementwiseKernels.class, "elementwise", device);
        this.embeddings = KernelBinder.bind(EmbeddingKernels.class, "embeddings", device);
        this.path = KernelBinder.bind(PathKernels.class, "path", device);
        this.gemm = new TextGemm(device);
        this.attention = new TextAttention(device);
        this.memory = new TensorMemory(device, elementwise);
        this.arrays = new SmallArrays(device, ARRAYS);
    }

    @Override
    public String description() {
        return device.description();
    }

    @Override
    public DType computeType() {
        return DType.F32;
    }

    @Override
    public DType storedType() {
        return memory.storedType();
    }

    @Override
    public Precision precision() {
        return device.precision();
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
    public Storage allocate(DType dtype, long size) {
        return memory.allocate(dtype, size);
    }

    @Override
    public Storage storage(DType dtype, float[] values) {
        return memory.storage(dtype, values);
    }

    @Override
    public void release(Storage storage) {
        memory.release(storage);
    }

    @Override
    public void upload(double[] values, Tensor x) {
        memory.upload(values, x);
    }

    @Override
    public void upload(float[] values, Tensor x) {
        memory.upload(values, x);
    }

    @Override
    public void download(Tensor x, double[] values) {
        memory.download(x, values);
    }

    @Override
    public void fill(Tensor x, double value) {
        memory.fill(x, value);
    }

    @Override
    public void copy(Tensor x, Tensor y) {
        memory.copy(x, y);
    }

    @Override
    public void add(Tensor x, Tensor y) {
        if (x.dtype() == storedType()) {
            elementwise.addStored(groups(y.size()), memory.stored(x), memory.stored(y), y.size());
        } else {
            elementwise.addFloats(groups(y.size()), memory.floats(x), memory.floats(y), y.size());
        }
    }

    @Override
    public void linear(Tensor x, Tensor weight, Tensor bias, Tensor y) {
        product(true, x, weight, y, bias, false, null, null, false);
    }

    @Override
    public void linearBackwardInput(Tensor dY, Tensor weight, boolean accumulate, Tensor dX) {
        product(false, dY, weight, dX, null, accumulate, null, null, false);
    }

    @Override
    public void linearActivation(Tensor x, Tensor weight, Tensor bias, Activation f, Tensor dense, Tensor y) {
        product(true, x, weight, y, bias, false, f, dense, false);
    }

    @Override
    public void linearActivationBackwardInput(Tensor dY, Tensor weight, Activation f, Tensor dense, Tensor dX) {
        product(false, dY, weight, dX, null, false, f, dense, true);
    }

    private void product(boolean forward, Tensor a, Tensor weight, Tensor c, Tensor bias, boolean accumulate,
            Activation f, Tensor aux, boolean slope) {
        GemmCall call = new GemmCall(forward, Math.toIntExact(c.shape().rows()), c.shape().columns(),
                a.shape().columns(), memory.stored(a), memory.stored(weight), memory.either(c),
                bias == null ? null : memory.floats(bias), accumulate, f, aux == null ? null : memory.stored(aux),
                slope);
        if (!device.gemm(call)) {
            gemm.gemm(call);
        }
    }

    @Override
    public void layerNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon, Tensor y, Tensor stats) {
        rowKernels.layerNormFwd(rows(x), memory.stored(x), memory.floats(gamma), memory.floats(beta),
                memory.stored(y), memory.floats(stats), x.shape().columns(), (float) epsilon);
    }

    @Override
    public void addLayerNorm(Tensor residual, Tensor sum, Tensor gamma, Tensor beta, double epsilon, Tensor y,
            Tensor stats) {
        rowKernels.addLayerNormFwd(rows(sum), memory.stored(residual), memory.stored(sum), memory.floats(gamma),
                memory.floats(beta), memory.stored(y), memory.floats(stats), sum.shape().columns(), (float) epsilon);
    }

    @Override
    public void layerNormBackwardInput(Tensor dY, Tensor x, Tensor gamma, Tensor stats, Tensor dX) {
        rowKernels.layerNormBwdInput(rows(x), memory.stored(dY), memory.stored(x), memory.floats(gamma),
                memory.floats(stats), memory.stored(dX), x.shape().columns());
    }

    private static Grid rows(Tensor x) {
        return Grid.of(Math.toIntExact(x.shape().rows()));
    }

    @Override
    public void activation(Activation kind, Tensor x, Tensor y) {
        elementwise.activationFwd(groups(x.size()), memory.stored(x), memory.stored(y), number(kind), x.size());
    }

    @Override
    public void activationBackwardInput(Activation kind, Tensor dY, Tensor x, Tensor dX) {
        elementwise.activationBwdInput(groups(x.size()), memory.stored(dY), memory.stored(x), memory.stored(dX),
                number(kind), x.size());
    }

    /** The number of an activation in the prelude. */
    private static int number(Activation kind) {
        return switch (kind) {
            case GELU -> 0;
            case GELU_TANH -> 1;
            case RELU -> 2;
            case TANH -> 3;
        };
    }

    @Override
    public void attention(Tensor qkv, Tensor mask, int heads, Tensor context, Tensor logSumExp) {
        Shape shape = context.shape();
        attention.forward(memory.stored(qkv), mask(mask), shape.dim(0), shape.dim(1), heads, shape.columns() / heads,
                memory.stored(context), memory.floats(logSumExp));
    }

    @Override
    public void attentionBackwardInput(Tensor dContext, Tensor context, Tensor qkv, Tensor mask, int heads,
            Tensor logSumExp, Tensor dQkv) {
        Shape shape = context.shape();
        memory.scratch(logSumExp.size(), rowSums -> attention.backward(memory.stored(dContext), memory.stored(context),
                memory.stored(qkv), mask(mask), shape.dim(0), shape.dim(1), heads, shape.columns() / heads,
                memory.floats(logSumExp), rowSums, memory.stored(dQkv)));
    }

    @Override
    public void attentionProbabilities(Tensor qkv, Tensor mask, int heads, Tensor probabilities) {
        attention.probabilities(memory.stored(qkv), mask(mask), qkv.shape().dim(0), qkv.shape().dim(1), heads,
                qkv.shape().columns() / 3 / heads, memory.floats(probabilities));
    }

    @Override
    public void attentionBackwardProbabilities(Tensor dContext, Tensor qkv, int heads, Tensor dProbabilities) {
        attention.probabilitiesBackward(memory.stored(dContext), memory.stored(qkv), qkv.shape().dim(0),
                qkv.shape().dim(1), heads, qkv.shape().columns() / 3 / heads, memory.floats(dProbabilities));
    }

    private Floats mask(Tensor mask) {
        return mask == null ? null : memory.floats(mask);
    }

    @Override
    public void gatherRows(Tensor table, int[] rows, boolean accumulate, Tensor y) {
        int columns = table.shape().columns();
        arrays.ints(rows, indices -> embeddings.gatherRowsFwd(rowsOfFours(rows.length, columns), memory.stored(table),
                indices, memory.stored(y), columns, accumulate ? 1 : 0));
    }

    @Override
    public void gatherRowsBackwardInput(Tensor dY, int[] rows, Tensor dTable) {
        int columns = dTable.shape().columns();
        int count = Math.toIntExact(dTable.shape().rows());
        int[] starts = new int[count + 1];
        for (int row : rows) {
            starts[row + 1]++;
        }
        for (int v = 0; v < count; v++) {
            starts[v + 1] += starts[v];
        }
        int[] next = starts.clone();
        int[] positions = new int[rows.length];
        for (int n = 0; n < rows.length; n++) {
            positions[next[rows[n]]++] = n;
        }
        Stored from = memory.stored(dY);
        Stored to = memory.stored(dTable);
        arrays.ints(starts, first -> arrays.ints(positions,
                places -> embeddings.gatherRowsBwdInput(rowsOfFours(count, columns), from, first, places, to,
                        columns)));
    }

    private static Grid rowsOfFours(int rows, int columns) {
        return Grid.of(rows, Grid.cover(columns, 4 * KernelText.BLOCK));
    }

    @Override
    public void patchify(Tensor pixels, int patchHeight, int patchWidth, Tensor patches) {
        Shape image = pixels.shape();
        Grid grid = Grid.of(Math.toIntExact(patches.shape().rows()),
                Grid.cover(patches.shape().columns(), KernelText.BLOCK));
        embeddings.patchifyFwd(grid, memory.stored(pixels), memory.stored(patches), image.dim(1), image.dim(2),
                image.dim(3), patchHeight, patchWidth);
    }

    @Override
    public void patchifyBackwardInput(Tensor dPatches, int patchHeight, int patchWidth, Tensor dPixels) {
        Shape image = dPixels.shape();
        Grid grid = Grid.of(Math.toIntExact(image.rows()), Grid.cover(image.dim(3), KernelText.BLOCK));
        embeddings.patchifyBwdInput(grid, memory.stored(dPatches), memory.stored(dPixels), image.dim(1), image.dim(2),
                image.dim(3), patchHeight, patchWidth);
    }

    @Override
    public void lerp(Tensor baseline, Tensor input, double[] alphas, Tensor points) {
        Grid grid = Grid.of(groups(input.size()).x(), alphas.length);
        arrays.floats(alphas, nodes -> path.lerpFwd(grid, memory.stored(baseline), memory.stored(input), nodes,
                memory.stored(points), input.size()));
    }

    @Override
    public void weightedSum(Tensor dPoints, double[] weights, Tensor sum) {
        arrays.floats(weights, factors -> path.weightedSum(groups(sum.size()), memory.stored(dPoints), factors,
                memory.floats(sum), weights.length, sum.size()));
    }

    @Override
    public void tokenTotals(Tensor dPoints, Tensor difference, Tensor totals) {
        Shape shape = difference.shape();
        rowKernels.tokenTotals(Grid.of(Math.toIntExact(totals.size())), memory.stored(dPoints),
                memory.floats(difference), memory.floats(totals), shape.dim(0), shape.dim(1));
    }

    @Override
    public void close() {
        arrays.clear();
        device.close();
    }
}
