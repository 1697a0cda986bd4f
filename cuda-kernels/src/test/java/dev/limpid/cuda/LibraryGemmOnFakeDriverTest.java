package dev.limpid.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.kernels.GemmCall;
import dev.limpid.kernels.Pointer;
import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Precision;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of cuBLASLt, against products written down from its documentation in {@code src/test/c/fake_cublaslt.c}; not run on the library itself. */
class LibraryGemmOnFakeDriverTest {
    @TempDir
    private static Path cubins;
    private CudaDevice device;

    @BeforeAll
    static void open() {
        FakeDriver.open();
    }

    @AfterEach
    void close() {
        FakeDriver.set("fake_wide_bias_allowed", 0);
        FakeDriver.set("fake_products_allowed", 1);
        device.close();
        assertThat(FakeDriver.count("fake_descriptions")).isZero();
    }

    private void start(Precision precision) {
        device = new CudaDevice(0, new CudaProbe.Gpu("Fake", 90), new CudaOptions(precision, true, 8, cubins));
    }

    /** Small whole numbers over 8, which bfloat16 holds and whose sums it rounds little. */
    private static float[] random(int n, long seed) {
        Random random = new Random(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (random.nextInt(9) - 4) / 8f;
        }
        return values;
    }

    private boolean isNarrow() {
        return device.precision() == Precision.BF16;
    }

    private Pointer.Stored stored(float[] values) {
        int bytes = isNarrow() ? 2 : 4;
        // Not at the beginning, so that an offset that is forgotten shows.
        Pointer.Stored pointer = new Pointer.Stored(device.allocate((long) bytes * (values.length + 8)), 8, bytes);
        if (isNarrow()) {
            short[] narrow = new short[values.length];
            for (int i = 0; i < narrow.length; i++) {
                narrow[i] = (short) (Float.floatToRawIntBits(values[i]) >>> 16);
            }
            device.upload(MemorySegment.ofArray(narrow), pointer.buffer(), 16);
        } else {
            device.upload(MemorySegment.ofArray(values), pointer.buffer(), 32);
        }
        return pointer;
    }

    private Pointer.Floats floats(float[] values) {
        Pointer.Floats pointer = new Pointer.Floats(device.allocate(4L * values.length), 0);
        device.upload(MemorySegment.ofArray(values), pointer.buffer(), 0);
        return pointer;
    }

