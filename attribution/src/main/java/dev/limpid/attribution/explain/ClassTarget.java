package dev.limpid.attribution.explain;

import dev.limpid.attribution.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Which class of a classifier is to be explained. */
public sealed interface ClassTarget {
    /** The class with the largest logit. */
    ClassTarget PREDICTED = new Top(1);

    /** Every class, in the model's order; all share the forward passes. */
    ClassTarget ALL = new All();

    /** The class of this index. */
    static ClassTarget index(int index) {
        return new Index(index);
    }

    /** The class of this label; upper and lower case matter only where labels differ by nothing else. */
    static ClassTarget label(String label) {
        return new Label(label);
    }

    /** The {@code count} classes with the largest logits; all share the forward passes. */
    static ClassTarget top(int count) {
        return new Top(count);
    }

    /** Why {@code one} rather than {@code other}: the difference of their scores. */
    static ClassTarget contrast(ClassTarget one, ClassTarget other) {
        return new Contrast(one, other);
    }

    /**
     * A class of one model, or two set against each other.
     *
     * @param index of the class
     * @param against index of the class subtracted, or −1
     * @param label of the class, or both of a contrast
     */
    record Resolved(int index, int against, String label) {
        /** {@code class}, or {@code contrast} where one is set against another. */
        public String kind() {
            return against < 0 ? "class" : "contrast";
        }

        /** The class's logit, or the difference of two. */
        public Target logit() {
            return against < 0 ? Target.logit(index) : Target.difference(index, against);
        }
    }

    /**
     * The classes meant, among a model's.
     *
     * @throws InputException if the model has no such class
     */
    List<Resolved> resolve(List<String> labels, double[] logits);

    /** See {@link ClassTarget#ALL}. */
    record All() implements ClassTarget {
        @Override
        public List<Resolved> resolve(List<String> labels, double[] logits) {
            return IntStream.range(0, labels.size()).mapToObj(i -> of(labels, i)).toList();
        }
    }

    /** See {@link ClassTarget#index}. */
    record Index(int index) implements ClassTarget {
        @Override
        public List<Resolved> resolve(List<String> labels, double[] logits) {
            if (index < 0 || index >= labels.size()) {
                throw new InputException("there is no class " + index + "; the model has " + labels.size()
                        + " classes, numbered from 0 to " + (labels.size() - 1));
            }
            return List.of(of(labels, index));
        }
    }

    /** See {@link ClassTarget#label}. */
    record Label(String label) implements ClassTarget {
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

    /** See {@link ClassTarget#top}. */
    record Top(int count) implements ClassTarget {
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

    /** See {@link ClassTarget#contrast}. */
    record Contrast(ClassTarget one, ClassTarget other) implements ClassTarget {
        @Override
        public List<Resolved> resolve(List<String> labels, double[] logits) {
            Resolved a = one.resolve(labels, logits).getFirst();
            Resolved b = other.resolve(labels, logits).getFirst();
            if (a.index() == b.index()) {
                throw new InputException(
                        "the class '" + a.label() + "' cannot be set against itself; name two classes");
            }
            return List.of(new Resolved(a.index(), b.index(), a.label() + " − " + b.label()));
        }
    }

    private static Resolved of(List<String> labels, int index) {
        return new Resolved(index, -1, labels.get(index));
    }

    /** The classes, the largest logit first; of equals the first first. */
    static IntStream order(double[] logits) {
        return IntStream.range(0, logits.length).boxed().sorted((a, b) -> Double.compare(logits[b], logits[a]))
                .mapToInt(Integer::intValue);
    }
}
