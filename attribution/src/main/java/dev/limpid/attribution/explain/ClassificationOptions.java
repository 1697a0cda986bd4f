package dev.limpid.attribution.explain;

import java.util.List;

/**
 * How a text's classification is to be explained.
 *
 * @param text what all text tasks have in common
 * @param target the class or classes
 * @param scoring how probabilities are made of logits
 * @param labels names to use in place of the model's own, one for each class; null for its own
 * @param flipSign for a model with a single logit: explain why its score is not higher, {@code 1 − probability} or {@code −logit}
 */
public record ClassificationOptions(TextOptions text, ClassTarget target, ClassScoring scoring, List<String> labels,
        boolean flipSign) {
    /** The logit of the predicted class, by the default convention. */
    public static final ClassificationOptions DEFAULT = new ClassificationOptions(TextOptions.DEFAULT,
            ClassTarget.PREDICTED, ClassScoring.AUTO, null, false);

    /** What {@code SequenceClassificationExplainer} and {@code PairwiseSequenceClassificationExplainer} do when asked for nothing special. */
    public static final ClassificationOptions TRANSFORMERS_INTERPRET = DEFAULT
            .withText(TextOptions.TRANSFORMERS_INTERPRET);

    /** What {@code MultiLabelClassificationExplainer} does: the sigmoid of every class. */
    public static final ClassificationOptions TRANSFORMERS_INTERPRET_MULTI_LABEL = TRANSFORMERS_INTERPRET
            .withTarget(ClassTarget.ALL).withScoring(ClassScoring.SIGMOID);

    public ClassificationOptions {
        labels = labels == null ? null : List.copyOf(labels);
    }

    public ClassificationOptions withText(TextOptions value) {
        return new ClassificationOptions(value, target, scoring, labels, flipSign);
    }

    public ClassificationOptions withTarget(ClassTarget value) {
        return new ClassificationOptions(text, value, scoring, labels, flipSign);
    }

    public ClassificationOptions withScoring(ClassScoring value) {
        return new ClassificationOptions(text, target, value, labels, flipSign);
    }

    public ClassificationOptions withLabels(List<String> value) {
        return new ClassificationOptions(text, target, scoring, value, flipSign);
    }

    public ClassificationOptions withFlipSign(boolean value) {
        return new ClassificationOptions(text, target, scoring, labels, value);
    }
}
