package dev.limpid.tensor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the facade refuses, and that it says tensor, expected and actual. */
class OpsTest {
    private final Ops ops = Device.open("reference", DeviceOptions.DEFAULT);
    private final Workspace ws = ops.workspace();

    @AfterEach
    void close() {
        ws.close();
        ops.close();
    }

    @Test
    void wrongShapesAreNamed() {
        assertThatThrownBy(() -> ops.linear(ws.tensor(2, 3), ws.tensor(5, 4), null, ws.tensor(2, 5)))
                .hasMessage("weight must have shape (5, 3), but has (5, 4)");
        assertThatThrownBy(() -> ops.linear(ws.tensor(2, 3), ws.tensor(5, 3), ws.tensor(4), ws.tensor(2, 5)))
                .hasMessage("bias must have shape (5), but has (4)");
        assertThatThrownBy(() -> ops.linear(ws.tensor(2, 3), ws.tensor(5, 3), null, ws.tensor(3, 5)))
                .hasMessage("y of shape (3, 5) must have as many rows as (2, 3)");
        assertThatThrownBy(() -> ops.attention(ws.tensor(1, 4, 18), null, 4, ws.tensor(1, 4, 6), ws.tensor(1, 4, 4)))
                .hasMessage("a hidden size of 6 cannot be split into 4 heads");
        assertThatThrownBy(() -> ops.upload(new double[3], ws.tensor(2)))
                .hasMessage("x of shape (2) needs 2 values, not 3");
    }

    @Test
    void sharedMemoryIsRefused() {
        Tensor x = ws.tensor(4, 3);
        assertThatThrownBy(() -> ops.activation(Activation.GELU, x, x)).hasMessage("x and y must not share memory");
        assertThatThrownBy(() -> ops.copy(x.rows(0, 2), x.rows(1, 3))).hasMessage("x and y must not share memory");
    }

    @Test
    void rowIndicesOutsideTheTableAreNamed() {
        assertThatThrownBy(() -> ops.gatherRows(ws.tensor(4, 3), new int[]{0, 4}, false, ws.tensor(2, 3)))
                .hasMessage("row index 4 at position 1 is outside a table of 4 rows");
    }

    @Test
    void tensorsOfAnotherDeviceAreRefused() {
        try (Ops cpu = Device.open("cpu", new DeviceOptions(1)); Workspace other = cpu.workspace()) {
            assertThatThrownBy(() -> ops.add(other.tensor(2), ws.tensor(2)))
                    .hasMessage("x is F32(2), but reference computes in F64");
        }
    }

    @Test
    void aClosedDeviceSaysSo() {
        Tensor x = ws.tensor(2);
        ops.close();
        assertThatThrownBy(() -> ops.fill(x, 0)).hasMessage("the device reference is closed");
    }

    @Test
    void unknownAndUnusableDevicesAreNamed() {
        assertThatThrownBy(() -> Device.open("tpu", DeviceOptions.DEFAULT)).isInstanceOf(DeviceException.class)
                .hasMessage("there is no device 'tpu'; known are cpu, reference (limpid devices lists them)");
        assertThatThrownBy(() -> Device.open("cpu:1", DeviceOptions.DEFAULT)).isInstanceOf(DeviceException.class)
                .hasMessageContaining("there is one CPU device");
        assertThatThrownBy(() -> Device.open("cpu:x", DeviceOptions.DEFAULT))
                .hasMessageContaining("must end in a number");
    }

    @Test
    void aPrecisionThatADeviceDoesNotHaveIsRefused() {
        assertThatThrownBy(() -> Device.open("cpu", new DeviceOptions(1, Precision.BF16)))
                .isInstanceOf(DeviceException.class)
                .hasMessage(
                        "device 'cpu' computes in f32, not in bf16; ask for that precision on a GPU, or leave it out");
        assertThatThrownBy(() -> Precision.named("f16")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no precision 'f16'; known are f32, tf32, bf16");
    }

    @Test
    void bytesInUseAreCounted() {
        assertThat(ops.liveBytes()).isZero();
        ops.tensor(Shape.of(3, 4), new float[12]);
        assertThat(ops.liveBytes()).isEqualTo(12 * 8);
        ws.tensor(6);
        assertThat(ops.liveBytes()).isEqualTo(18 * 8);
        ws.close();
        assertThat(ops.liveBytes()).isEqualTo(12 * 8);
        ops.close();
        assertThat(ops.liveBytes()).isZero();
    }

    @Test
    void aWorkspaceHandsBuffersOutAgain() {
        Tensor first = ws.tensor(6);
        ws.release(first);
        assertThat(ws.tensor(2, 3).storage()).isSameAs(first.storage());
        ws.reset();
        assertThat(ws.tensor(6).storage()).isSameAs(first.storage());
        assertThat(ws.tensor(6).storage()).isNotSameAs(first.storage());
        assertThat(ws.bytes()).isEqualTo(2 * 6 * 8);
    }
}
