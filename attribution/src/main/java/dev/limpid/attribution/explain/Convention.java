package dev.limpid.attribution.explain;

import java.util.Arrays;
import java.util.Locale;

/** Which rules an explanation follows. */
public enum Convention {
    /**
     * The right ones: segment ids as the model was trained with, the baseline on the same positions and segments, a fixed target along the path, the
     * answer from the context with start ≤ end.
     */
    DEFAULT,
    /** transformers-interpret 0.10.0 to the digit, quirks included. */
    TRANSFORMERS_INTERPRET;

    /** The name used in options: {@code transformers-interpret}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The convention of this name.
     *
     * @throws IllegalArgumentException if there is none, naming those there are
     */
    public static Convention named(String id) {
        return Arrays.stream(values()).filter(c -> c.id().equals(id)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no convention '" + id + "'; known are default and transformers-interpret"));
    }
}
