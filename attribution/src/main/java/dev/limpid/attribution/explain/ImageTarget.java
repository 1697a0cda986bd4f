package dev.limpid.attribution.explain;

import dev.limpid.attribution.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Which class of an image classifier is to be explained. */
public sealed interface ImageTarget {
    /** The class with the largest logit. */
    ImageTarget PREDICTED = new Top(1);

    /** The class of this index. */
    static ImageTarget index(int index) {
        return new Index(index);
    }

    /** The class of this label; upper and lower case matter only where labels differ by nothing else. */
    static ImageTarget label(String label) {
        return new Label(label);
    }

    /** The {@code count} classes with the largest logits; all share the forward passes. */
    static ImageTarget top(int count) {
        return new Top(count);
    }

    /** Why {@code one} rather than {@code other}: the difference of their logits. */
    static ImageTarget contrast(ImageTarget one, ImageTarget other) {
        return new Contrast(one, other);
    }

    /**
     * A target of one model.
     *
     * @param kind {@code class} or {@code contrast}
     * @param index of the class; of the first of two in a contrast
     * @param label of the class, or both of a contrast
     * @param target the scalar
     */
    record Resolved(String kind, int index, String label, Target target) {}

    /**
     * The targets among a model's classes.
     *
     * @throws InputException if the model has no such class
     */
    List<Resolved> resolve(List<String> labels, double[] logits);

    /** See {@link ImageTarget#index}. */
    record Index(int index) implements ImageTarget {
        @Override
        public List<Resolved> resolve(List<String> labels, double[] logits) {
            if (index < 0 || index >= labels.size()) {
                throw new InputException("there is no class " + index + "; the model has " + labels.size()
                        + " classes, numbered from 0 to " + (labels.size() - 1));
            }
            return List.of(of(labels, index));
        }
    }

    /** See {@link ImageTarget#label}. */
    record Label(String label) implements ImageTarget {
        @Override
        public List<Resolved> resolve(List<String> labels, double[] logits) {
            int exact = labels.indexOf(label);
            if (exact >= 0) {
                return List.of(of(labels, exact));
            }
            List<Integer> alike = new ArrayList<>();
            for (int i = 0; i < labels.size(); i++) {
                if (labels.get(i).equalsIgnoreCase(label)) {
                    alike.add(i);
                }
            }
            if (alike.size() != 1) {
                int shown = Math.min(labels.size(), 10);
                throw new InputException("the model has no class '" + label + "'; it has "
                        + String.join(", ", labels.subList(0, shown))
                        + (shown < labels.size() ? " and " + (labels.size() - shown) + " more" : ""));
            }
            return List.of(of(labels, alike.getFirst()));
        }
    }

    /** See {@link ImageTarget#top}. */
    record Top(int count) implements ImageTarget {
        public Top {
            if (count < 1) {
                throw new IllegalArgumentException("at least one class must be explained, not " + count);
            }
        }

        @Override
        public List<Resolved> resolve(List<String> labels, double[] logits) {
            return order(logits).limit(count).mapToObj(i -> of(labels, i)).toList();
        }
    }

    /** See {@link ImageTarget#contrast}. */
    record Contrast(ImageTarget one, ImageTarget other) implements ImageTarget {
        @Override
        public List<Resolved> resolve(List<String> labels, double[] logits) {
            Resolved a = one.resolve(labels, logits).getFirst();
            Resolved b = other.resolve(labels, logits).getFirst();
            if (a.index() == b.index()) {
                throw new InputException(
                        "the class '" + a.label() + "' cannot be set against itself; name two classes");
            }
            return List.of(new Resolved("contrast", a.index(), a.label() + " − " + b.label(),
                    Target.difference(a.index(), b.index())));
        }
    }

    private static Resolved of(List<String> labels, int index) {
        return new Resolved("class", index, labels.get(index), Target.logit(index));
    }

    /** The classes, the largest logit first; of equals the first first. */
    static IntStream order(double[] logits) {
        return IntStream.range(0, logits.length).boxed().sorted((a, b) -> Double.compare(logits[b], logits[a]))
                .mapToInt(Integer::intValue);
    }
}
