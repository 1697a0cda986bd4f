package dev.limpid.cli;

import dev.limpid.attribution.explain.ClassTarget;
import picocli.CommandLine.Option;

/** The options that name one class, of which one may be given. */
final class ClassOption {
    @Option(names = "--class", paramLabel = "NAME", description = "The class that relevance is for, by its name (default: the predicted one).")
    private String label;

    @Option(names = "--index", paramLabel = "N", description = "The same by its number, from 0.")
    private Integer index;

    /** Null if none is named. */
    ClassTarget toTarget() {
        if (label != null) {
            return ClassTarget.label(Arguments.requireDecoded("--class", label));
        }
        return index == null ? null : ClassTarget.index(index);
    }
}
