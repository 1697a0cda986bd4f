package dev.limpid.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every operation of a device against the reference, over sizes that hit the tails of vectors and tiles. Each backend extends this class.
 *
 * <p>Both compute with the same numbers: what the device stores in 16 bits is rounded to them beforehand.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class OpsContractTest {
    /** What 32-bit sums may lose, relative to the size of their terms: a few roundings for each doubling of the length. */
    private static final double TOLERANCE = 2e-6;
    /** What TF32 factors may lose: 10 bits behind the point, in either factor. */
    private static final double TF32_TOLERANCE = 0x1p-10;
    /** What one number stored as bfloat16 may lose: half of a unit in the 7th bit behind the point. */
    private static final double BF16_ROUNDING = 0x1p-8;
    /** Sizes above this are left out where every access is checked: {@code -Dlimpid.test.small=true}. */
    private static final int SMALL = 33;

    private Ops reference;
    private Ops device;

    /** The device under test. */
    protected abstract Ops open();

    @BeforeAll
    void openDevices() {
        device = open();
        reference = Device.open("reference", DeviceOptions.DEFAULT);
    }

    @AfterAll
    void closeDevices() {
        if (device != null) {
            reference.close();
            device.close();
        }
    }

    private static boolean fits(int... sizes) {
        return !Boolean.getBoolean("limpid.test.small") || Arrays.stream(sizes).allMatch(size -> size <= SMALL);
    }

    private void compare(long seed, double scale, BiConsumer<Ops, Run> computation) {
        compare(seed, scale, 0, computation);
    }

    /**
     * The same computation on both devices; every output is compared.
     *
     * @param scale size of the terms of a sum, relative to 1
     * @param carried how many roundings to 16 bits of what lies between inputs and outputs may be felt, on a device that stores so
     */
    private void compare(long seed, double scale, int carried, BiConsumer<Ops, Run> computation) {
        Run expected = new Run(reference, seed);
        Run actual = new Run(device, seed);
        computation.accept(reference, expected);
        computation.accept(device, actual);
        assertThat(actual.outputs).hasSameSizeAs(expected.outputs);
        for (int i = 0; i < expected.outputs.size(); i++) {
            double[] want = reference.download(expected.outputs.get(i));
            double[] got = device.download(actual.outputs.get(i));
            double relative = tolerance(scale, carried, actual.outputs.get(i).dtype());
            for (int j = 0; j < want.length; j++) {
                double allowed = relative * (1 + Math.abs(want[j]));
                if (!(Math.abs(got[j] - want[j]) <= allowed)) {
                    fail("output %s, element %s: %s, expected %s ± %s, seed %s", i, j, got[j], want[j], allowed, seed);
                }
            }
        }
        expected.release();
        actual.release();
    }

    private double tolerance(double scale, int carried, DType output) {
        double summed = scale * (device.precision() == Precision.TF32 ? TF32_TOLERANCE : TOLERANCE);
        int own = output == DType.BF16 ? 1 : 0;
        return summed + (device.storedType() == DType.BF16 ? own + carried : 0) * BF16_ROUNDING;
    }

    /** Inputs and outputs of one computation; inputs are drawn from the seed, in order. */
    private final class Run {
        final RandomTensors random;
        final List<Tensor> outputs = new ArrayList<>();
        private final List<Tensor> all = new ArrayList<>();
        private final Ops ops;

        Run(Ops ops, long seed) {
            this.ops = ops;
            this.random = new RandomTensors(seed);
        }

        /** What the device stores as activations. */
        Tensor input(int... dims) {
            return of(random.values(Shape.of(dims).size()), dims);
        }

        /** What the device keeps in 32 bits. */
        Tensor exact(int... dims) {
            return exactOf(random.values(Shape.of(dims).size()), dims);
        }

        Tensor of(double[] values, int... dims) {
            double[] stored = values;
            if (device.storedType() == DType.BF16) {
                stored = Arrays.stream(values).map(RandomTensors::bfloat16).toArray();
            }
            return filled(ops.storedType(), stored, dims);
        }

        Tensor exactOf(double[] values, int... dims) {
            return filled(ops.computeType(), values, dims);
        }

        private Tensor filled(DType type, double[] values, int... dims) {
            // An offset of 3 shows a kernel that forgets it.
            Shape shape = Shape.of(dims);
            Tensor x = new Tensor(shape, ops.allocate(type, shape.size() + 5), 3);
            all.add(x);
            ops.upload(values, x);
            return x;
        }

        Tensor output(int... dims) {
            return result(input(dims));
        }

        Tensor exactOutput(int... dims) {
            return result(exact(dims));
        }

        private Tensor result(Tensor y) {
            outputs.add(y);
            return y;
        }

        void release() {
            all.forEach(x -> ops.release(x.storage()));
        }
    }

    static Stream<Arguments> matrices() {
        int[] sizes = {1, 3, 7, 8, 13, 31, 33, 127, 197, 768};
        List<Arguments> all = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            all.add(Arguments.of(sizes[i], sizes[(i + 3) % sizes.length], sizes[(i * 7 + 1) % sizes.length]));
            all.add(Arguments.of(sizes[(i * 3 + 5) % sizes.length], sizes[i], sizes[(i + 1) % sizes.length]));
        }
        return all.stream().filter(sized -> fits((int) sized.get()[0], (int) sized.get()[1], (int) sized.get()[2]));
    }

    @ParameterizedTest
    @MethodSource("matrices")
    void linear(int rows, int inputs, int outputs) {
        compare(rows * 31L + inputs, Math.sqrt(inputs), (ops, run) -> {
            Tensor x = run.input(rows, inputs);
            Tensor weight = run.input(outputs, inputs);
            ops.linear(x, weight, run.exact(outputs), run.output(rows, outputs));
            ops.linear(x, weight, null, run.exactOutput(rows, outputs));
        });
        compare(rows * 37L + inputs, Math.sqrt(outputs), (ops, run) -> {
            Tensor dY = run.input(rows, outputs);
            Tensor weight = run.input(outputs, inputs);
            ops.linearBackwardInput(dY, weight, false, run.output(rows, inputs));
            ops.linearBackwardInput(dY, weight, true, run.output(rows, inputs));
        });
    }

    @ParameterizedTest
    @EnumSource
    void linearActivation(Activation f) {
        compare(11, 2 * Math.sqrt(33), 4, (ops, run) -> {
            Tensor x = run.input(13, 33);
            Tensor dense = run.output(13, 31);
            ops.linearActivation(x, run.input(31, 33), run.exact(31), f, dense, run.output(13, 31));
            ops.linearActivationBackwardInput(run.input(13, 7), run.input(7, 31), f, dense, run.output(13, 31));
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 13, 31, 33, 127, 197, 768})
    void addLayerNorm(int columns) {
        compare(columns, 4, 8, (ops, run) -> ops.addLayerNorm(run.input(13, columns), run.output(13, columns),
                run.exact(columns), run.exact(columns), 1e-3, run.output(13, columns), run.exactOutput(13, 2)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 13, 31, 33, 127, 197, 768})
    void layerNorm(int columns) {
        compare(columns, 4, (ops, run) -> {
            Tensor x = run.input(13, columns);
            Tensor gamma = run.exact(columns);
            Tensor stats = run.exactOutput(13, 2);
            ops.layerNorm(x, gamma, run.exact(columns), 1e-3, run.output(13, columns), stats);
            ops.layerNormBackwardInput(run.input(13, columns), x, gamma, stats, run.output(13, columns));
        });
    }

    @ParameterizedTest
    @ValueSource(doubles = {30, -1000})
    void layerNormOfARowFarFromZero(double shift) {
        // One-pass variance in 32 bits loses all digits here; what is left is the rounding of the input itself.
        compare(5, 2e4 * Math.abs(shift) / 30, (ops, run) -> {
            double[] values = run.random.values(768);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (shift + 0.01 * values[i]);
            }
            ops.layerNorm(run.of(values, 1, 768), run.exact(768), run.exact(768), 1e-12, run.output(1, 768),
                    run.exact(1, 2));
        });
    }

    @ParameterizedTest
    @EnumSource
    void activation(Activation f) {
        for (int size : new int[]{1, 7, 1023, 1024, 1025, 20_000}) {
            compare(size, 2, (ops, run) -> {
                double[] values = run.random.values(size);
                for (int i = 0; i < size; i++) {
                    values[i] = (float) (4 * values[i]);
                }
                Tensor x = run.of(values, size);
                ops.activation(f, x, run.output(size));
                Tensor dY = run.input(size);
                ops.activationBackwardInput(f, dY, x, run.output(size));
                ops.activationBackwardInput(f, dY, x, dY); // in place
                run.outputs.add(dY);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("attentions")
    void attention(int batch, int length, int heads, int size, boolean masked) {
        compare(length * 7L + size, 4 * Math.sqrt(size), 4, (ops, run) -> {
            int hidden = heads * size;
            Tensor qkv = run.input(batch, length, 3 * hidden);
            Tensor mask = masked ? run.exactOf(run.random.mask(batch, length), batch, length) : null;
            Tensor logSumExp = run.exactOutput(batch, heads, length);
            Tensor context = run.output(batch, length, hidden);
            ops.attention(qkv, mask, heads, context, logSumExp);
            ops.attentionBackwardInput(run.input(batch, length, hidden), context, qkv, mask, heads, logSumExp,
                    run.output(batch, length, 3 * hidden));
            ops.attentionProbabilities(qkv, mask, heads, run.exactOutput(batch, heads, length, length));
            ops.attentionBackwardProbabilities(run.input(batch, length, hidden), qkv, heads,
                    run.exactOutput(batch, heads, length, length));
        });
    }

    static Stream<Arguments> attentions() {
        List<Arguments> all = new ArrayList<>();
        int[] lengths = {1, 3, 13, 33, 127};
        int[] sizes = {1, 7, 8, 32, 64};
        for (int i = 0; i < lengths.length; i++) {
            for (boolean masked : new boolean[]{false, true}) {
                all.add(Arguments.of(1 + i % 3, lengths[i], 1 + i % 4, sizes[i], masked));
                all.add(Arguments.of(2, lengths[i], 3, sizes[(i + 2) % sizes.length], masked));
            }
        }
        int[] large = {96, 128, 200, 256};
        for (int i = 0; i < large.length; i++) {
            all.add(Arguments.of(2, new int[]{5, 65, 33, 100}[i], 2, large[i], i % 2 == 0));
        }
        return all.stream().filter(sized -> fits((int) sized.get()[1]));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 31, 768})
    void rowsAndSums(int columns) {
        compare(columns, 1, 2, (ops, run) -> {
            Tensor table = run.input(17, columns);
            int[] rows = run.random.rows(29, 17);
            Tensor y = run.output(29, columns);
            ops.gatherRows(table, rows, false, y);
            ops.gatherRows(table, rows, true, y);
            ops.gatherRowsBackwardInput(run.input(29, columns), rows, run.output(17, columns));
            ops.add(run.input(29, columns), y);
            Tensor copied = run.output(29, columns);
            ops.copy(y, copied);
            Tensor filled = run.output(5, columns);
            ops.fill(filled, 0.25);
        });
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1, 1, 1", "2, 3, 8, 12, 4, 4", "3, 1, 9, 14, 4, 3", "1, 4, 7, 5, 7, 2",
            "2, 3, 33, 31, 16, 8"})
    void patches(int batch, int channels, int height, int width, int patchHeight, int patchWidth) {
        int count = height / patchHeight * (width / patchWidth);
        int columns = channels * patchHeight * patchWidth;
        compare(height, 0, (ops, run) -> {
            ops.patchify(run.input(batch, channels, height, width), patchHeight, patchWidth,
                    run.output(batch, count, columns));
            ops.patchifyBackwardInput(run.input(batch, count, columns), patchHeight, patchWidth,
                    run.output(batch, channels, height, width));
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 31, 768})
    void path(int columns) {
        compare(columns, Math.sqrt(columns), (ops, run) -> {
            int tokens = 11;
            double[] alphas = {0, 0.25, 0.7, 1};
            ops.lerp(run.input(tokens, columns), run.input(tokens, columns), alphas, run.output(4, tokens, columns));
            Tensor dPoints = run.input(4, tokens, columns);
            ops.weightedSum(dPoints, new double[]{0.1, 0.4, 0.3, 0.2}, run.exactOutput(tokens, columns));
            ops.tokenTotals(dPoints, run.exact(tokens, columns), run.exactOutput(4, tokens));
        });
    }
}
