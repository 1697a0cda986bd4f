package dev.limpid.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
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
}
