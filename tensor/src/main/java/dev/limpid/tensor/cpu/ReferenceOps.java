package dev.limpid.tensor.cpu;

import dev.limpid.tensor.Activation;
import dev.limpid.tensor.DType;
import dev.limpid.tensor.OpsBackend;
import dev.limpid.tensor.Storage;
import dev.limpid.tensor.Tensor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The specification of every operation: plain loops in double precision, one thread, never tuned. The other backends are tested against it, and
 * it is itself tested against PyTorch in double precision and against central differences.
 */
final class ReferenceOps implements OpsBackend {
    private final AtomicLong liveBytes = new AtomicLong();

    private record DoubleArray(double[] values) implements Storage {
        @Override
        public DType dtype() {
            return DType.F64;
        }

        @Override
        public long size() {
            return values.length;
        }
    }

    @Override
    public String description() {
        return "plain loops in double precision, one thread: the specification, slow";
    }

    @Override
    public DType computeType() {
        return DType.F64;
    }

    @Override
    public long memoryBudget() {
        return 256L << 20;
    }

    @Override
    public long liveBytes() {
        return liveBytes.get();
    }

    @Override
    public Storage allocate(DType type, long size) {
        return live(new double[Math.toIntExact(size)]);
    }

    private Storage live(double[] values) {
        liveBytes.addAndGet(8L * values.length);
        return new DoubleArray(values);
    }

    @Override
    public Storage storage(DType type, float[] values) {
        double[] exact = new double[values.length];
        for (int i = 0; i < exact.length; i++) {
            exact[i] = values[i];
        }
        return live(exact);
    }

    @Override
    public void release(Storage storage) {
        liveBytes.addAndGet(-8 * storage.size()); // the garbage collector takes it
    }

    static double[] of(Tensor x) {
        return ((DoubleArray) x.storage()).values();
    }

    static int at(Tensor x) {
        return (int) x.offset();
    }

    @Override
    public void upload(double[] values, Tensor x) {
        System.arraycopy(values, 0, of(x), at(x), values.length);
    }

    @Override
    public void upload(float[] values, Tensor x) {
        for (int i = 0; i < values.length; i++) {
            of(x)[at(x) + i] = values[i];
        }
    }

    @Override
    public void download(Tensor x, double[] values) {
        System.arraycopy(of(x), at(x), values, 0, values.length);
    }

    @Override
    public void fill(Tensor x, double value) {
        for (int i = 0; i < x.size(); i++) {
            of(x)[at(x) + i] = value;
        }
    }

    @Override
    public void copy(Tensor x, Tensor y) {
        System.arraycopy(of(x), at(x), of(y), at(y), (int) x.size());
    }

    @Override
    public void add(Tensor x, Tensor y) {
        for (int i = 0; i < x.size(); i++) {
            of(y)[at(y) + i] += of(x)[at(x) + i];
        }
    }

    @Override
    public void linear(Tensor x, Tensor weight, Tensor bias, Tensor y) {
        int inputs = x.shape().columns();
        int outputs = y.shape().columns();
        for (int n = 0; n < x.shape().rows(); n++) {
            for (int m = 0; m < outputs; m++) {
                double sum = bias == null ? 0 : of(bias)[at(bias) + m];
                for (int k = 0; k < inputs; k++) {
                    sum += of(x)[at(x) + n * inputs + k] * of(weight)[at(weight) + m * inputs + k];
                }
                of(y)[at(y) + n * outputs + m] = sum;
            }
        }
    }

    @Override
    public void linearBackwardInput(Tensor dY, Tensor weight, boolean accumulate, Tensor dX) {
        int inputs = dX.shape().columns();
        int outputs = dY.shape().columns();
        for (int n = 0; n < dY.shape().rows(); n++) {
            for (int k = 0; k < inputs; k++) {
                double sum = 0;
                for (int m = 0; m < outputs; m++) {
                    sum += of(dY)[at(dY) + n * outputs + m] * of(weight)[at(weight) + m * inputs + k];
                }
                int i = at(dX) + n * inputs + k;
                of(dX)[i] = (accumulate ? of(dX)[i] : 0) + sum;
            }
        }
    }

