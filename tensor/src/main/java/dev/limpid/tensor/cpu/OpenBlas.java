package dev.limpid.tensor.cpu;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** OpenBLAS, of the jar {@code org.bytedeco:openblas}. */
@SuppressWarnings("restricted") // calling foreign code is what it is for
final class OpenBlas implements NativeBlas {
    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANSPOSE = 111;
    private static final int TRANSPOSE = 112;
    private static final String NAME = "OpenBLAS";
    private static final String FOLDER = "/org/bytedeco/openblas/linux-x86_64/";
    private static final List<String> LIBRARIES = List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5",
            "libopenblas.so.0");

    private static OpenBlas loaded;

    private final MethodHandle sgemm;
    private final MethodHandle setThreads;
    private final String core;

    private OpenBlas() {
        NativeBlas.load(NAME, FOLDER, LIBRARIES);
        Linker linker = Linker.nativeLinker();
        var integer = ValueLayout.JAVA_INT;
        var real = ValueLayout.JAVA_FLOAT;
        var pointer = ValueLayout.ADDRESS;
        setThreads = linker.downcallHandle(NativeBlas.symbol(NAME, "openblas_set_num_threads"),
                FunctionDescriptor.ofVoid(integer));
        sgemm = linker.downcallHandle(NativeBlas.symbol(NAME, "cblas_sgemm"),
                FunctionDescriptor.ofVoid(integer, integer, integer, integer, integer, integer, real, pointer, integer,
                        pointer, integer, real, pointer, integer),
                Linker.Option.critical(true));
        MethodHandle coreName = linker.downcallHandle(NativeBlas.symbol(NAME, "openblas_get_corename"),
                FunctionDescriptor.of(pointer));
        try {
            core = ((MemorySegment) coreName.invokeExact()).reinterpret(64).getString(0);
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
        setThreads(1);
    }

    static boolean isPresent() {
        return NativeBlas.isPresent(FOLDER, LIBRARIES);
    }

    /**
     * The library, loaded by the first who asks.
     *
     * @throws dev.limpid.tensor.DeviceException if it cannot be loaded
     */
    static synchronized OpenBlas get() {
        if (loaded == null) {
            loaded = new OpenBlas();
        }
        return loaded;
    }

    /** With the processor family it chose its kernel for. */
    @Override
    public String name() {
        return NAME + " " + core;
    }

    @Override
    public void setThreads(int count) {
        try {
            setThreads.invokeExact(count);
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    @Override
    public void sgemm(boolean transA, boolean transB, int m, int n, int k, float[] a, int aOffset, int lda, float[] b,
            int bOffset, int ldb, boolean accumulate, float[] c, int cOffset, int ldc) {
        try {
            sgemm.invokeExact(ROW_MAJOR, transA ? TRANSPOSE : NO_TRANSPOSE, transB ? TRANSPOSE : NO_TRANSPOSE, m, n, k,
                    1f, NativeBlas.from(a, aOffset), lda, NativeBlas.from(b, bOffset), ldb, accumulate ? 1f : 0f,
                    NativeBlas.from(c, cOffset), ldc);
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    }
}
