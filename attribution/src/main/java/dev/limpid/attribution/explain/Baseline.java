package dev.limpid.attribution.explain;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What stands at the start of the path in place of every token that is not special; special tokens, positions and segments stay. */
public enum Baseline {
    /** The embedding of [PAD]. */
    PAD,
    /** The embedding of [MASK]. */
    MASK,
    /** The zero vector, at the point where the path runs. */
    ZERO,
    /** The mean of all word embeddings of the vocabulary. */
    MEAN;

    /** The name used in options: {@code pad}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The baseline of this name.
     *
     * @throws IllegalArgumentException if there is none, naming those there are
     */
    public static Baseline named(String id) {
        return Arrays.stream(values()).filter(b -> b.id().equals(id)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no baseline '" + id + "'; known are "
                        + Arrays.stream(values()).map(Baseline::id).collect(Collectors.joining(", "))));
    }
}
