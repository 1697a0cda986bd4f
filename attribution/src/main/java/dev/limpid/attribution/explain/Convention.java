package dev.limpid.attribution.explain;

import dev.limpid.attribution.Steps;
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

    /** The steps that stand for these where this convention is chosen: transformers-interpret knows no others than given ones. */
    Steps steps(Steps steps) {
        return this == TRANSFORMERS_INTERPRET && steps instanceof Steps.Auto ? Steps.FIFTY : steps;
    }

    /** Refuses steps that transformers-interpret does not know. */
    void requireSteps(Steps steps) {
        if (!steps(steps).equals(steps)) {
            throw new IllegalArgumentException("the transformers-interpret convention has only a given number of steps,"
                    + " not auto; give one, or leave the convention out");
        }
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
