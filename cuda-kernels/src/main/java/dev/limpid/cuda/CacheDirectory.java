package dev.limpid.cuda;

import java.nio.file.Path;
import java.util.Map;

/** Where this user's computed files are kept: the rule of the embedded models' cache, which this module does not depend on. */
final class CacheDirectory {
    private CacheDirectory() {}

    /** {@code $LIMPID_CACHE}, else {@code $XDG_CACHE_HOME/limpid} if that is absolute, else {@code ~/.cache/limpid}. */
    static Path of(Map<String, String> environment, String home) {
        String own = environment.getOrDefault("LIMPID_CACHE", "");
        if (!own.isBlank()) {
            return Path.of(own).toAbsolutePath();
        }
        String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
        // The XDG specification wants a relative path to be ignored.
        if (!shared.isBlank() && Path.of(shared).isAbsolute()) {
            return Path.of(shared, "limpid");
        }
        return Path.of(home, ".cache", "limpid");
    }
}
