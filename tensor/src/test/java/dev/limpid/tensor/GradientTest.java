package dev.limpid.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every backward pass of the reference against central differences in double precision: with {@code F(x) = Σ g·y(x)} and random g,
 * {@code dX[i] ≈ (F(x + h·e_i) − F(x − h·e_i))/2h}.
 */
class GradientTest {
    private static final double STEP = 1e-5;

    private final Ops ops = Device.open("reference", DeviceOptions.DEFAULT);
    private final Workspace ws = ops.workspace();

    @AfterEach
    void close() {
        ws.close();
        ops.close();
    }

    private Tensor of(double[] values, int... dims) {
        Tensor x = ws.tensor(dims);
        ops.upload(values, x);
        return x;
    }

    private void check(Tensor x, Tensor y, double[] dY, BiConsumer<Tensor, Tensor> forward, Tensor dX) {
        double[] values = ops.download(x);
        double[] analytic = ops.download(dX);
        for (int i = 0; i < values.length; i++) {
            double centre = values[i];
            double[] ends = new double[2];
            for (int side : List.of(0, 1)) {
                values[i] = centre + (side == 0 ? -STEP : STEP);
                ops.upload(values, x);
                forward.accept(x, y);
                double[] out = ops.download(y);
                for (int j = 0; j < out.length; j++) {
                    ends[side] += dY[j] * out[j];
                }
            }
            values[i] = centre;
            double numeric = (ends[1] - ends[0]) / (2 * STEP);
            assertThat(Math.abs(numeric - analytic[i])).as("element %s: %s, by differences %s", i, analytic[i], numeric)
                    .isLessThan(1e-7 * (1 + Math.abs(numeric)));
        }
        ops.upload(values, x);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void linear(long seed) {
        RandomTensors random = new RandomTensors(seed);
        Tensor x = of(random.values(4 * 5), 4, 5);
        Tensor weight = of(random.values(3 * 5), 3, 5);
        Tensor bias = of(random.values(3), 3);
        double[] dY = random.values(4 * 3);
        Tensor dX = ws.tensor(4, 5);
        ops.linearBackwardInput(of(dY, 4, 3), weight, false, dX);
        check(x, ws.tensor(4, 3), dY, (in, out) -> ops.linear(in, weight, bias, out), dX);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void layerNorm(long seed) {
        RandomTensors random = new RandomTensors(seed);
        Tensor x = of(random.values(3 * 7), 3, 7);
        Tensor gamma = of(random.values(7), 7);
        Tensor beta = of(random.values(7), 7);
        Tensor stats = ws.tensor(3, 2);
        Tensor y = ws.tensor(3, 7);
        double[] dY = random.values(3 * 7);
        ops.layerNorm(x, gamma, beta, 1e-2, y, stats);
        Tensor dX = ws.tensor(3, 7);
        ops.layerNormBackwardInput(of(dY, 3, 7), x, gamma, stats, dX);
        check(x, y, dY, (in, out) -> ops.layerNorm(in, gamma, beta, 1e-2, out, ws.tensor(3, 2)), dX);
    }

    @ParameterizedTest
    @EnumSource
    void activation(Activation f) {
        RandomTensors random = new RandomTensors(5);
        Tensor x = of(random.values(40), 40);
        double[] dY = random.values(40);
        Tensor dX = ws.tensor(40);
        ops.activationBackwardInput(f, of(dY, 40), x, dX);
        check(x, ws.tensor(40), dY, (in, out) -> ops.activation(f, in, out), dX);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void attention(boolean masked) {
        RandomTensors random = new RandomTensors(6);
        int batch = 2;
        int length = 4;
        int heads = 3;
        int hidden = 6;
        Tensor qkv = of(random.values(144), batch, length, 3 * hidden);
        Tensor mask = masked ? of(new double[]{1, 1, 1, 0, 0, 1, 1, 1}, batch, length) : null;
        Tensor logSumExp = ws.tensor(batch, heads, length);
        Tensor context = ws.tensor(batch, length, hidden);
        double[] dContext = random.values(48);
        ops.attention(qkv, mask, heads, context, logSumExp);
        Tensor dQkv = ws.tensor(batch, length, 3 * hidden);
        ops.attentionBackwardInput(of(dContext, batch, length, hidden), context, qkv, mask, heads, logSumExp, dQkv);
        check(qkv, context, dContext,
                (in, out) -> ops.attention(in, mask, heads, out, ws.tensor(batch, heads, length)), dQkv);
    }

    /**
     * The context is linear in the probabilities, so that {@code context(P) = Σ P·v}, written down here, stands for the forward pass.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void attentionProbabilities(long seed) {
        RandomTensors random = new RandomTensors(seed);
        int batch = 2;
        int length = 4;
        int heads = 3;
        int size = 2;
        int hidden = heads * size;
        double[] qkv = random.values((long) batch * length * 3 * hidden);
        double[] dContext = random.values((long) batch * length * hidden);
        Tensor probabilities = of(random.values((long) batch * heads * length * length), batch, heads, length, length);
        Tensor dProbabilities = ws.tensor(batch, heads, length, length);
        ops.attentionBackwardProbabilities(of(dContext, batch, length, hidden), of(qkv, batch, length, 3 * hidden),
                heads, dProbabilities);
        check(probabilities, ws.tensor(batch, length, hidden), dContext, (in, out) -> {
            double[] p = ops.download(in);
            double[] context = new double[batch * length * hidden];
            for (int i = 0; i < p.length; i++) {
                int s = i % length;
                int t = i / length % length;
                int h = i / (length * length) % heads;
                int b = i / (length * length * heads);
                for (int d = 0; d < size; d++) {
                    context[(b * length + t) * hidden + h * size + d] += p[i]
                            * qkv[(b * length + s) * 3 * hidden + 2 * hidden + h * size + d];
                }
            }
            ops.upload(context, out);
        }, dProbabilities);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void patchify(long seed) {
        RandomTensors random = new RandomTensors(seed);
        Tensor pixels = of(random.values(2 * 3 * 5 * 7), 2, 3, 5, 7);
        double[] dPatches = random.values(2 * 4 * 18);
        Tensor dPixels = ws.tensor(2, 3, 5, 7);
        ops.patchifyBackwardInput(of(dPatches, 2, 4, 18), 2, 3, dPixels);
        check(pixels, ws.tensor(2, 4, 18), dPatches, (in, out) -> ops.patchify(in, 2, 3, out), dPixels);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void gatherRows(long seed) {
        RandomTensors random = new RandomTensors(seed);
        Tensor table = of(random.values(5 * 3), 5, 3);
        int[] rows = {4, 0, 0, 2};
        double[] dY = random.values(4 * 3);
        Tensor dTable = ws.tensor(5, 3);
        ops.gatherRowsBackwardInput(of(dY, 4, 3), rows, dTable);
        check(table, ws.tensor(4, 3), dY, (in, out) -> ops.gatherRows(in, rows, false, out), dTable);
    }
}
