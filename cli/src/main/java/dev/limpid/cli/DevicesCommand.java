package dev.limpid.cli;

import dev.limpid.tensor.Backend;
import dev.limpid.tensor.Device;
import picocli.CommandLine.Command;

/** {@code limpid devices}: what models can run on here, and why not on the rest. */
@Command(name = "devices", mixinStandardHelpOptions = true, versionProvider = Version.class, description = "List the devices models can run on, and why one cannot be used.")
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
            lines.append("%-10s %-12s %s%n".formatted(backend.name(), availability.usable() ? "usable" : "not usable",
                    availability.reason()));
        }
        terminal.print(lines.toString());
    }
}
