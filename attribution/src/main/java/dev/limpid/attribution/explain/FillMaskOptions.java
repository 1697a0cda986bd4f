package dev.limpid.attribution.explain;

/**
 * How the filling of a [MASK] is to be explained.
 *
 * @param text what all text tasks have in common; the default convention only, since transformers-interpret has no such explainer
 * @param target the word or words, by index or label in the vocabulary
 * @param mask which of several [MASK]s, from 0
 * @param predictions how many of the likeliest words to name
 */
public record FillMaskOptions(TextOptions text, ClassTarget target, int mask, int predictions) {
    /** The logit of the likeliest word for the first [MASK]. */
    public static final FillMaskOptions DEFAULT = new FillMaskOptions(TextOptions.DEFAULT, ClassTarget.PREDICTED, 0, 5);

    public FillMaskOptions {
        TextOptions.requireDefault(text, "filling masks");
        if (mask < 0 || predictions < 1) {
            throw new IllegalArgumentException("mask must not be negative, predictions must be positive");
        }
    }

    public FillMaskOptions withText(TextOptions value) {
        return new FillMaskOptions(value, target, mask, predictions);
    }

    public FillMaskOptions withTarget(ClassTarget value) {
        return new FillMaskOptions(text, value, mask, predictions);
    }

    public FillMaskOptions withMask(int value) {
        return new FillMaskOptions(text, target, value, predictions);
    }

    public FillMaskOptions withPredictions(int value) {
        return new FillMaskOptions(text, target, mask, value);
    }
}
