package dev.limpid.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The libraries of {@code src/test/c}, opened under the names of NVIDIA's: whoever then asks the system for libcuda.so.1 gets this one, for the rest of the process.
 *
 * <p>They are built by gcc. Where that is missing the tests are skipped, unless {@code -Drequire.gcc=true} asks for a failure.
 */
final class FakeDriver {
    private static final Path SOURCES = Path.of("src", "test", "c");
    private static final Path BUILT = Path.of("target", "fake-cuda").toAbsolutePath();
    private static final List<SymbolLookup> LIBRARIES = new ArrayList<>();

    private FakeDriver() {}

    /** Builds a library; skips the calling test where there is no gcc. */
    static Path build(String name, String source, String... more) {
        try {
            // A library without functions may stand in for one of the same name.
            Path folder = Files.createDirectories(source.isEmpty() ? BUILT.resolve("empty") : BUILT);
            // Under another name first: a test in another process may be opening the old one.
            Path beside = Files.createTempFile(folder, name, ".new");
            List<String> command = new ArrayList<>(
                    List.of("gcc", "-shared", "-fPIC", "-O2", "-w", "-Wl,-soname," + name,
                            "-o", beside.toString(), "-x", "c",
                            source.isEmpty() ? "/dev/null" : SOURCES.resolve(source).toString(),
                            "-x", "none"));
            command.addAll(List.of(more));
            command.add("-lm");
            Process gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
            String log = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(gcc.waitFor()).as(log).isZero();
            return Files.move(beside, folder.resolve(name), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            assertThat(Boolean.getBoolean("require.gcc")).as("gcc is missing, and -Drequire.gcc=true asks for it: " + e)
                    .isFalse();
            assumeTrue(false,
                    "skipped: the driver without a GPU is built by gcc, which is not there (" + e.getMessage() + ")");
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens all of them. */
    static void open() {
        if (!LIBRARIES.isEmpty()) {
            return;
        }
        Path driver = build("libcuda.so.1", "fake_cuda.c");
        LIBRARIES.add(lookup(driver));
        LIBRARIES.add(lookup(build("libcudart.so.13", "")));
        LIBRARIES.add(lookup(build("libnvrtc.so.13", "fake_nvrtc.c")));
        LIBRARIES.add(lookup(build("libcublasLt.so.13", "fake_cublaslt.c", driver.toString())));
        LIBRARIES.add(lookup(build("libcublas.so.13", "")));
    }

    @SuppressWarnings("restricted") // the libraries are ours
    private static SymbolLookup lookup(Path library) {
        return SymbolLookup.libraryLookup(library, Arena.global());
    }

    /** The value of a counter, of 64 bits. */
    static long count(String name) {
        return variable(name, Long.BYTES).get(ValueLayout.JAVA_LONG, 0);
    }

    /** Sets a counter, of 64 bits. */
    static void setLong(String name, long value) {
        variable(name, Long.BYTES).set(ValueLayout.JAVA_LONG, 0, value);
    }

    /** Sets a property, of 32 bits. */
    static void set(String name, int value) {
        variable(name, Integer.BYTES).set(ValueLayout.JAVA_INT, 0, value);
    }

    /** Makes the next call of a function fail with this code. */
    @SuppressWarnings("restricted") // the signature is that of fake_cuda.c
    static void fail(String function, int code) {
        try (Arena arena = Arena.ofConfined()) {
            Linker.nativeLinker().downcallHandle(symbol("fake_fail"),
                    FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_INT))
                    .invoke(arena.allocateFrom(function), code);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("restricted") // so large is the variable in fake_cuda.c
    private static MemorySegment variable(String name, long bytes) {
        return symbol(name).reinterpret(bytes);
    }

    private static MemorySegment symbol(String name) {
        return LIBRARIES.stream().flatMap(library -> library.find(name).stream()).findFirst().orElseThrow();
    }
}