    @Override
    public void layerNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon, Tensor y, Tensor stats) {
        int columns = x.shape().columns();
        for (int n = 0; n < x.shape().rows(); n++) {
            int row = at(x) + n * columns;
            double mean = 0;
            for (int c = 0; c < columns; c++) {
                mean += of(x)[row + c];
            }
            mean /= columns;
            double variance = 0;
            for (int c = 0; c < columns; c++) {
                double centred = of(x)[row + c] - mean;
                variance += centred * centred;
            }
            variance /= columns;
            double rstd = 1 / Math.sqrt(variance + epsilon);
            for (int c = 0; c < columns; c++) {
                of(y)[at(y) + n * columns + c] = (of(x)[row + c] - mean) * rstd * of(gamma)[at(gamma) + c]
                        + of(beta)[at(beta) + c];
            }
            of(stats)[at(stats) + 2 * n] = mean;
            of(stats)[at(stats) + 2 * n + 1] = rstd;
        }
    }

    @Override
    public void layerNormBackwardInput(Tensor dY, Tensor x, Tensor gamma, Tensor stats, Tensor dX) {
        int columns = x.shape().columns();
        for (int n = 0; n < x.shape().rows(); n++) {
            double mean = of(stats)[at(stats) + 2 * n];
            double rstd = of(stats)[at(stats) + 2 * n + 1];
            double meanG = 0;
            double meanGx = 0;
            for (int c = 0; c < columns; c++) {
                int i = n * columns + c;
                double g = of(dY)[at(dY) + i] * of(gamma)[at(gamma) + c];
                meanG += g;
                meanGx += g * (of(x)[at(x) + i] - mean) * rstd;
            }
            meanG /= columns;
            meanGx /= columns;
            for (int c = 0; c < columns; c++) {
                int i = n * columns + c;
                double g = of(dY)[at(dY) + i] * of(gamma)[at(gamma) + c];
                double xHat = (of(x)[at(x) + i] - mean) * rstd;
                of(dX)[at(dX) + i] = rstd * (g - meanG - xHat * meanGx);
            }
        }
    }

    @Override
    public void activation(Activation kind, Tensor x, Tensor y) {
        for (int i = 0; i < x.size(); i++) {
            of(y)[at(y) + i] = ReferenceActivation.value(kind, of(x)[at(x) + i]);
        }
    }

    @Override
    public void activationBackwardInput(Activation kind, Tensor dY, Tensor x, Tensor dX) {
        for (int i = 0; i < x.size(); i++) {
            of(dX)[at(dX) + i] = of(dY)[at(dY) + i] * ReferenceActivation.derivative(kind, of(x)[at(x) + i]);
        }
    }

    @Override
    public void attention(Tensor qkv, Tensor mask, int heads, Tensor context, Tensor logSumExp) {
        ReferenceAttention.forward(qkv, mask, heads, context, logSumExp);
    }

    @Override
    public void attentionBackwardInput(Tensor dContext, Tensor context, Tensor qkv, Tensor mask, int heads,
            Tensor logSumExp, Tensor dQkv) {
        ReferenceAttention.backwardInput(dContext, qkv, mask, heads, logSumExp, dQkv);
    }

    @Override
    public void attentionProbabilities(Tensor qkv, Tensor mask, int heads, Tensor probabilities) {
        ReferenceAttention.probabilities(qkv, mask, heads, probabilities);
    }

    @Override
    public void attentionBackwardProbabilities(Tensor dContext, Tensor qkv, int heads, Tensor dProbabilities) {
        ReferenceAttention.backwardProbabilities(dContext, qkv, heads, dProbabilities);
    }

    @Override
    public void gatherRows(Tensor table, int[] rows, boolean accumulate, Tensor y) {
        int columns = table.shape().columns();
        for (int n = 0; n < rows.length; n++) {
            for (int c = 0; c < columns; c++) {
                int i = at(y) + n * columns + c;
                of(y)[i] = (accumulate ? of(y)[i] : 0) + of(table)[at(table) + rows[n] * columns + c];
            }
        }
    }

    @Override
    public void gatherRowsBackwardInput(Tensor dY, int[] rows, Tensor dTable) {
        int columns = dTable.shape().columns();
        fill(dTable, 0);
        for (int n = 0; n < rows.length; n++) {
            for (int c = 0; c < columns; c++) {
                of(dTable)[at(dTable) + rows[n] * columns + c] += of(dY)[at(dY) + n * columns + c];
            }
        }
    }

    @Override
    public void patchify(Tensor pixels, int patchHeight, int patchWidth, Tensor patches) {
        int height = pixels.shape().dim(2);
        int width = pixels.shape().dim(3);
        int across = width / patchWidth;
        int size = patchHeight * patchWidth;
        int columns = patches.shape().columns();
        int perRow = height / patchHeight * across;
        for (int n = 0; n < patches.shape().rows(); n++) {
            int top = n % perRow / across * patchHeight;
            int left = n % perRow % across * patchWidth;
            for (int c = 0; c < columns; c++) {
                int channel = n / perRow * pixels.shape().dim(1) + c / size;
                int y = top + c % size / patchWidth;
                int x = left + c % patchWidth;
                of(patches)[at(patches) + n * columns + c] = of(pixels)[at(pixels) + (channel * height + y) * width
                        + x];
            }
        }
    }

    @Override
    public void patchifyBackwardInput(Tensor dPatches, int patchHeight, int patchWidth, Tensor dPixels) {
        int height = dPixels.shape().dim(2);
        int width = dPixels.shape().dim(3);
        int across = width / patchWidth;
        int size = patchHeight * patchWidth;
        int columns = dPatches.shape().columns();
        int perRow = height / patchHeight * across;
        fill(dPixels, 0);
        for (int n = 0; n < dPatches.shape().rows(); n++) {
            int top = n % perRow / across * patchHeight;
            int left = n % perRow % across * patchWidth;
            for (int c = 0; c < columns; c++) {
                int channel = n / perRow * dPixels.shape().dim(1) + c / size;
                int y = top + c % size / patchWidth;
                int x = left + c % patchWidth;
                of(dPixels)[at(dPixels) + (channel * height + y) * width + x] = of(dPatches)[at(dPatches) + n * columns
                        + c];
            }
        }
    }

    @Override
    public void lerp(Tensor baseline, Tensor input, double[] alphas, Tensor points) {
        int size = (int) input.size();
        for (int k = 0; k < alphas.length; k++) {
            for (int i = 0; i < size; i++) {
                double from = of(baseline)[at(baseline) + i];
                of(points)[at(points) + k * size + i] = from + alphas[k] * (of(input)[at(input) + i] - from);
            }
        }
    }

    @Override
    public void weightedSum(Tensor dPoints, double[] weights, Tensor sum) {
        int size = (int) sum.size();
        for (int k = 0; k < weights.length; k++) {
            for (int i = 0; i < size; i++) {
                of(sum)[at(sum) + i] += weights[k] * of(dPoints)[at(dPoints) + k * size + i];
            }
        }
    }

    @Override
    public void tokenTotals(Tensor dPoints, Tensor difference, Tensor totals) {
        int columns = difference.shape().columns();
        int size = (int) difference.size();
        for (int i = 0; i < totals.size(); i++) {
            int start = i * columns;
            double sum = 0;
            for (int c = 0; c < columns; c++) {
                sum += of(difference)[at(difference) + start % size + c] * of(dPoints)[at(dPoints) + start + c];
            }
            of(totals)[at(totals) + i] = sum;
        }
    }

    @Override
    public void close() {
        liveBytes.set(0);
    }
}
