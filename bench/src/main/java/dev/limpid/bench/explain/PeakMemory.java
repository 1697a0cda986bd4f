package dev.limpid.bench.explain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The largest resident memory of this process since its start, where the system says it (Linux). */
final class PeakMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    /** In megabytes of 10⁶ bytes, or a dash where the system does not say it. */
    String megabytes() {
        if (!Files.isReadable(STATUS)) {
            return "-";
        }
        try {
            return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> Long.toString(Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1_000_000))
                    .findFirst()
                    .orElse("-");
        } catch (IOException e) {
            return "-";
        }
    }
}