    private float[] values(Pointer pointer, int n) {
        if (pointer.elementBytes() == 4) {
            float[] values = new float[n];
            device.download(pointer.buffer(), 4 * pointer.offset(), MemorySegment.ofArray(values));
            return values;
        }
        short[] narrow = new short[n];
        device.download(pointer.buffer(), 2 * pointer.offset(), MemorySegment.ofArray(narrow));
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = Float.intBitsToFloat(narrow[i] << 16);
        }
        return values;
    }

    private static double[] product(boolean transposeB, int m, int n, int k, float[] a, float[] b) {
        double[] c = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                for (int l = 0; l < k; l++) {
                    c[i * n + j] += (double) a[i * k + l] * b[transposeB ? j * k + l : l * n + j];
                }
            }
        }
        return c;
    }

    private static double activated(Activation activation, double x) {
        return switch (activation) {
            case GELU_TANH -> x / 2 * (1 + Math.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)));
            case RELU -> Math.max(x, 0);
            default -> Math.tanh(x);
        };
    }

    private void assertClose(float[] actual, double[] expected) {
        double tolerance = isNarrow() ? 2e-2 : 2e-5;
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).as("element %d", i)
                    .isCloseTo(expected[i], within(tolerance * Math.max(1, Math.abs(expected[i]))));
        }
    }

    @ParameterizedTest
    @CsvSource({"F32,true,5,7,3", "F32,false,5,7,3", "TF32,true,8,16,13", "TF32,false,1,1,1", "BF16,true,5,7,3",
            "BF16,false,9,31,13"})
    void multipliesByRows(Precision precision, boolean transposeB, int m, int n, int k) {
        start(precision);
        float[] a = random(m * k, 1);
        float[] b = random(k * n, 2);
        float[] bias = random(n, 3);
        float[] before = random(m * n, 4);
        double[] product = product(transposeB, m, n, k, a, b);
        for (boolean wide : new boolean[]{false, true}) {
            for (boolean biased : new boolean[]{false, true}) {
                for (boolean accumulate : new boolean[]{false, true}) {
                    Pointer c = wide ? floats(before) : stored(before);
                    GemmCall call = new GemmCall(transposeB, m, n, k, stored(a), stored(b), c,
                            biased ? floats(bias) : null, accumulate, null, null, false);
                    assertThat(device.gemm(call)).isTrue();
                    double[] expected = product.clone();
                    for (int i = 0; i < expected.length; i++) {
                        expected[i] += (biased ? bias[i % n] : 0) + (accumulate ? before[i] : 0);
                    }
                    assertClose(values(c, m * n), expected);
                }
            }
        }
        assertThat(FakeDriver.count("fake_last_compute")).isEqualTo(precision == Precision.TF32 ? 77 : 68);
    }

    @ParameterizedTest
    @CsvSource({"F32,GELU_TANH,8", "F32,GELU_TANH,7", "F32,RELU,8", "F32,TANH,5", "BF16,GELU_TANH,16", "BF16,TANH,8",
            "TF32,RELU,6"})
    void keepsWhatIsBeforeTheActivation(Precision precision, Activation activation, int n) {
        start(precision);
        int m = 3;
        int k = 5;
        float[] a = random(m * k, 1);
        float[] b = random(k * n, 2);
        float[] bias = random(n, 3);
        double[] dense = product(true, m, n, k, a, b);
        double[] expected = new double[m * n];
        for (int i = 0; i < dense.length; i++) {
            dense[i] += bias[i % n];
            expected[i] = activated(activation, dense[i]);
        }
        Pointer.Stored c = stored(new float[m * n]);
        Pointer.Stored aux = stored(new float[m * n]);
        assertThat(
                device.gemm(new GemmCall(true, m, n, k, stored(a), stored(b), c, floats(bias), false, activation, aux,
                        false)))
                .isTrue();
        assertClose(values(aux, m * n), dense);
        assertClose(values(c, m * n), expected);
    }

    @ParameterizedTest
    @CsvSource({"F32,GELU_TANH,8", "F32,GELU_TANH,7", "F32,RELU,8", "F32,TANH,5", "BF16,GELU_TANH,16", "TF32,TANH,8"})
    void multipliesByTheSlopeBackward(Precision precision, Activation activation, int n) {
        start(precision);
        int m = 3;
        int k = 5;
        float[] a = random(m * k, 1);
        float[] b = random(k * n, 2);
        float[] dense = random(m * n, 3);
        double[] expected = product(false, m, n, k, a, b);
        for (int i = 0; i < expected.length; i++) {
            double h = 1e-6;
            expected[i] *= activation == Activation.RELU
                    ? dense[i] > 0 ? 1 : 0
                    : (activated(activation, dense[i] + h) - activated(activation, dense[i] - h)) / (2 * h);
        }
        Pointer.Stored c = stored(new float[m * n]);
        assertThat(device.gemm(new GemmCall(false, m, n, k, stored(a), stored(b), c, null, false, activation,
                stored(dense), true))).isTrue();
        float[] actual = values(c, m * n);
        for (int i = 0; i < expected.length; i++) {
            // The library that is no library takes its slopes from differences.
            assertThat((double) actual[i]).isCloseTo(expected[i], within(isNarrow() ? 2e-2 : 2e-3));
        }
    }

    @Test
    void takesABiasAsItIsWhereTheLibraryDoes() {
        FakeDriver.set("fake_wide_bias_allowed", 1);
        start(Precision.BF16);
        long before = FakeDriver.count("fake_launches");
        Pointer.Stored c = stored(new float[4]);
        assertThat(device.gemm(new GemmCall(true, 2, 2, 1, stored(new float[]{1, 2}), stored(new float[]{3, 4}), c,
                floats(new float[]{10, 20}), false, null, null, false))).isTrue();
        assertThat(values(c, 4)).containsExactly(13, 24, 16, 28);
        assertThat(FakeDriver.count("fake_launches")).isEqualTo(before);
    }

    @Test
    void asksOnceForEachShapeAndTellsHowAddressesLie() {
        start(Precision.F32);
        Pointer.Stored a = stored(random(15, 1));
        Pointer.Stored b = stored(random(12, 2));
        Pointer.Floats c = floats(new float[20]);
        long before = FakeDriver.count("fake_heuristics");
        for (int i = 0; i < 3; i++) {
            assertThat(device.gemm(new GemmCall(true, 5, 4, 3, a, b, c, null, false, null, null, false))).isTrue();
        }
        assertThat(FakeDriver.count("fake_heuristics")).isEqualTo(before + 1);
        assertThat(
                device.gemm(new GemmCall(true, 4, 4, 3, new Pointer.Stored(a.buffer(), 11, 4), b, c, null, false, null,
                        null, false)))
                .isTrue();
        // 44 bytes from a multiple of 256, and 32 bytes.
        assertThat((int) FakeDriver.count("fake_alignment_b")).isEqualTo(4);
        assertThat((int) FakeDriver.count("fake_alignment_a")).isEqualTo(32);
        assertThat(FakeDriver.count("fake_last_workspace")).isEqualTo(CublasLt.WORKSPACE_BYTES);
        assertThat(device.liveBytes()).isEqualTo(4 * (15 + 8) + 4 * (12 + 8) + 4 * 20);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void doesNothingWhereTheLibraryCannotOrIsNotWanted(boolean activation) {
        FakeDriver.set("fake_products_allowed", 0);
        start(Precision.F32);
        Pointer.Stored c = stored(new float[]{7, 7, 7, 7});
        GemmCall call = new GemmCall(true, 2, 2, 1, stored(new float[]{1, 2}), stored(new float[]{3, 4}), c, null,
                false,
                activation ? Activation.GELU : null, activation ? stored(new float[4]) : null, false);
        assertThat(device.gemm(call)).isFalse();
        assertThat(values(c, 4)).containsOnly(7);
    }

    @Test
    void isReplayedWithKernelsAroundIt() {
        start(Precision.BF16);
        Pointer.Stored a = stored(new float[]{1, 2});
        Pointer.Stored b = stored(new float[]{3, 4});
        Pointer.Stored c = stored(new float[4]);
        Pointer.Stored aux = stored(new float[4]);
        Pointer.Floats bias = floats(new float[]{10, -20});
        for (int round = 0; round < 3; round++) {
            device.upload(MemorySegment.ofArray(new short[4]), c.buffer(), 16);
            for (Activation activation : List.of(Activation.RELU, Activation.RELU)) {
                assertThat(device.gemm(new GemmCall(true, 2, 2, 1, a, b, c, bias, false, activation, aux, false)))
                        .isTrue();
            }
            assertThat(values(c, 4)).containsExactly(13, 0, 16, 0);
        }
        assertThat(device.replayedGraphs()).isEqualTo(2);
    }
}
