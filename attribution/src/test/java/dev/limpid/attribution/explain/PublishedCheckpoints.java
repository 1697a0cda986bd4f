package dev.limpid.attribution.explain;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;

/** Checkpoints of the Hub, in the folder that the environment variable {@code LIMPID_MODELS} names, each under its name. */
final class PublishedCheckpoints {
    private PublishedCheckpoints() {}

    /** The checkpoint's folder; where it is not, the reason is printed and the test skipped. */
    static Path find(String name, String what) {
        String models = System.getenv("LIMPID_MODELS");
        String reason = models == null
                ? "LIMPID_MODELS names no folder with published checkpoints"
                : models + " has no " + name;
        if (models == null || !Files.isDirectory(Path.of(models, name))) {
            System.err.println("Skipped, " + what + ": " + reason);
            return abort(reason);
        }
        return Path.of(models, name);
    }
}
