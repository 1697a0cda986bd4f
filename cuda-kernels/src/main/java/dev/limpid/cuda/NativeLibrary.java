package dev.limpid.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds NVIDIA's libraries where its installers put them, and opens them for the rest of the process.
 *
 * <p>The system's loader takes a library that is open already when another one needs it by name. So the binding finds here what it would not find by itself, for
 * instance in the folder that {@code CUDA_PATH} names, whatever its version after the number 13.
 */
final class NativeLibrary {
    private static final String RESOURCES = "org/bytedeco/cuda/linux-x86_64/";

    private NativeLibrary() {}

    /** Opens a library by name: where the system looks ({@code LD_LIBRARY_PATH} and the loader's cache), then in a toolkit's usual folders. */
    static Optional<SymbolLookup> open(String name) {
        List<String> places = new ArrayList<>(List.of(name));
        for (Path folder : toolkits()) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                places.add(file.toString());
            }
        }
        return places.stream().flatMap(place -> opened(place).stream()).findFirst();
    }

    @SuppressWarnings("restricted") // opening libraries is what this class is for
    private static Optional<SymbolLookup> opened(String place) {
        try {
            return Optional.of(SymbolLookup.libraryLookup(place, Arena.global()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether a library can be opened or lies in a jar of the binding, which unpacks it. */
    static boolean isThere(String name) {
        return isInJar(name) || open(name).isPresent();
    }

    /** Whether the binding's jar for this platform has this file. */
    static boolean isInJar(String name) {
        return NativeLibrary.class.getClassLoader().getResource(RESOURCES + name) != null;
    }

    private static List<Path> toolkits() {
        List<Path> folders = new ArrayList<>();
        for (String variable : List.of("CUDA_PATH", "CUDA_HOME")) {
            String home = System.getenv(variable);
            if (home != null && !home.isBlank()) {
                folders.add(Path.of(home, "lib64"));
                folders.add(Path.of(home, "lib"));
            }
        }
        folders.add(Path.of("/usr/local/cuda/lib64"));
        return folders;
    }
}
