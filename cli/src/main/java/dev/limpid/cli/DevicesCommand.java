package dev.limpid.cli;

import dev.limpid.tensor.Backend;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.Precision;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code limpid devices}: what models can run on here, in which precisions, and why not on the rest. */
@Command(name = "devices", mixinStandardHelpOptions = true, versionProvider = Version.class, description = "List the devices models can run on, with their precisions, and why one cannot be used.")
final class DevicesCommand implements Runnable {
    private final Terminal terminal;

    DevicesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        StringBuilder lines = new StringBuilder();
        for (Backend backend : Device.backends()) {
            Backend.Availability availability = backend.availability(0);
            String precisions = availability.usable()
                    ? backend.precisions(0).stream().map(Precision::id).collect(Collectors.joining(", "))
                    : "";
            lines.append("%-10s %-12s %-16s %s%n".formatted(backend.name(),
                    availability.usable() ? "usable" : "not usable", precisions, availability.reason()));
        }
        terminal.print(lines.toString());
    }
}
