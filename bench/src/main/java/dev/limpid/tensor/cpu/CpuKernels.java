package dev.limpid.tensor.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * Opens the kernels of the CPU backend to the benchmarks.
 *
 * <p>It lies in the kernels' package because they are nobody else's to call.
 */
public final class CpuKernels {
    private CpuKernels() {}

    /** One implementation of the matrix product. */
    public static final class Product {
        private final Gemm gemm;

        private Product(Gemm gemm) {
            this.gemm = gemm;
        }

        /** The kernel's name, such as {@code vector-512}. */
        public String name() {
            return gemm.name();
        }

        /** C = op(A)·op(B) of contiguous row-major matrices that begin at the given offsets. */
        public void multiply(boolean transA, boolean transB, int m, int n, int k, float[] a, int aOffset, float[] b,
                int bOffset, float[] c, int cOffset, Threads threads) {
            gemm.gemm(transA, transB, m, n, k, a, aOffset, transA ? m : k, b, bOffset, transB ? k : n, false, c,
                    cOffset, n, threads.parallel);
        }

        /** A contiguous row-major B(k,n), or one stored (n,k), as the CPU backend keeps weights. */
        public Weights pack(boolean transB, int n, int k, float[] b, Threads threads) {
            return new Weights(gemm.pack(transB, n, k, b, 0, transB ? k : n, threads.parallel));
        }
    }

    /** A matrix that was packed once. */
    public static final class Weights {
        private final PackedMatrix matrix;

        private Weights(PackedMatrix matrix) {
            this.matrix = matrix;
        }

        /** C = A·B of contiguous row-major A and C, this being B. */
        public void multiply(int m, float[] a, float[] c, Threads threads) {
            matrix.multiply(m, a, 0, matrix.k(), false, c, 0, matrix.n(), Gemm.Blocks.NONE, threads.parallel);
        }
    }

    /** A native library as the CPU backend loads it. */
    public static final class NativeLibrary {
        private final NativeBlas library;

        private NativeLibrary(NativeBlas library) {
            this.library = library;
        }

        /** Those that are packaged for this platform, OpenBLAS first. */
        public static List<NativeLibrary> all() {
            List<NativeLibrary> all = new ArrayList<>();
            if (OpenBlas.isPresent()) {
                all.add(new NativeLibrary(OpenBlas.get()));
            }
            if (OneDnn.isPresent()) {
                all.add(new NativeLibrary(OneDnn.get()));
            }
            return all;
        }

        /** The library's name, of OpenBLAS with the processor family it chose its kernel for. */
        public String name() {
            return library.name();
        }

        /** Sets how many threads of its own it uses. */
        public void setThreads(int count) {
            library.setThreads(count);
        }

        /** C = op(A)·op(B) of contiguous row-major matrices that begin at the given offsets. */
        public void multiply(boolean transA, boolean transB, int m, int n, int k, float[] a, int aOffset, float[] b,
                int bOffset, float[] c, int cOffset) {
            library.sgemm(transA, transB, m, n, k, a, aOffset, transA ? m : k, b, bOffset, transB ? k : n, false, c,
                    cOffset, n);
        }
    }

    /** The threads a product may use. */
    public static final class Threads implements AutoCloseable {
        private final Parallel parallel;

        /** {@code count} threads, the caller's among them. */
        public Threads(int count) {
            parallel = count == 1 ? Parallel.SERIAL : new Parallel(count);
        }

        @Override
        public void close() {
            parallel.close();
        }
    }

    /** Whether this JVM has the Vector API. */
    public static boolean vectorAvailable() {
        return GemmSelection.vectorModule();
    }

    /** The kernel by the Vector API, without the warm-up that stands before it elsewhere. */
    public static Product vector() {
        return new Product(new VectorGemm());
    }

    /** The kernel by plain loops. */
    public static Product plain() {
        return new Product(new PlainGemm());
    }

    /** The name of the product that the CPU backend has chosen. */
    public static String chosen() {
        return GemmSelection.best().name();
    }

    /** Both kernels, the faster first. */
    public static List<Product> all() {
        return List.of(vector(), plain());
    }

    /** {@link Elementwise#gelu}. */
    public static void gelu(float[] x, float[] y) {
        Elementwise.gelu(x, 0, y, 0, x.length);
    }

    /** {@link Elementwise#geluBackward}. */
    public static void geluBackward(float[] x, float[] dY, float[] dX) {
        Elementwise.geluBackward(x, 0, dY, 0, dX, 0, x.length);
    }

    /** {@link Elementwise#softmax} of each of the rows of {@code columns} floats; {@code logSumExp} has an element for each row. */
    public static void softmax(float[] rows, int columns, float scale, float[] logSumExp) {
        Elementwise.softmax(rows, 0, rows.length / columns, columns, scale, null, 0, logSumExp, 0);
    }
}
