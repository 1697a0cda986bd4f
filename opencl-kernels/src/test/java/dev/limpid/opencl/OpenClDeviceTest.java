package dev.limpid.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpid.kernels.DeviceBuffer;
import dev.limpid.kernels.Grid;
import dev.limpid.kernels.KernelBinder;
import dev.limpid.kernels.KernelText;
import dev.limpid.kernels.Out;
import dev.limpid.kernels.Pointer.Floats;
import dev.limpid.kernels.Pointer.Stored;
import dev.limpid.tensor.DeviceException;
import dev.limpid.tensor.OutOfDeviceMemoryException;
import dev.limpid.tensor.Precision;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the device does below the operations: memory, copies, compiling and launching. */
class OpenClDeviceTest {
    private static final KernelText TEXT = new KernelText("test", """
            KERNEL GROUP_SIZE(32, 1) scale_fwd(GLOBAL const float *restrict x, GLOBAL const float *restrict bias,
                    GLOBAL float *restrict y, float factor, int n, I64 shift) {
                const int i = GX * 32 + TX;
                if (i < n) y[i] = factor * x[i] + (bias ? bias[i] : 0.0f) + (float) shift;
            }
            KERNEL GROUP_SIZE(16, 2) round_fwd(GLOBAL const float *restrict x, GLOBAL STORED *restrict y) {
                STORE(y, TY * 16 + TX, x[TY * 16 + TX]);
            }
            """);

    interface Kernels {
        void scaleFwd(Grid grid, Floats x, Floats bias, @Out Floats y, float factor, int n, long shift);

        void roundFwd(Grid grid, Floats x, @Out Stored y);
    }

    private final OpenClDevice device = TestDevice.open(Precision.BF16);

    @AfterEach
    void close() {
        device.close();
    }

    private DeviceBuffer upload(float... values) {
        DeviceBuffer buffer = device.allocate((long) values.length * Float.BYTES);
        device.upload(MemorySegment.ofArray(values), buffer, 0);
        return buffer;
    }

    private float[] download(DeviceBuffer buffer, int count) {
        float[] values = new float[count];
        device.download(buffer, 0, MemorySegment.ofArray(values));
        return values;
    }

