package dev.limpid.tensor.cpu;

import dev.limpid.tensor.DeviceException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A native library of matrix products in a jar of JavaCPP's presets: of that jar only the libraries are used, called by {@code java.lang.foreign} on heap arrays
 * without copying.
 */
interface NativeBlas {
    /** What the output names it as. */
    String name();

    /** Sets how many threads of its own the library uses from now on, for all callers; 1 at first. */
    void setThreads(int count);

    /** The library's product; arguments as {@link Gemm#gemm} has them. */
    void sgemm(boolean transA, boolean transB, int m, int n, int k, float[] a, int aOffset, int lda, float[] b,
            int bOffset, int ldb, boolean accumulate, float[] c, int cOffset, int ldc);

    /** Whether there is one of them on the class path, for this platform. */
    static boolean isPresent() {
        return OneDnn.isPresent() || OpenBlas.isPresent();
    }

    /**
     * The faster of those on the class path.
     *
     * @throws DeviceException if it cannot be loaded
     */
    static NativeBlas best() {
        return OneDnn.isPresent() ? OneDnn.get() : OpenBlas.get();
    }

    /** Whether {@code folder} of the class path has these libraries, and they are for this platform. */
    static boolean isPresent(String folder, List<String> libraries) {
        String platform = System.getProperty("os.name").toLowerCase(Locale.ROOT) + "-" + System.getProperty("os.arch");
        return platform.equals("linux-amd64")
                && libraries.stream().allMatch(library -> NativeBlas.class.getResource(folder + library) != null);
    }

    /**
     * Loads libraries that lie in {@code folder} of the class path.
     *
     * @param libraries in the order in which they need each other
     * @throws DeviceException if that fails
     */
    static void load(String name, String folder, List<String> libraries) {
        try {
            Path unpacked = Files.createTempDirectory("limpid-native");
            try {
                for (String library : libraries) {
                    load(folder + library, unpacked.resolve(library));
                }
            } finally {
                Files.delete(unpacked);
            }
        } catch (IOException e) {
            throw new DeviceException("cannot unpack " + name + " into the folder for temporary files: "
                    + e.getMessage()
                    + "; free space there, name another by -Djava.io.tmpdir, or leave its jar off the class path", e);
        } catch (UnsatisfiedLinkError e) {
            throw new DeviceException(
                    "cannot load " + name + ": " + e.getMessage() + "; leave its jar off the class path", e);
        }
    }

    /** Loads a library through a file that is there for that long only: the mapping stays, and nothing is left behind whatever happens next. */
    @SuppressWarnings("restricted") // loading foreign code is what it is for
    private static void load(String resource, Path file) throws IOException {
        try (InputStream bytes = NativeBlas.class.getResourceAsStream(resource)) {
            Files.copy(bytes, file);
            System.load(file.toString());
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** A function of a library that was loaded. */
    static MemorySegment symbol(String library, String function) {
        return SymbolLookup.loaderLookup().find(function).orElseThrow(() -> new DeviceException(
                "the " + library + " on the class path has no function " + function));
    }

    /** An array from an element on. */
    static MemorySegment from(float[] values, int offset) {
        return MemorySegment.ofArray(values).asSlice((long) offset * Float.BYTES);
    }
}
