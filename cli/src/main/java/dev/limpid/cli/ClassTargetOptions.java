package dev.limpid.cli;

import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.ClassTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which class is explained, of which one may be given; the predicted one without any. */
final class ClassTargetOptions {
    @Option(names = "--class", paramLabel = "NAME", description = "Explain this class, by its name.")
    private String label;

    @Option(names = "--index", paramLabel = "N", description = "Explain this class, by its number from 0.")
    private Integer index;

    @Option(names = "--top", paramLabel = "K", description = "Explain the K likeliest classes.")
    private Integer top;

    @Option(names = "--contrast", paramLabel = "A,B", description = "Explain why class A rather than B; names or numbers.")
    private String contrast;

    /** Whether a class is chosen. */
    boolean given() {
        return label != null || index != null || top != null || contrast != null;
    }

    /**
     * Refuses what no model could have.
     *
     * @throws UsageException if so
     */
    void check() {
        if (top != null && top < 1) {
            throw new UsageException("--top must be 1 or more, not " + top);
        }
        Arguments.requireDecoded("--class", label == null ? "" : label);
        Arguments.requireDecoded("--contrast", contrast == null ? "" : contrast);
    }

    /**
     * The same as the library has it.
     *
     * @param labels the model's classes, which tell where a name with commas ends
     * @throws UsageException if a contrast is not of two classes
     */
    ClassTarget toTarget(List<String> labels) {
        if (label != null) {
            return ClassTarget.label(label);
        }
        if (index != null) {
            return ClassTarget.index(index);
        }
        if (contrast != null) {
            return contrast(labels);
        }
        return top == null ? ClassTarget.PREDICTED : ClassTarget.top(top);
    }

    /** A sentence for whoever asks for a class that transformers-interpret does not look at. */
    Optional<String> note(Convention convention) {
        boolean ignored = label != null || (index != null && index == 0);
        return convention == Convention.TRANSFORMERS_INTERPRET && ignored
                ? Optional.of((label == null ? "--index 0" : "--class") + " is not looked at by transformers-interpret;"
                        + " the predicted class is explained, as it would there")
                : Optional.empty();
    }

    /** Both parts at a comma such that each is a class; names may hold commas themselves. */
    private ClassTarget contrast(List<String> labels) {
        List<ClassTarget> found = new ArrayList<>();
        for (int comma = contrast.indexOf(','); comma >= 0; comma = contrast.indexOf(',', comma + 1)) {
            Optional<ClassTarget> a = target(contrast.substring(0, comma).strip(), labels);
            Optional<ClassTarget> b = target(contrast.substring(comma + 1).strip(), labels);
            if (a.isPresent() && b.isPresent()) {
                found.add(ClassTarget.contrast(a.get(), b.get()));
            }
        }
        if (found.size() != 1) {
            throw new UsageException("--contrast '" + contrast + "' " + (found.isEmpty()
                    ? "does not name two classes of the model"
                    : "can be read in several ways") + "; write two of its " + labels.size()
                    + " classes, by name or number, with a comma between, such as '" + labels.getFirst() + ","
                    + labels.getLast() + "'");
        }
        return found.getFirst();
    }

    private static Optional<ClassTarget> target(String name, List<String> labels) {
        String wanted = name.toLowerCase(Locale.ROOT);
        if (labels.stream().anyMatch(one -> one.toLowerCase(Locale.ROOT).equals(wanted))) {
            return Optional.of(ClassTarget.label(name));
        }
        return name.matches("\\d{1,9}") ? Optional.of(ClassTarget.index(Integer.parseInt(name))) : Optional.empty();
    }
}
