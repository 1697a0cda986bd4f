package dev.limpid.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpid.kernels.DeviceBuffer;
import dev.limpid.kernels.Grid;
import dev.limpid.kernels.KernelDevice;
import dev.limpid.kernels.KernelText;
import dev.limpid.kernels.Pointer;
import dev.limpid.tensor.DeviceException;
import dev.limpid.tensor.OutOfDeviceMemoryException;
import dev.limpid.tensor.Precision;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The host's code of a GPU, on a driver that has none: {@code src/test/c/fake_cuda.c}. Nothing here says that it works on a real one. */
class CudaDeviceOnFakeDriverTest {
    @TempDir
    private static Path cubins;
    private CudaDevice device;

    @BeforeAll
    static void open() {
        FakeDriver.open();
    }

    @BeforeEach
    void start() {
        device = device(Precision.F32, 8);
    }

    private static CudaDevice device(Precision precision, int graphs) {
        return new CudaDevice(0, CudaProbe.ask().gpus().getFirst(), new CudaOptions(precision, true, graphs, cubins));
    }

    @AfterEach
    void closeAndLeaveNothing() {
        device.close();
        device.close();
        for (String counter : List.of("fake_reserved_bytes", "fake_graphs", "fake_contexts", "fake_streams",
                "fake_events",
                "fake_pinned", "fake_modules", "fake_pool_count", "fake_handles", "fake_descriptions")) {
            assertThat(FakeDriver.count(counter)).as(counter).isZero();
        }
    }

    private Pointer.Floats floats(long n) {
        return new Pointer.Floats(device.allocate(4 * n), 0);
    }

    private void launch(KernelDevice.Family family, String kernel, long n, Object... arguments) {
        device.launch(family.kernel(kernel), Grid.of(Grid.cover(n, 4 * KernelText.BLOCK)), List.of(arguments));
    }

    private KernelDevice.Family elementwise() {
        return device.compile(KernelText.of("elementwise"), Map.of());
    }

    private float[] values(Pointer.Floats x, int n) {
        float[] values = new float[n];
        device.download(x.buffer(), 4 * x.offset(), MemorySegment.ofArray(values));
        return values;
    }

    private static float[] random(int n, long seed) {
        Random random = new Random(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1000, (8 << 20) / 4, (8 << 20) / 4 + 1, (30 << 20) / 4 - 7})
    void copiesInPiecesThatArriveWhole(int n) {
        float[] x = random(n, n);
        Pointer.Floats there = floats(n + 5L);
        device.upload(MemorySegment.ofArray(x), there.buffer(), 12);
        assertThat(Arrays.equals(values(new Pointer.Floats(there.buffer(), 3), n), x)).isTrue();
    }

    @Test
    void copiesManySmallThings() {
        Pointer.Floats there = floats(100_000);
        float[] x = random(100_000, 1);
        for (int i = 0; i < 100; i++) {
            device.upload(MemorySegment.ofArray(x).asSlice(4000L * i, 4000), there.buffer(), 4000L * i);
            if (i % 7 == 0) {
                assertThat(values(new Pointer.Floats(there.buffer(), 1000L * i), 2)).containsExactly(x[1000 * i],
                        x[1000 * i + 1]);
            }
        }
        assertThat(Arrays.equals(values(there, 100_000), x)).isTrue();
    }

    @Test
    void computesInTheOrderOfTheCalls() {
        KernelDevice.Family family = elementwise();
        Pointer.Floats x = floats(1000);
        Pointer.Floats y = floats(1000);
        launch(family, "fill_floats", 1000, x, 2f, 1000L);
        launch(family, "fill_floats", 1000, y, 1f, 1000L);
        launch(family, "add_floats", 1000, x, y, 1000L);
        device.copy(y.buffer(), 0, x.buffer(), 400, 400);
        launch(family, "add_floats", 1000, x, y, 1000L);
        float[] sum = values(y, 1000);
        assertThat(sum[99]).isEqualTo(5);
        assertThat(sum[100]).isEqualTo(6);
        assertThat(sum[199]).isEqualTo(6);
        assertThat(sum[200]).isEqualTo(5);
    }