    private static float[] counting(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i;
        }
        return values;
    }

    private Kernels kernels() {
        return KernelBinder.bind(Kernels.class, TEXT, device, Map.of());
    }

    @Test
    void buffersHaveOffsetsAndMayBeMissing() {
        float[] x = counting(40);
        DeviceBuffer y = upload(new float[45]);
        Kernels kernels = kernels();
        kernels.scaleFwd(Grid.of(2), new Floats(upload(x), 3), null, new Floats(y, 5), 2, 36, 1L << 20);
        assertThat(Arrays.copyOf(download(y, 45), 10)).containsExactly(0, 0, 0, 0, 0, 1048582, 1048584, 1048586,
                1048588, 1048590);
        kernels.scaleFwd(Grid.of(2), new Floats(upload(x), 3), new Floats(upload(x), 1), new Floats(y, 5), 2, 36, 0);
        assertThat(Arrays.copyOf(download(y, 45), 8)).containsExactly(0, 0, 0, 0, 0, 7, 10, 13);
    }

    @Test
    void storedNumbersAreTheNearestOf16BitsTiesToEven() {
        float[] x = new float[32];
        Arrays.fill(x, 1);
        x[3] = 1 + 0x1p-8f; // between 1 and 1 + 2⁻⁷: to the even one
        x[4] = 1 + 3 * 0x1p-8f;
        x[5] = Float.NaN;
        x[6] = Float.MAX_VALUE;
        x[7] = -1e-40f;
        DeviceBuffer y = device.allocate(64);
        kernels().roundFwd(Grid.of(1), new Floats(upload(x), 0), new Stored(y, 0, 2));
        short[] bits = new short[32];
        device.download(y, 0, MemorySegment.ofArray(bits));
        assertThat(IntStream.range(2, 8).mapToObj(i -> Float.intBitsToFloat(bits[i] << 16))).containsExactly(1f, 1f,
                1 + 0x1p-6f, Float.NaN, Float.POSITIVE_INFINITY, Float.intBitsToFloat(0x80010000));
    }

    @Test
    void copiesOfEverySizeArrive() {
        int count = (17 << 20) / Float.BYTES; // more than goes through the host's stage at once
        float[] values = counting(count);
        DeviceBuffer buffer = upload(values);
        assertThat(Arrays.equals(download(buffer, count), values)).isTrue();
        DeviceBuffer other = upload(new float[8]);
        device.copy(buffer, 4L * (count - 3), other, 8, 12);
        assertThat(download(other, 8)).containsExactly(0, 0, count - 3, count - 2, count - 1, 0, 0, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment outside = arena.allocate(12);
            device.download(other, 8, outside);
            device.upload(outside, other, 0);
        }
        assertThat(Arrays.copyOf(download(other, 8), 4)).containsExactly(count - 3, count - 2, count - 1, count - 2);
    }

    @Test
    void whatIsGivenBackIsHandedOutAgainAndCountedOnce() {
        DeviceBuffer first = device.allocate(1000);
        assertThat(first.bytes()).isEqualTo(1000);
        assertThat(device.liveBytes()).isEqualTo(1000);
        device.release(first);
        device.release(first);
        assertThat(device.liveBytes()).isZero();
        DeviceBuffer second = device.allocate(900);
        device.release(first);
        assertThat(device.liveBytes()).isEqualTo(900);
        device.release(second);
        device.close();
        device.close();
        device.release(second);
        assertThat(device.liveBytes()).isZero();
    }

    @Test
    void tooLittleMemorySaysSo() {
        assertThatThrownBy(() -> device.allocate(1L << 50)).isInstanceOf(OutOfDeviceMemoryException.class)
                .hasMessageContaining("not 1125899906842624; take fewer points at once");
        assertThat(device.liveBytes()).isZero();
        assertThat(device.memoryBudget()).isBetween(1L << 20, 1L << 50);
    }

    @Test
    void aTextThatDoesNotCompileIsShownWithTheCompilersWords() {
        KernelText text = new KernelText("broken",
                "KERNEL GROUP_SIZE(32, 1) f(GLOBAL float *x) {\n    x[0] = yy;\n}\n");
        assertThatThrownBy(() -> device.compile(text, Map.of())).isInstanceOf(DeviceException.class)
                .hasMessageContaining("cannot compile the kernels broken with -cl-std=CL1.2 -DPRECISION_BF16=1;")
                .hasMessageContaining("'yy'");
    }

    @Test
    void offsetsAreWrittenIntoTheTextAndLinesStay() {
        String rewritten = OpenClText.rewritten(TEXT.source(), TEXT.declarations(Map.of()));
        assertThat(rewritten.lines()).hasSameSizeAs(TEXT.source().lines().toList());
        assertThat(rewritten).contains(
                "round_fwd(GLOBAL const float *restrict x, I64 x_at, GLOBAL STORED *restrict y, I64 y_at) { x += x_at; y += y_at;");
        assertThat(rewritten).contains("float factor, int n, I64 shift) { x += x_at; bias += bias_at; y += y_at;");
    }

    @Test
    void severalThreadsStartTheSameKernel() {
        Kernels kernels = kernels();
        List<Boolean> right = IntStream.range(0, 8).parallel().mapToObj(thread -> {
            DeviceBuffer x = upload(thread, thread, thread, thread);
            DeviceBuffer y = device.allocate(16);
            for (int i = 0; i < 50; i++) {
                kernels.scaleFwd(Grid.of(1), new Floats(x, 0), null, new Floats(y, 0), i, 4, thread);
                if (download(y, 1)[0] != (float) i * thread + thread) {
                    return false;
                }
            }
            return true;
        }).toList();
        assertThat(right).containsOnly(true);
    }
}
