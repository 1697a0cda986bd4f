package dev.limpid.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Workspace;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LayerCaseTest {
    @Test
    void everyOperationGivesTheSameAnswerHoweverOftenItIsDone() {
        try (Ops ops = Device.open("cpu", new DeviceOptions(1))) {
            for (LayerCase each : LayerCase.bertBase()) {
                try (Workspace ws = ops.workspace()) {
                    LayerCase.Prepared prepared = each.on().apply(ws);
                    prepared.work().run();
                    double[] once = ops.download(prepared.result());
                    prepared.work().run();
                    assertThat(ops.download(prepared.result())).as(each.name()).isEqualTo(once);
                    assertThat(Arrays.stream(once).anyMatch(value -> value != 0)).as(each.name()).isTrue();
                }
            }
        }
    }

    @Test
    void aNumberThatIsNoneIsADifference() {
        assertThat(LayerBenchmark.difference(new double[]{1, Double.NaN, 2}, new double[]{1, 1, 2})).isNaN();
        assertThat(LayerBenchmark.difference(new double[]{1, 3}, new double[]{1, 4})).isEqualTo(0.25);
    }

    @Test
    void softmaxIsRightAndTheLoopOfMemoryComputes() {
        assertThat(new SoftmaxCase().difference()).isLessThan(1e-6);
        for (int inputs = 1; inputs <= 3; inputs++) {
            MemoryRate memory = new MemoryRate(1200, inputs);
            assertThat(memory.right()).isFalse();
            memory.run();
            assertThat(memory.right()).isTrue();
        }
    }
}
