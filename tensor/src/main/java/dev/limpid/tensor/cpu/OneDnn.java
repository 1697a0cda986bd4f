package dev.limpid.tensor.cpu;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** oneDNN, of the jar {@code org.bytedeco:dnnl}. It needs the system's libstdc++. */
@SuppressWarnings("restricted") // calling foreign code is what it is for
final class OneDnn implements NativeBlas {
    private static final byte NO_TRANSPOSE = 'N';
    private static final byte TRANSPOSE = 'T';
    private static final String NAME = "oneDNN";
    private static final String FOLDER = "/org/bytedeco/dnnl/linux-x86_64/";
    private static final List<String> LIBRARIES = List.of("libgomp.so.1", "libdnnl.so.3");

    private static OneDnn loaded;

    private final MethodHandle sgemm;
    private final MethodHandle setThreadsOfCaller;
    private final MethodHandle threadsOfCaller;
    private volatile int threads = 1;

    private OneDnn() {
        NativeBlas.load(NAME, FOLDER, LIBRARIES);
        Linker linker = Linker.nativeLinker();
        var character = ValueLayout.JAVA_BYTE;
        var integer = ValueLayout.JAVA_INT;
        var dimension = ValueLayout.JAVA_LONG;
        var real = ValueLayout.JAVA_FLOAT;
        var pointer = ValueLayout.ADDRESS;
        setThreadsOfCaller = linker.downcallHandle(NativeBlas.symbol(NAME, "omp_set_num_threads"),
                FunctionDescriptor.ofVoid(integer));
        threadsOfCaller = linker.downcallHandle(NativeBlas.symbol(NAME, "omp_get_max_threads"),
                FunctionDescriptor.of(integer));
        sgemm = linker.downcallHandle(NativeBlas.symbol(NAME, "dnnl_sgemm"),
                FunctionDescriptor.of(integer, character, character, dimension, dimension, dimension, real, pointer,
                        dimension, pointer, dimension, real, pointer, dimension),
                Linker.Option.critical(true));
    }

    static boolean isPresent() {
        return NativeBlas.isPresent(FOLDER, LIBRARIES);
    }

    /**
     * The library, loaded by the first who asks.
     *
     * @throws dev.limpid.tensor.DeviceException if it cannot be loaded
     */
    static synchronized OneDnn get() {
        if (loaded == null) {
            loaded = new OneDnn();
        }
        return loaded;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void setThreads(int count) {
        threads = count;
    }

    @Override
    public void sgemm(boolean transA, boolean transB, int m, int n, int k, float[] a, int aOffset, int lda, float[] b,
            int bOffset, int ldb, boolean accumulate, float[] c, int cOffset, int ldc) {
        int status;
        try {
            // OpenMP keeps that number for each calling thread, which may be somebody else's
            int before = (int) threadsOfCaller.invokeExact();
            setThreadsOfCaller.invokeExact(threads);
            status = (int) sgemm.invokeExact(transA ? TRANSPOSE : NO_TRANSPOSE, transB ? TRANSPOSE : NO_TRANSPOSE,
                    (long) m, (long) n, (long) k, 1f, NativeBlas.from(a, aOffset), (long) lda,
                    NativeBlas.from(b, bOffset), (long) ldb, accumulate ? 1f : 0f, NativeBlas.from(c, cOffset),
                    (long) ldc);
            setThreadsOfCaller.invokeExact(before);
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
        if (status != 0) {
            throw new IllegalStateException(
                    "oneDNN refused a product of " + m + "x" + k + "x" + n + ", status " + status);
        }
    }
}
