package dev.limpid.tensor.cpu;

import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GemmTest {

    private static final int[] SIZES = {1, 3, 7, 8, 13, 31, 33, 127, 197};

    static Stream<Gemm> kernels() {
        return Stream.of(new PlainGemm(), new VectorGemm());
    }

    static Stream<Arguments> seeds() {
        return kernels()
                .flatMap(gemm -> IntStream.range(0, 20).mapToObj(seed -> Arguments.of(gemm.name(), seed, gemm)));
    }

    private static List<GemmCase> cases(int seed, int count) {
        Random random = new Random(seed);
        List<GemmCase> cases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            cases.add(new GemmCase(random.nextBoolean(), random.nextBoolean(), size(random), size(random), size(random),
                    random.nextBoolean(), random.nextLong()));
        }
        return cases;
    }

    private static int size(Random random) {
        return SIZES[random.nextInt(SIZES.length)];
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("seeds")
    void agreesWithDoublePrecision(String name, int seed, Gemm gemm) {
        for (GemmCase product : cases(seed, 20)) {
            assertThat(product.worstError(product.run(gemm, Parallel.SERIAL))).as("%s %s", name, product)
                    .isLessThanOrEqualTo(1);
        }
    }

    static Stream<Arguments> large() {
        return kernels().flatMap(gemm -> Stream.of(new GemmCase(false, false, 13, 1100, 768, false, 1),
                new GemmCase(false, true, 197, 33, 1153, true, 2), new GemmCase(true, false, 768, 31, 197, true, 3),
                new GemmCase(true, true, 33, 768, 768, false, 4), new GemmCase(false, false, 1, 768, 768, true, 5))
                .map(product -> Arguments.of(gemm.name(), product, gemm)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("large")
    void agreesWithDoublePrecisionBeyondOneBlock(String name, GemmCase product, Gemm gemm) {
        assertThat(product.worstError(product.run(gemm, Parallel.SERIAL))).as(name).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("seeds")
    void isTheSameToTheBitForAnyNumberOfThreadsAndForARowAlone(String name, int seed, Gemm gemm) {
        List<GemmCase> cases = cases(seed, 4);
        cases.add(new GemmCase(false, seed % 2 == 0, 61 + seed, 131, 200, false, seed));
        try (Parallel two = new Parallel(2); Parallel five = new Parallel(5)) {
            for (GemmCase product : cases) {
                float[] serial = product.run(gemm, Parallel.SERIAL);
                assertThat(product.run(gemm, two)).as("%s %s, 2 threads", name, product).isEqualTo(serial);
                assertThat(product.run(gemm, five)).as("%s %s, 5 threads", name, product).isEqualTo(serial);
                int i = product.m / 2;
                int from = product.cOffset + i * product.ldc;
                assertThat(Arrays.copyOfRange(product.runRow(gemm, i), from, from + product.n))
                        .as("%s %s, row %d alone", name, product, i)
                        .isEqualTo(Arrays.copyOfRange(serial, from, from + product.n));
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("numbers")
    void kernelsAgreeToTheBit(int seed) {
        for (GemmCase product : cases(seed, 10)) {
            assertThat(product.run(new VectorGemm(), Parallel.SERIAL)).as("%s", product)
                    .isEqualTo(product.run(new PlainGemm(), Parallel.SERIAL));
        }
    }

    static IntStream numbers() {
        return IntStream.range(0, 10);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("numbers")
    void aPackedMatrixGivesTheSameBits(int seed) {
        Gemm gemm = new VectorGemm();
        List<GemmCase> cases = cases(seed, 10).stream().filter(product -> !product.transA).collect(toList());
        cases.add(new GemmCase(false, seed % 2 == 0, 300 + seed, 1100 + seed, 260, seed % 3 == 0, seed));
        cases.add(new GemmCase(false, seed % 2 == 1, 9 + seed, 33, 4100, seed % 3 == 0, seed));
        try (Parallel two = new Parallel(2); Parallel five = new Parallel(5)) {
            for (GemmCase product : cases) {
                float[] expected = product.run(gemm, Parallel.SERIAL);
                for (Parallel threads : List.of(Parallel.SERIAL, two, five)) {
                    assertThat(product.runPacked(gemm, Gemm.Blocks.NONE, threads))
                            .as("%s, %d threads", product, threads.threads()).isEqualTo(expected);
                }
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("numbers")
    void showsEachElementOnceBeforeAndOnceAfterItIsComputed(int seed) {
        GemmCase product = new GemmCase(false, true, 250 + 40 * seed, 530 + 17 * seed, 31, false, seed);
        int[][] before = new int[product.m][product.n];
        int[][] after = new int[product.m][product.n];
        try (Parallel three = new Parallel(3)) {
            product.runPacked(new VectorGemm(), new Gemm.Blocks() {
                @Override
                public void before(int row, int rows, int column, int columns) {
                    count(before, after, row, rows, column, columns, 0);
                }

                @Override
                public void after(int row, int rows, int column, int columns) {
                    count(after, before, row, rows, column, columns, 1);
                }
            }, three);
        }
        assertThat(List.of(before)).as("before").allSatisfy(row -> assertThat(row).containsOnly(1));
        assertThat(List.of(after)).as("after").allSatisfy(row -> assertThat(row).containsOnly(1));
    }

    private static void count(int[][] counts, int[][] others, int row, int rows, int column, int columns, int other) {
        for (int i = row; i < row + rows; i++) {
            for (int j = column; j < column + columns; j++) {
                counts[i][j] += others[i][j] == other ? 1 : 100;
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kernels")
    void servesManyCallersAtOnce(Gemm gemm) throws Exception {
        List<GemmCase> cases = cases(7, 6);
        cases.add(new GemmCase(false, true, 129, 150, 70, false, 8));
        cases.add(new GemmCase(false, false, 150, 129, 390, true, 9));
        List<float[]> expected = cases.stream().map(product -> product.run(gemm, Parallel.SERIAL)).toList();
        try (Parallel shared = new Parallel(3); var callers = Executors.newFixedThreadPool(4)) {
            Callable<Boolean> caller = () -> {
                for (int round = 0; round < 5; round++) {
                    for (int i = 0; i < cases.size(); i++) {
                        if (!Arrays.equals(cases.get(i).run(gemm, shared), expected.get(i))) {
                            return false;
                        }
                    }
                }
                return true;
            };
            for (Future<Boolean> result : callers.invokeAll(List.of(caller, caller, caller, caller))) {
                assertThat(result.get()).isTrue();
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kernels")
    void anEmptyProductIsZeroOrLeavesTheSum(Gemm gemm) {
        float[] c = {9f, 1f, 2f, 9f};
        gemm.gemm(false, false, 1, 2, 0, new float[0], 0, 1, new float[0], 0, 2, true, c, 1, 2, Parallel.SERIAL);
        assertThat(c).containsExactly(9f, 1f, 2f, 9f);
        gemm.gemm(false, false, 1, 2, 0, new float[0], 0, 1, new float[0], 0, 2, false, c, 1, 2, Parallel.SERIAL);
        assertThat(c).containsExactly(9f, 0f, 0f, 9f);
        gemm.gemm(false, false, 0, 2, 3, new float[0], 0, 3, new float[6], 0, 2, false, c, 1, 2, Parallel.SERIAL);
        assertThat(c).containsExactly(9f, 0f, 0f, 9f);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kernels")
    void notANumberStaysInItsRow(Gemm gemm) {
        float[] a = {1f, 2f, Float.NaN, 1f, 3f, 4f};
        float[] b = {1f, 1f, 1f, 2f};
        float[] c = new float[6];
        gemm.gemm(false, false, 3, 2, 2, a, 0, 2, b, 0, 2, false, c, 0, 2, Parallel.SERIAL);
        assertThat(c).containsExactly(3f, 5f, Float.NaN, Float.NaN, 7f, 11f);
    }

    @Test
    void blocksOfTheDepthAreBalanced() {
        assertThat(Gemm.blockDepth(1)).isEqualTo(1);
        assertThat(Gemm.blockDepth(256)).isEqualTo(256);
        assertThat(Gemm.blockDepth(257)).isEqualTo(129);
        assertThat(Gemm.blockDepth(768)).isEqualTo(256);
    }
}
