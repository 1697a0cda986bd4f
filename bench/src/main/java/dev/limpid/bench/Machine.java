package dev.limpid.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** What everything is measured on. */
final class Machine {
    private Machine() {}

    /** The processor's name where the system says it (Linux), else its architecture. */
    static String processor() {
        return field("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch"));
    }

    /** Processor, memory, system and Java in one line. */
    static String description() {
        String memory = field("/proc/meminfo", "MemTotal")
                .map(kilobytes -> String.format(Locale.ROOT, ", %.0f GB of memory",
                        Long.parseLong(kilobytes.replaceAll("\\D", "")) * 1024 / 1e9))
                .orElse("");
        return processor() + ", " + Runtime.getRuntime().availableProcessors() + " processors" + memory + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", Java "
                + Runtime.version();
    }

    private static Optional<String> field(String file, String name) {
        try {
            return Files.readAllLines(Path.of(file)).stream().filter(line -> line.startsWith(name)).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip());
        } catch (IOException e) {
            return Optional.empty(); // another system
        }
    }
}
