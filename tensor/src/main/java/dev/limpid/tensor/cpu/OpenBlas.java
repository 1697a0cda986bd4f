package dev.limpid.tensor.cpu;

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

/**
 * The native library OpenBLAS, if the jar {@code org.bytedeco:openblas} of this platform is on the class path: of that jar only the libraries are used, called by
 * {@code java.lang.foreign} on heap arrays without copying.
 */
@SuppressWarnings("restricted") // calling foreign code is what it is for
final class OpenBlas {
    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANSPOSE = 111;
    private static final int TRANSPOSE = 112;
    private static final String FOLDER = "/org/bytedeco/openblas/linux-x86_64/";
    /** In the order in which they need each other. */
    private static final List<String> LIBRARIES = List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5",
            "libopenblas.so.0");

    private final MethodHandle sgemm;
    private final MethodHandle setThreads;
    private final String core;

    private OpenBlas() throws IOException {
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

    /** Whether this is a platform, and a class path, that has it. */
    static boolean isPresent() {
        String platform = System.getProperty("os.name").toLowerCase(Locale.ROOT) + "-" + System.getProperty("os.arch");
        return platform.equals("linux-amd64")
                && LIBRARIES.stream().allMatch(library -> OpenBlas.class.getResource(FOLDER + library) != null);
    }

    /**
     * The library, loaded by the first who asks.
     *
     * @throws IllegalStateException if it cannot be loaded
     */
    static OpenBlas get() {
        return Loaded.LIBRARY;
    }

    private static final class Loaded {
        static final OpenBlas LIBRARY = loaded();

        private static OpenBlas loaded() {
            try {
                return new OpenBlas();
            } catch (IOException e) {
                throw new IllegalStateException(
                        "cannot unpack OpenBLAS into the folder for temporary files: " + e.getMessage()
                                + "; free space there, name another by -Djava.io.tmpdir, or leave its jar off the class path",
                        e);
            }
        }
    }

    private static MemorySegment symbol(String name) {
        return SymbolLookup.loaderLookup().find(name)
                .orElseThrow(() -> new IllegalStateException("the OpenBLAS on the class path has no function " + name));
    }

    private static void load() throws IOException {
        Path folder = Files.createTempDirectory("limpid-openblas");
        for (String library : LIBRARIES) {
            Path file = folder.resolve(library);
            try (InputStream resource = OpenBlas.class.getResourceAsStream(FOLDER + library)) {
                Files.copy(resource, file);
            }
            System.load(file.toString());
            Files.delete(file); // the mapping stays, and nothing is left behind whatever happens next
        }
        Files.delete(folder);
    }

    /** Sets how many threads of its own the library uses from now on, for all callers; 1 at first. */
    void setThreads(int count) {
        try {
            setThreads.invokeExact(count);
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    /** The processor family it chose its kernel for. */
    String core() {
        return core;
    }

    /** The library's product; arguments as {@link Gemm#gemm} has them. */
    void sgemm(boolean transA, boolean transB, int m, int n, int k, float[] a, int aOffset, int lda, float[] b,
            int bOffset, int ldb, boolean accumulate, float[] c, int cOffset, int ldc) {
        try {
            sgemm.invokeExact(ROW_MAJOR, transA ? TRANSPOSE : NO_TRANSPOSE, transB ? TRANSPOSE : NO_TRANSPOSE, m, n, k,
                    1f, from(a, aOffset), lda, from(b, bOffset), ldb, accumulate ? 1f : 0f, from(c, cOffset), ldc);
        } catch (Throwable thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    private static MemorySegment from(float[] values, int offset) {
        return MemorySegment.ofArray(values).asSlice((long) offset * Float.BYTES);
    }
}
