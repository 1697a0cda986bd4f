package dev.limpid.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpid.tensor.DType;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceException;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.OpsBackend;
import dev.limpid.tensor.Precision;
import dev.limpid.tensor.Storage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The device {@code cuda} as a model asks for it, on a driver without a GPU. */
class CudaBackendOnFakeDriverTest {
    private final CudaBackend backend = new CudaBackend();

    @BeforeAll
    static void open() {
        FakeDriver.open();
    }

    @AfterEach
    void reset() {
        FakeDriver.set("fake_version", 13000);
        FakeDriver.set("fake_capability", 90);
    }

    private static DeviceOptions in(Precision precision) {
        return new DeviceOptions(1, precision);
    }

    @Test
    void isFoundAndSaysWhatItIs() {
        assertThat(Device.backends()).anyMatch(CudaBackend.class::isInstance);
        assertThat(backend.name()).isEqualTo("cuda");
        assertThat(backend.availability(0).usable()).isTrue();
        assertThat(backend.availability(0).reason()).contains("Fake GPU 0", "9.0");
        assertThat(backend.precisions(0)).containsExactly(Precision.values());
        assertThat(backend.precisions(1)).isEmpty();
        assertThat(backend.availability(1).usable()).isFalse();
        assertThat(backend.availability(1).reason()).contains("no GPU 1");
    }

    @Test
    void refusesWithCauseAndRemedy() {
        FakeDriver.set("fake_version", 12040);
        assertThatThrownBy(() -> Device.open("cuda", in(Precision.F32))).isInstanceOf(DeviceException.class)
                .hasMessageContaining("CUDA 12.4").hasMessageContaining("driver 580");
        FakeDriver.set("fake_version", 13000);
        FakeDriver.set("fake_capability", 75);
        assertThatThrownBy(() -> Device.open("cuda", in(Precision.BF16))).isInstanceOf(DeviceException.class)
                .hasMessageContaining("bf16").hasMessageContaining("use f32");
        assertThat(backend.precisions(0)).containsExactly(Precision.F32);
    }

    @Test
    void aDeviceThatDoesNotStartLeavesNothing() {
        for (String function : List.of("cuDevicePrimaryCtxRetain", "cuMemAllocFromPoolAsync")) {
            FakeDriver.fail(function, 999);
            assertThatThrownBy(() -> backend.open(0, in(Precision.F32))).isInstanceOf(DeviceException.class)
                    .hasMessageContaining("dmesg");
            assertThat(FakeDriver.count("fake_contexts")).as(function).isZero();
        }
    }

    @Test
    void givesAllMemoryBackEveryTime() {
        long reserved = -1;
        for (int i = 0; i < 200; i++) {
            try (OpsBackend ops = backend.open(0, in(i % 2 == 0 ? Precision.F32 : Precision.BF16))) {
                Storage x = ops.allocate(ops.storedType(), 100_000);
                Storage y = ops.storage(DType.F32, new float[]{1, 2, 3});
                assertThat(ops.liveBytes()).isGreaterThanOrEqualTo(100_000L * ops.storedType().bytes() + 12);
                ops.release(x);
                ops.release(y);
                assertThat(ops.liveBytes()).isZero();
            }
            long now = FakeDriver.count("fake_reserved_bytes");
            assertThat(reserved == -1 || reserved == now).as("bytes of the driver after round %d: %d", i, now).isTrue();
            reserved = now;
        }
        assertThat(FakeDriver.count("fake_contexts")).isZero();
        assertThat(FakeDriver.count("fake_graphs")).isZero();
    }
}