    @Test
    void replaysWhatItHasSeenTwiceAndComputesTheSame() {
        KernelDevice.Family family = elementwise();
        Pointer.Floats x = floats(500);
        Pointer.Floats sum = floats(500);
        float[] ones = new float[500];
        float expected = 0;
        for (int round = 1; round <= 6; round++) {
            Arrays.fill(ones, round);
            device.upload(MemorySegment.ofArray(ones), x.buffer(), 0);
            Pointer.Floats scratch = floats(500);
            launch(family, "fill_floats", 500, sum, 0f, 500L);
            launch(family, "fill_floats", 500, scratch, 10f, 500L);
            for (int i = 0; i < 40; i++) {
                launch(family, "add_floats", 500, x, sum, 500L);
            }
            device.copy(sum.buffer(), 0, scratch.buffer(), 0, 2000);
            launch(family, "add_floats", 500, scratch, sum, 500L);
            device.release(scratch.buffer());
            expected = 2 * 40 * round;
            assertThat(values(sum, 500)).containsOnly(expected);
        }
        assertThat(device.replayedGraphs()).isEqualTo(5);
        assertThat(FakeDriver.count("fake_graphs")).isEqualTo(1);
    }

    @Test
    void memoryGivenBackWhileItsWorkWaitsStaysItsOwnUntilThen() {
        KernelDevice.Family family = elementwise();
        Pointer.Floats result = floats(100);
        launch(family, "fill_floats", 100, result, 0f, 100L);
        for (int i = 1; i <= 50; i++) {
            Pointer.Floats scratch = floats(100);
            launch(family, "fill_floats", 100, scratch, (float) i, 100L);
            launch(family, "add_floats", 100, scratch, result, 100L);
            device.release(scratch.buffer());
        }
        assertThat(values(result, 100)).containsOnly(1275);
        assertThat(device.liveBytes()).isEqualTo(400);
    }

    @Test
    void countsWhatIsLiveAndKeepsTheRest() {
        long before = FakeDriver.count("fake_reserved_bytes");
        long reserved = 0;
        for (int i = 0; i < 200; i++) {
            DeviceBuffer a = device.allocate(1_000_000);
            DeviceBuffer b = device.allocate(3_000);
            assertThat(device.liveBytes()).isEqualTo(1_003_000);
            device.release(a);
            device.release(a);
            device.release(b);
            assertThat(device.liveBytes()).isZero();
            if (i == 0) {
                reserved = FakeDriver.count("fake_reserved_bytes");
            }
        }
        assertThat(FakeDriver.count("fake_reserved_bytes")).isEqualTo(reserved).isGreaterThan(before);
    }

    @Test
    void saysThatMemoryIsOutAndGoesOn() {
        DeviceBuffer first = device.allocate(90 << 20);
        assertThatThrownBy(() -> device.allocate(200L << 20)).isInstanceOf(OutOfDeviceMemoryException.class)
                .hasMessageContaining("no 200 MiB").hasMessageContaining("90 MiB are in use")
                .hasMessageContaining("bf16");
        device.release(first);
        // Needs the memory that was kept for the first.
        DeviceBuffer second = device.allocate(180 << 20);
        assertThat(device.liveBytes()).isEqualTo(180 << 20);
        device.release(second);
    }

    @Test
    void refusesWhatIsNotItsOwnOrNotInside() {
        DeviceBuffer gone = device.allocate(8);
        device.release(gone);
        assertThatThrownBy(() -> device.upload(MemorySegment.ofArray(new float[2]), gone, 0))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("after it was given back");
        DeviceBuffer small = device.allocate(8);
        assertThatThrownBy(() -> device.upload(MemorySegment.ofArray(new float[2]), small, 4))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not inside a buffer of 8 bytes");
        try (CudaDevice other = device(Precision.F32, 0)) {
            DeviceBuffer others = other.allocate(8);
            assertThatThrownBy(() -> device.upload(MemorySegment.ofArray(new float[2]), others, 0))
                    .hasMessageContaining("belongs to another device");
        }
    }

