package dev.limpid.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Here because the benchmarks have the libraries on their class path; the module of the backend has not. */
class NativeGemmTest {
    private static final int LEADING = 5; // floats between rows that belong to nobody
    private static final int OFFSET = 3;

    @BeforeAll
    static void needsTheLibraries() {
        assumeTrue(System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64"),
                "OpenBLAS and oneDNN are packaged for linux-x86_64 only");
    }

    static Stream<Arguments> productsOfLibraries() {
        return IntStream.range(0, 12).boxed()
                .flatMap(seed -> Stream.of(arguments(seed, OpenBlas.get()), arguments(seed, OneDnn.get())));
    }

    /** Products large enough for the library, cut by rows or by columns, with every transposition, offsets and gaps between rows. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("productsOfLibraries")
    void agreesWithDoublePrecision(int seed, NativeBlas library) {
        Random random = new Random(seed);
        boolean transA = (seed & 1) != 0;
        boolean transB = (seed & 2) != 0;
        boolean accumulate = (seed & 4) != 0;
        int m = seed % 3 == 0 ? 601 : 77;
        int n = seed % 3 == 0 ? 83 : 617;
        int k = 131;
        int lda = (transA ? m : k) + LEADING;
        int ldb = (transB ? k : n) + LEADING;
        int ldc = n + LEADING;
        float[] a = floats(random, OFFSET + (transA ? k : m) * lda);
        float[] b = floats(random, OFFSET + (transB ? n : k) * ldb);
        float[] before = floats(random, OFFSET + m * ldc);
        for (int threads : new int[]{1, 2, 3}) {
            float[] c = before.clone();
            try (Parallel parallel = new Parallel(threads)) {
                new NativeGemm(library, new PlainGemm()).gemm(transA, transB, m, n, k, a, OFFSET, lda, b, OFFSET,
                        ldb, accumulate, c, OFFSET, ldc, parallel);
            }
            assertThat(worstError(c, before, n, k, accumulate,
                    (row, p) -> a[OFFSET + (transA ? p * lda + row : row * lda + p)],
                    (p, column) -> b[OFFSET + (transB ? column * ldb + p : p * ldb + column)]))
                    .as("%s threads", threads).isLessThan(2e-6);
        }
    }

    /** Weights as the library reads them, stored either way; products small and large; each block shown once before and once after. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("productsOfLibraries")
    void packedWeightsAgreeWithDoublePrecision(int seed, NativeBlas library) {
        Random random = new Random(seed);
        boolean transB = (seed & 1) != 0;
        boolean accumulate = (seed & 2) != 0;
        int m = new int[]{3, 77, 601}[seed % 3];
        int n = seed % 4 == 0 ? 1700 : 83;
        int k = 131;
        float[] a = floats(random, OFFSET + m * (k + LEADING));
        float[] b = floats(random, k * n);
        float[] before = floats(random, OFFSET + m * (n + LEADING));
        for (int threads : new int[]{1, 2, 5}) {
            float[] c = before.clone();
            Seen seen = new Seen(m, n);
            try (Parallel parallel = new Parallel(threads)) {
                PackedMatrix packed = new NativeGemm(library, new PlainGemm()).pack(transB, n, k, b, 0, transB ? k : n,
                        parallel);
                assertThat(List.of(packed.k(), packed.n())).containsExactly(k, n);
                assertThat(packed.bytes()).isEqualTo(transB ? 0 : 4L * k * n);
                packed.multiply(m, a, OFFSET, k + LEADING, accumulate, c, OFFSET, n + LEADING, seen, parallel);
            }
            assertThat(seen.times).as("%s threads", threads).containsOnly(2);
            assertThat(worstError(c, before, n, k, accumulate, (row, p) -> a[OFFSET + row * (k + LEADING) + p],
                    (p, column) -> b[transB ? column * k + p : p * n + column])).as("%s threads", threads)
                    .isLessThan(2e-6);
        }
    }

    /** An element of op(A) or op(B). */
    private interface Element {
        double at(int row, int column);
    }

    /** The largest error of an element of C, relative to k + |C|; infinite where something outside of C was written. */
    private static double worstError(float[] c, float[] before, int n, int k, boolean accumulate, Element a,
            Element b) {
        double worst = 0;
        for (int i = 0; i < c.length; i++) {
            int row = Math.floorDiv(i - OFFSET, n + LEADING);
            int column = Math.floorMod(i - OFFSET, n + LEADING);
            if (i < OFFSET || column >= n) {
                worst = c[i] == before[i] ? worst : Double.POSITIVE_INFINITY;
                continue;
            }
            double sum = accumulate ? before[i] : 0;
            for (int p = 0; p < k; p++) {
                sum += a.at(row, p) * b.at(p, column);
            }
            worst = Math.max(worst, Math.abs(c[i] - sum) / (k + Math.abs(sum)));
        }
        return worst;
    }

    /** Counts to 1 before an element is computed and to 2 after it. */
    private static final class Seen implements Gemm.Blocks {
        private final int n;
        private final int[] times;

        Seen(int m, int n) {
            this.n = n;
            times = new int[m * n];
        }

        @Override
        public void before(int row, int rows, int column, int columns) {
            count(0, row, rows, column, columns);
        }

        @Override
        public void after(int row, int rows, int column, int columns) {
            count(1, row, rows, column, columns);
        }

        private void count(int expected, int row, int rows, int column, int columns) {
            for (int i = row; i < row + rows; i++) {
                for (int j = column; j < column + columns; j++) {
                    if (times[i * n + j]++ != expected) {
                        throw new AssertionError("row " + i + ", column " + j + " is not shown once before and after");
                    }
                }
            }
        }
    }

    private static float[] floats(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void isChosenWhereItsJarIsOnTheClassPath() {
        String forced = System.clearProperty(GemmSelection.PROPERTY);
        try {
            assertThat(GemmSelection.best().name()).startsWith("oneDNN and ");
            assertThat(chosen("native")).startsWith("oneDNN and ");
            assertThat(chosen("onednn")).startsWith("oneDNN and ");
            assertThat(chosen("openblas")).startsWith("OpenBLAS ").contains(" and ");
            assertThat(chosen("java")).doesNotContain("OpenBLAS", "oneDNN");
        } finally {
            System.clearProperty(GemmSelection.PROPERTY);
            if (forced != null) {
                System.setProperty(GemmSelection.PROPERTY, forced);
            }
        }
    }

    private static String chosen(String property) {
        System.setProperty(GemmSelection.PROPERTY, property);
        return GemmSelection.best().name();
    }
}
