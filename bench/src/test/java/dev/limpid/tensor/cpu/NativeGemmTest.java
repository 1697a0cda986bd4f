package dev.limpid.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

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
            for (int i = 0; i < c.length; i++) {
                int row = Math.floorDiv(i - OFFSET, ldc);
                int column = Math.floorMod(i - OFFSET, ldc);
                if (i < OFFSET || column >= n) {
                    assertThat(c[i]).as("outside the matrix, element %s", i).isEqualTo(before[i]);
                    continue;
                }
                double sum = accumulate ? before[i] : 0;
                for (int p = 0; p < k; p++) {
                    sum += (double) a[OFFSET + (transA ? p * lda + row : row * lda + p)]
                            * b[OFFSET + (transB ? column * ldb + p : p * ldb + column)];
                }
                assertThat(Math.abs(c[i] - sum)).as("row %s, column %s, %s threads", row, column, threads)
                        .isLessThan(2e-6 * (k + Math.abs(sum)));
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
