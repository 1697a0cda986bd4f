package dev.limpid.tensor.cpu;

import dev.limpid.tensor.Activation;
import dev.limpid.tensor.DType;
import dev.limpid.tensor.OpsBackend;
import dev.limpid.tensor.Storage;
import dev.limpid.tensor.Tensor;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The fast CPU backend: heap {@code float[]}, matrix products by {@link Gemm}, loops that the JIT compiler vectorises for everything else.
 *
 * <p>Work is split over rows, and no sum crosses a split, so results are bit-identical for any number of threads.
 */
final class CpuOps implements OpsBackend {
    /** Elements one task takes in element-wise loops: large enough to hide the cost of a task, small enough for the first-level cache. */
    private static final int BLOCK = 8192;

    /** 320 MiB, or an eighth of the heap if that is less: larger chunks are no faster. */
    private static final long MEMORY_BUDGET = Math.min(320L << 20, Runtime.getRuntime().maxMemory() / 8);

    /** Bytes of arrays kept for the next computation: 512 MiB, or an eighth of the heap if that is less. */
    private static final long POOLED_BYTES = Math.min(512L << 20, Runtime.getRuntime().maxMemory() / 8);

    private final Gemm gemm;
    private final Parallel parallel;
    private final ArrayPool pool = new ArrayPool(POOLED_BYTES);
    private final CpuAttention attention;
    private final PackedWeights weights;
    private final AtomicLong liveBytes = new AtomicLong();

    CpuOps(Gemm gemm, int threads) {
        this.gemm = gemm;
        this.parallel = new Parallel(threads);
        this.attention = new CpuAttention(gemm, parallel);
        this.weights = new PackedWeights(gemm, parallel, liveBytes::get, Runtime.getRuntime().maxMemory() / 2);
    }

    /** @param forms for weights, the orders that products read them in; else null */
    record FloatArray(float[] values, PackedWeights.Forms forms) implements Storage {
        @Override
        public DType dtype() {
            return DType.F32;
        }

        @Override
        public long size() {
            return values.length;
        }
    }

    @Override
    public String description() {
        return "pure Java, " + parallel.threads() + (parallel.threads() == 1 ? " thread" : " threads")
                + ", matrix products: "
                + gemm.name();
    }

    @Override
    public DType computeType() {
        return DType.F32;
    }

    @Override
    public long memoryBudget() {
        return MEMORY_BUDGET;
    }

    @Override
    public long liveBytes() {
        return liveBytes.get();
    }

    @Override
    public Storage allocate(DType type, long size) {
        if (size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a tensor of " + size + " elements is larger than a Java array can be");
        }
        return live(pool.take((int) size), null);
    }

    @Override
    public Storage storage(DType type, float[] values) {
        return live(values, new PackedWeights.Forms());
    }

    private Storage live(float[] values, PackedWeights.Forms forms) {
        liveBytes.addAndGet(4L * values.length);
        return new FloatArray(values, forms);
    }

    @Override
    public void release(Storage storage) {
        float[] values = ((FloatArray) storage).values();
        liveBytes.addAndGet(-4L * values.length);
        pool.give(values);
    }

    static float[] of(Tensor x) {
        return ((FloatArray) x.storage()).values();
    }

    static int at(Tensor x) {
        return (int) x.offset();
    }

    private static int rows(Tensor x) {
        return (int) x.shape().rows();
    }

    @Override
    public void upload(double[] values, Tensor x) {
        for (int i = 0; i < values.length; i++) {
            of(x)[at(x) + i] = (float) values[i];
        }
    }

    @Override
    public void upload(float[] values, Tensor x) {
        System.arraycopy(values, 0, of(x), at(x), values.length);
    }

