package dev.limpid.bench.gemm;

import dev.limpid.bench.BenchException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** OpenBLAS from the jar org.bytedeco:openblas, called on heap arrays without copying. */
@SuppressWarnings("restricted") // calling foreign code is what it is for
final class OpenBlas implements Contender {
    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANSPOSE = 111;
    private static final int TRANSPOSE = 112;
    private static final String FOLDER = "/org/bytedeco/openblas/linux-x86_64/";
    /** In the order in which they need each other. */
    private static final List<String> LIBRARIES = List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5",
            "libopenblas.so.0");
    /** OpenBLAS's idle threads spin for about this long after a call, at the cost of whoever comes next. */
    private static final long IDLE_MILLISECONDS = 150;

    private final MethodHandle sgemm;
    private final MethodHandle setThreads;
    private final String core;
    private int threads;

    /** Loads the library; refuses platforms its jar was not packaged for. */
    OpenBlas() {
        String platform = System.getProperty("os.name").toLowerCase(Locale.ROOT) + "-" + System.getProperty("os.arch");
        if (!platform.equals("linux-amd64")) {
            throw new BenchException("gemm compares with OpenBLAS, which bench.jar has for linux-amd64 only, this is "
                    + platform);
        }
        load();
        Linker linker = Linker.nativeLinker();
        var integer = ValueLayout.JAVA_INT;
        var real = ValueLayout.JAVA_FLOAT;
        var pointer = ValueLayout.ADDRESS;
        setThreads = linker.downcallHandle(symbol("openblas_set_num_threads"), FunctionDescriptor.ofVoid(integer));
        sgemm = linker.downcallHandle(symbol("cblas_sgemm"),
                FunctionDescriptor.ofVoid(integer, integer, integer, integer, integer, integer, real, pointer, integer,
                        pointer, integer, real, pointer, integer),
                Linker.Option.critical(true));
        MethodHandle name = linker.downcallHandle(symbol("openblas_get_corename"), FunctionDescriptor.of(pointer));
        try {
            core = ((MemorySegment) name.invokeExact()).reinterpret(64).getString(0);
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
        setThreads(1);
    }

    private static MemorySegment symbol(String name) {
        return SymbolLookup.loaderLookup().find(name).orElseThrow(
                () -> new BenchException("the OpenBLAS in bench.jar has no function " + name));
    }

    private static void load() {
        try {
            Path folder = Files.createTempDirectory("limpid-openblas");
            for (String library : LIBRARIES) {
                Path file = folder.resolve(library);
                try (InputStream resource = OpenBlas.class.getResourceAsStream(FOLDER + library)) {
                    if (resource == null) {
                        throw new BenchException("bench.jar lacks " + FOLDER + library);
                    }
                    Files.copy(resource, file);
                }
                System.load(file.toString());
                Files.delete(file); // the mapping stays, and nothing is left behind whatever happens next
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new BenchException("cannot unpack OpenBLAS into the folder for temporary files: " + e.getMessage());
        }
    }

    /** Sets how many threads of its own OpenBLAS uses from now on. */
    void setThreads(int count) {
        threads = count;
        try {
            setThreads.invokeExact(count);
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    /** The processor family OpenBLAS chose its kernel for. */
    String core() {
        return core;
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
        MemorySegment a = MemorySegment.ofArray(operands.a);
        MemorySegment b = MemorySegment.ofArray(operands.b);
        MemorySegment result = MemorySegment.ofArray(c);
        try {
            for (long i = 0; i < shape.batch(); i++) {
                sgemm.invokeExact(ROW_MAJOR, shape.transA() ? TRANSPOSE : NO_TRANSPOSE,
                        shape.transB() ? TRANSPOSE : NO_TRANSPOSE, m, n, k, 1f, a.asSlice(i * m * k * Float.BYTES),
                        shape.transA() ? m : k, b.asSlice(i * k * n * Float.BYTES), shape.transB() ? k : n, 0f,
                        result.asSlice(i * m * n * Float.BYTES), n);
            }
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    @Override
    public void rest() throws InterruptedException {
        if (threads > 1) {
            Thread.sleep(IDLE_MILLISECONDS);
        }
    }
}
