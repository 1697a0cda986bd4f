package dev.limpid.bench.gemm;

import dev.limpid.bench.BenchException;
import dev.limpid.tensor.cpu.CpuKernels;

/** OpenBLAS from the jar org.bytedeco:openblas, with threads of its own. */
final class OpenBlas implements Contender {
    /** OpenBLAS's idle threads spin for about this long after a call, at the cost of whoever comes next. */
    private static final long IDLE_MILLISECONDS = 150;

    private final CpuKernels.NativeLibrary library;
    private int threads = 1;

    /** Loads the library; refuses platforms its jar was not packaged for. */
    OpenBlas() {
        try {
            library = new CpuKernels.NativeLibrary();
        } catch (IllegalStateException e) {
            throw new BenchException("gemm compares with OpenBLAS: " + e.getMessage());
        }
    }

    /** Sets how many threads of its own OpenBLAS uses from now on. */
    void setThreads(int count) {
        threads = count;
        library.setThreads(count);
    }

    /** The processor family OpenBLAS chose its kernel for. */
    String core() {
        return library.core();
    }

    @Override
    public String name() {
        return "OpenBLAS";
    }

    @Override
    public void multiply(Operands operands, float[] c) {
        GemmShape shape = operands.shape;
        int m = shape.m();
        int n = shape.n();
        int k = shape.k();
        for (int i = 0; i < shape.batch(); i++) {
            library.multiply(shape.transA(), shape.transB(), m, n, k, operands.a, i * m * k, operands.b, i * k * n, c,
                    i * m * n);
        }
    }

    @Override
    public void rest() throws InterruptedException {
        if (threads > 1) {
            Thread.sleep(IDLE_MILLISECONDS);
        }
    }
}
