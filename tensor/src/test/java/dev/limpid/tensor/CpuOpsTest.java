package dev.limpid.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CpuOpsTest extends OpsContractTest {
    @Override
    protected Ops open() {
        return Device.open("cpu", new DeviceOptions(2));
    }

    /** A pass through every kind of kernel: the bits must not depend on how the work is split. */
    private static double[] pass(int threads) {
        RandomTensors random = new RandomTensors(11);
        try (Ops ops = Device.open("cpu", new DeviceOptions(threads)); Workspace ws = ops.workspace()) {
            Tensor x = ws.tensor(5, 37, 96);
            ops.upload(random.values(x.size()), x);
            Tensor weight = ws.tensor(288, 96);
            ops.upload(random.values(weight.size()), weight);
            Tensor qkv = ws.tensor(5, 37, 288);
            ops.linear(x, weight, null, qkv);
            Tensor context = ws.tensor(5, 37, 96);
            Tensor logSumExp = ws.tensor(5, 3, 37);
            ops.attention(qkv, null, 3, context, logSumExp);
            Tensor gamma = ws.tensor(96);
            ops.fill(gamma, 1.5);
            Tensor normed = ws.tensor(5, 37, 96);
            Tensor stats = ws.tensor(5 * 37, 2);
            ops.layerNorm(context, gamma, gamma, 1e-12, normed, stats);
            Tensor active = ws.tensor(5, 37, 96);
            ops.activation(Activation.GELU, normed, active);
            Tensor dNormed = ws.tensor(5, 37, 96);
            ops.activationBackwardInput(Activation.GELU, active, normed, dNormed);
            Tensor dContext = ws.tensor(5, 37, 96);
            ops.layerNormBackwardInput(dNormed, context, gamma, stats, dContext);
            Tensor dQkv = ws.tensor(5, 37, 288);
            ops.attentionBackwardInput(dContext, context, qkv, null, 3, logSumExp, dQkv);
            Tensor dX = ws.tensor(5, 37, 96);
            ops.linearBackwardInput(dQkv, weight, false, dX);
            return ops.download(dX);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 8})
    void resultsAreTheSameBitsForAnyNumberOfThreads(int threads) {
        assertThat(pass(threads)).containsExactly(pass(1));
    }

    /** What a linear layer computes, forward and backward, one result after the other. */
    private static List<double[]> layer(Ops ops, Tensor weight, Activation f) {
        RandomTensors random = new RandomTensors(12);
        try (Workspace ws = ops.workspace()) {
            Tensor x = random(ws, random, 3, 50, 300);
            Tensor bias = random(ws, random, 530);
            Tensor dense = ws.tensor(3, 50, 530);
            Tensor y = ws.tensor(3, 50, 530);
            ops.linear(x, weight, bias, y);
            List<double[]> results = new ArrayList<>(List.of(ops.download(y)));
            ops.linear(x, weight, null, y);
            results.add(ops.download(y));
            ops.linearActivation(x, weight, bias, f, dense, y);
            results.add(ops.download(dense));
            results.add(ops.download(y));
            Tensor dX = random(ws, random, 3, 50, 300);
            ops.linearBackwardInput(y, weight, true, dX);
            results.add(ops.download(dX));
            ops.linearActivationBackwardInput(y, weight, f, x, dX);
            results.add(ops.download(dX));
            return results;
        }
    }

    private static Tensor random(Workspace ws, RandomTensors random, int... dims) {
        Tensor x = ws.tensor(dims);
        ws.ops().upload(random.values(x.size()), x);
        return x;
    }

    @ParameterizedTest
    @EnumSource
    void weightsThatArePackedOnceGiveTheSameBitsAsThoseThatAreNot(Activation f) {
        double[] values = new RandomTensors(13).values(530L * 300);
        System.setProperty("limpid.gemm", "vector"); // packs from the first product on
        try (Ops ops = open(); Workspace ws = ops.workspace()) {
            Tensor changing = ws.tensor(530, 300);
            ops.upload(values, changing);
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) values[i];
            }
            Tensor constant = ops.tensor(Shape.of(530, 300), floats);
            List<double[]> expected = layer(ops, changing, f);
            List<double[]> actual = layer(ops, constant, f);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(actual.get(i)).as("result %d", i).containsExactly(expected.get(i));
            }
        } finally {
            System.clearProperty("limpid.gemm");
        }
    }
}
