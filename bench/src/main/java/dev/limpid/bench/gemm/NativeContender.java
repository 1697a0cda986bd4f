package dev.limpid.bench.gemm;

import dev.limpid.bench.BenchException;
import dev.limpid.tensor.cpu.CpuKernels;
import java.util.List;

/** A native library from a jar of JavaCPP's presets, with threads of its own. */
final class NativeContender implements Contender {
    /** Idle threads of such libraries spin for up to this long after a call, at the cost of whoever comes next. */
    private static final long IDLE_MILLISECONDS = 150;

    private final CpuKernels.NativeLibrary library;
    private int threads = 1;

    private NativeContender(CpuKernels.NativeLibrary library) {
        this.library = library;
    }

    /** All there are, OpenBLAS first; refuses platforms their jars were not packaged for. */
    static List<NativeContender> all() {
        List<NativeContender> all = CpuKernels.NativeLibrary.all().stream().map(NativeContender::new).toList();
        if (all.isEmpty()) {
            throw new BenchException("gemm compares with OpenBLAS and oneDNN, which are here for linux-x86_64 only");
        }
        return all;
    }

    /** Sets how many threads of its own the library uses from now on. */
    void setThreads(int count) {
        threads = count;
        library.setThreads(count);
    }

    @Override
    public String name() {
        return library.name();
    }

    @Override
    public void multiply(Operands operands, float[] c) {
        operands.multiply(library::multiply, c);
    }

    @Override
    public void rest() throws InterruptedException {
        if (threads > 1) {
            Thread.sleep(IDLE_MILLISECONDS);
        }
    }
}