    @Test
    void aDeviceThatHasFailedSaysWhyAndStaysFailed() {
        KernelDevice.Family family = elementwise();
        Pointer.Floats x = floats(10);
        FakeDriver.fail("cuStreamSynchronize", 700);
        launch(family, "fill_floats", 10, x, 1f, 10L);
        assertThatThrownBy(device::sync).isInstanceOf(DeviceException.class).hasMessageContaining("ILLEGAL_ADDRESS")
                .hasMessageContaining("restart");
        assertThatThrownBy(() -> device.allocate(8)).isInstanceOf(DeviceException.class)
                .hasMessageContaining("has failed before").hasMessageContaining("ILLEGAL_ADDRESS");
        device.release(x.buffer());
    }

    @Test
    void aPassingFaultLeavesNothingBehind() {
        KernelDevice.Family family = elementwise();
        Pointer.Floats x = floats(10);
        launch(family, "fill_floats", 10, x, 1f, 10L);
        device.sync();
        FakeDriver.fail("cuLaunchKernel", 701);
        launch(family, "fill_floats", 10, x, 2f, 10L);
        launch(family, "fill_floats", 10, x, 3f, 10L);
        assertThatThrownBy(device::sync).hasMessageContaining("start kernel fill_floats")
                .hasMessageContaining("more registers");
        assertThat(values(x, 10)).containsOnly(1);
    }

    @Test
    void goesOnWithoutGraphsWhereTheStreamCannotBeRecorded() {
        KernelDevice.Family family = elementwise();
        Pointer.Floats x = floats(10);
        FakeDriver.fail("cuStreamBeginCapture_v2", 900);
        for (int round = 0; round < 4; round++) {
            launch(family, "fill_floats", 10, x, 0f, 10L);
            for (int i = 0; i < 5; i++) {
                launch(family, "add_floats", 10, x, x, 10L);
            }
            device.sync();
        }
        assertThat(device.replayedGraphs()).isZero();
        assertThat(device.description()).contains("without graphs");
    }

    @Test
    void compilesOnceAndNamesWhatTheCompilerSays() {
        long before = FakeDriver.count("fake_compilations");
        device.compile(KernelText.of("path"), Map.of("A", "1"));
        device.compile(KernelText.of("path"), Map.of("A", "1"));
        device.close();
        device = device(Precision.F32, 8);
        device.compile(KernelText.of("path"), Map.of("A", "1"));
        assertThat(FakeDriver.count("fake_compilations")).isEqualTo(before + 1);
        device.compile(KernelText.of("path"), Map.of("A", "2"));
        assertThat(FakeDriver.count("fake_compilations")).isEqualTo(before + 2);
        assertThatThrownBy(() -> device.compile(new KernelText("rows", "#error no"), Map.of()))
                .isInstanceOf(DeviceException.class).hasMessageContaining("rows.cl.cu")
                .hasMessageContaining("--gpu-architecture=sm_90").hasMessageContaining("error: as asked");
    }

    @Test
    void describesItself() {
        assertThat(device.description()).contains("Fake GPU 0", "compute capability 9.0", "NVRTC 13.99",
                "cuBLASLt 13.2.3", "f32").doesNotContain("without graphs");
        assertThat(device.memoryBudget()).isEqualTo(128 << 20);
    }

    @Test
    void servesManyThreads() throws InterruptedException {
        KernelDevice.Family family = elementwise();
        Thread[] threads = new Thread[4];
        Throwable[] failures = new Throwable[threads.length];
        for (int t = 0; t < threads.length; t++) {
            int number = t;
            threads[t] = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 50; i++) {
                        Pointer.Floats x = floats(300);
                        launch(family, "fill_floats", 300, x, (float) number, 300L);
                        assertThat(values(x, 300)).containsOnly(number);
                        device.release(x.buffer());
                    }
                } catch (Throwable e) {
                    failures[number] = e;
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).containsOnlyNulls();
        assertThat(device.liveBytes()).isZero();
    }
}