    @Override
    public void download(Tensor x, double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = of(x)[at(x) + i];
        }
    }

    @Override
    public void fill(Tensor x, double value) {
        Arrays.fill(of(x), at(x), at(x) + (int) x.size(), (float) value);
    }

    @Override
    public void copy(Tensor x, Tensor y) {
        System.arraycopy(of(x), at(x), of(y), at(y), (int) x.size());
    }

    /** Runs {@code body} over [0, count) in blocks. */
    private void blocks(int count, Range body) {
        parallel.run((count + BLOCK - 1) / BLOCK,
                block -> body.accept(block * BLOCK, Math.min(BLOCK, count - block * BLOCK)));
    }

    @FunctionalInterface
    private interface Range {
        void accept(int from, int count);
    }

    @Override
    public void add(Tensor x, Tensor y) {
        blocks((int) x.size(), (from, count) -> addTo(of(x), at(x) + from, of(y), at(y) + from, count));
    }

    private static void addTo(float[] x, int xOffset, float[] y, int yOffset, int count) {
        for (int i = 0; i < count; i++) {
            y[yOffset + i] += x[xOffset + i];
        }
    }

    @Override
    public void linear(Tensor x, Tensor weight, Tensor bias, Tensor y) {
        linear(x, weight, bias, y, null, null);
    }

    @Override
    public void linearActivation(Tensor x, Tensor weight, Tensor bias, Activation f, Tensor dense, Tensor y) {
        linear(x, weight, bias, dense, f, y);
    }

    /** {@code dense = x·Wᵀ + bias}, and {@code y = f(dense)} unless f is null: both for a block of {@code dense} while it lies in a cache. */
    private void linear(Tensor x, Tensor weight, Tensor bias, Tensor dense, Activation f, Tensor y) {
        int n = rows(x);
        int k = x.shape().columns();
        int m = dense.shape().columns();
        PackedMatrix packed = packed(weight, true);
        Gemm.Blocks blocks = new Gemm.Blocks() {
            @Override
            public void before(int row, int rows, int column, int columns) {
                for (int i = row; bias != null && i < row + rows; i++) {
                    System.arraycopy(of(bias), at(bias) + column, of(dense), at(dense) + i * m + column, columns);
                }
            }

            @Override
            public void after(int row, int rows, int column, int columns) {
                for (int i = row; f != null && i < row + rows; i++) {
                    int from = i * m + column;
                    activate(f, of(dense), at(dense) + from, of(y), at(y) + from, columns);
                }
            }
        };
        if (packed != null) {
            packed.multiply(n, of(x), at(x), k, bias != null, of(dense), at(dense), m, blocks, parallel);
            return;
        }
        if (bias != null) {
            rowBlocks(n, m, row -> blocks.before(row, 1, 0, m));
        }
        gemm.gemm(false, true, n, m, k, of(x), at(x), k, of(weight), at(weight), k, bias != null, of(dense), at(dense),
                m, parallel);
        if (f != null) {
            rowBlocks(n, m, row -> blocks.after(row, 1, 0, m));
        }
    }

    @Override
    public void linearBackwardInput(Tensor dY, Tensor weight, boolean accumulate, Tensor dX) {
        linearBackwardInput(dY, weight, accumulate, dX, null, null);
    }

    @Override
    public void linearActivationBackwardInput(Tensor dY, Tensor weight, Activation f, Tensor dense, Tensor dX) {
        linearBackwardInput(dY, weight, false, dX, f, dense);
    }

    /** {@code dX = dY·W}, or {@code dX + dY·W}, and then {@code dX·f′(dense)} unless f is null. */
    private void linearBackwardInput(Tensor dY, Tensor weight, boolean accumulate, Tensor dX, Activation f,
            Tensor dense) {
        int n = rows(dY);
        int m = dY.shape().columns();
        int k = dX.shape().columns();
        PackedMatrix packed = packed(weight, false);
        Gemm.Blocks blocks = new Gemm.Blocks() {
            @Override
            public void after(int row, int rows, int column, int columns) {
                for (int i = row; f != null && i < row + rows; i++) {
                    int from = i * k + column;
                    activateBackward(f, of(dense), at(dense) + from, of(dX), at(dX) + from, of(dX), at(dX) + from,
                            columns);
                }
            }
        };
        if (packed != null) {
            packed.multiply(n, of(dY), at(dY), m, accumulate, of(dX), at(dX), k, blocks, parallel);
            return;
        }
        gemm.gemm(false, false, n, k, m, of(dY), at(dY), m, of(weight), at(weight), k, accumulate, of(dX), at(dX), k,
                parallel);
        if (f != null) {
            rowBlocks(n, k, row -> blocks.after(row, 1, 0, k));
        }
    }

    /** Weights as products read them, with x on their side transposed or not; null for what is packed for each product. */
    private PackedMatrix packed(Tensor weight, boolean transposed) {
        FloatArray array = (FloatArray) weight.storage();
        return weights.get(array.forms(), transposed, array.values(), rows(weight), weight.shape().columns());
    }

    @Override
    public void layerNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon, Tensor y, Tensor stats) {
        int columns = x.shape().columns();
        rowBlocks(rows(x), columns,
                n -> LayerNormRow.forward(of(x), at(x) + n * columns, of(gamma), at(gamma), of(beta),
                        at(beta), epsilon, of(y), at(y) + n * columns, of(stats), at(stats) + 2 * n, columns));
    }

    @Override
    public void layerNormBackwardInput(Tensor dY, Tensor x, Tensor gamma, Tensor stats, Tensor dX) {
        int columns = x.shape().columns();
        rowBlocks(rows(x), columns, n -> LayerNormRow.backward(of(dY), at(dY) + n * columns, of(x), at(x) + n * columns,
                of(gamma), at(gamma), of(stats), at(stats) + 2 * n, of(dX), at(dX) + n * columns, columns));
    }

    /** Runs {@code body} for each row, several rows to a task. */
    private void rowBlocks(int rows, int columns, java.util.function.IntConsumer body) {
        int perTask = Math.max(1, BLOCK / Math.max(1, columns));
        parallel.run((rows + perTask - 1) / perTask, task -> {
            for (int n = task * perTask; n < Math.min(rows, (task + 1) * perTask); n++) {
                body.accept(n);
            }
        });
    }

    @Override
    public void activation(Activation kind, Tensor x, Tensor y) {
        blocks((int) x.size(),
                (from, count) -> activate(kind, of(x), at(x) + from, of(y), at(y) + from, count));
    }

    private static void activate(Activation kind, float[] x, int xAt, float[] y, int yAt, int count) {
        switch (kind) {
            case GELU -> Elementwise.gelu(x, xAt, y, yAt, count);
            case GELU_TANH -> Elementwise.geluTanh(x, xAt, y, yAt, count);
            case RELU -> Elementwise.relu(x, xAt, y, yAt, count);
            case TANH -> Elementwise.tanh(x, xAt, y, yAt, count);
        }
    }

    @Override
    public void activationBackwardInput(Activation kind, Tensor dY, Tensor x, Tensor dX) {
        blocks((int) x.size(), (from, count) -> activateBackward(kind, of(x), at(x) + from, of(dY), at(dY) + from,
                of(dX), at(dX) + from, count));
    }

    private static void activateBackward(Activation kind, float[] x, int xAt, float[] dY, int dYAt, float[] dX,
            int dXAt, int count) {
        switch (kind) {
            case GELU -> Elementwise.geluBackward(x, xAt, dY, dYAt, dX, dXAt, count);
            case GELU_TANH -> Elementwise.geluTanhBackward(x, xAt, dY, dYAt, dX, dXAt, count);
            case RELU -> Elementwise.reluBackward(x, xAt, dY, dYAt, dX, dXAt, count);
            case TANH -> {
                float[] y = new float[count];
                Elementwise.tanh(x, xAt, y, 0, count);
                Elementwise.tanhBackward(y, 0, dY, dYAt, dX, dXAt, count);
            }
        }
    }

    @Override
    public void attention(Tensor qkv, Tensor mask, int heads, Tensor context, Tensor logSumExp) {
        attention.forward(qkv, mask, heads, context, logSumExp);
    }

    @Override
    public void attentionBackwardInput(Tensor dContext, Tensor context, Tensor qkv, Tensor mask, int heads,
            Tensor logSumExp, Tensor dQkv) {
        attention.backwardInput(dContext, qkv, mask, heads, logSumExp, dQkv);
    }

    @Override
    public void attentionProbabilities(Tensor qkv, Tensor mask, int heads, Tensor probabilities) {
        attention.probabilities(qkv, mask, heads, probabilities);
    }

    @Override
    public void attentionBackwardProbabilities(Tensor dContext, Tensor qkv, int heads, Tensor dProbabilities) {
        attention.backwardProbabilities(dContext, qkv, heads, dProbabilities);
    }

    @Override
    public void gatherRows(Tensor table, int[] rows, boolean accumulate, Tensor y) {
        int columns = table.shape().columns();
        for (int n = 0; n < rows.length; n++) {
            int from = at(table) + rows[n] * columns;
            int to = at(y) + n * columns;
            if (accumulate) {
                addTo(of(table), from, of(y), to, columns);
            } else {
                System.arraycopy(of(table), from, of(y), to, columns);
            }
        }
    }

    @Override
    public void gatherRowsBackwardInput(Tensor dY, int[] rows, Tensor dTable) {
        int columns = dTable.shape().columns();
        fill(dTable, 0);
        for (int n = 0; n < rows.length; n++) {
            addTo(of(dY), at(dY) + n * columns, of(dTable), at(dTable) + rows[n] * columns, columns);
        }
    }

    @Override
    public void patchify(Tensor pixels, int patchHeight, int patchWidth, Tensor patches) {
        PatchIndex index = new PatchIndex(pixels, patches, patchHeight, patchWidth);
        index.forEach((pixel, element) -> System.arraycopy(of(pixels), pixel, of(patches), element, patchWidth));
    }

    @Override
    public void patchifyBackwardInput(Tensor dPatches, int patchHeight, int patchWidth, Tensor dPixels) {
        fill(dPixels, 0);
        PatchIndex index = new PatchIndex(dPixels, dPatches, patchHeight, patchWidth);
        index.forEach((pixel, element) -> System.arraycopy(of(dPatches), element, of(dPixels), pixel, patchWidth));
    }

    @Override
    public void lerp(Tensor baseline, Tensor input, double[] alphas, Tensor points) {
        int size = (int) input.size();
        parallel.run(alphas.length, k -> {
            float[] from = of(baseline);
            float[] to = of(input);
            float[] point = of(points);
            float alpha = (float) alphas[k];
            int out = at(points) + k * size;
            for (int i = 0; i < size; i++) {
                float start = from[at(baseline) + i];
                point[out + i] = start + alpha * (to[at(input) + i] - start);
            }
        });
    }

    @Override
    public void weightedSum(Tensor dPoints, double[] weights, Tensor sum) {
        int size = (int) sum.size();
        blocks(size, (from, count) -> {
            for (int k = 0; k < weights.length; k++) {
                addScaled(of(dPoints), at(dPoints) + k * size + from, (float) weights[k], of(sum), at(sum) + from,
                        count);
            }
        });
    }

    private static void addScaled(float[] x, int xOffset, float factor, float[] y, int yOffset, int count) {
        for (int i = 0; i < count; i++) {
            y[yOffset + i] = Math.fma(factor, x[xOffset + i], y[yOffset + i]);
        }
    }

    @Override
    public void tokenTotals(Tensor dPoints, Tensor difference, Tensor totals) {
        int columns = difference.shape().columns();
        int size = (int) difference.size();
        rowBlocks((int) totals.size(), columns, i -> of(totals)[at(totals) + i] = (float) LayerNormRow.dot(of(dPoints),
                at(dPoints) + i * columns, of(difference), at(difference) + i * columns % size, columns));
    }

    @Override
    public void close() {
        parallel.close();
        pool.clear();
        liveBytes.set(0);
    }
}
