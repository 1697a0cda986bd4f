package dev.limpid.bench.explain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The resident memory of this process, where the system says it (Linux). */
public final class PeakMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private PeakMemory() {}

    /** The largest since its start in megabytes of 10⁶ bytes, or a dash where the system does not say it. */
    static String megabytes() {
        long bytes = bytes("VmHWM:");
        return bytes < 0 ? "-" : Long.toString(bytes / 1_000_000);
    }

    /** What it is now in bytes, or -1 where the system does not say it. */
    public static long residentBytes() {
        return bytes("VmRSS:");
    }

    private static long bytes(String field) {
        if (!Files.isReadable(STATUS)) {
            return -1;
        }
        try {
            return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024).findFirst().orElse(-1);
        } catch (IOException e) {
            return -1;
        }
    }
}
