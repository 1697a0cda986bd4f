package dev.limpid.attribution.explain;

/**
 * How a zero-shot classification is to be explained.
 *
 * @param text what all text tasks have in common
 * @param hypothesisTemplate a sentence with one {@code {}}, the place of a label
 * @param includeHypothesis whether the hypothesis is explained too; without that it stays as it is along the path, and the text's tokens share the whole difference
 * @param multiLabel whether each label is right or wrong by itself, so that probabilities do not add up to 1
 */
public record ZeroShotOptions(TextOptions text, String hypothesisTemplate, boolean includeHypothesis,
        boolean multiLabel) {
    /** The default convention, with the template of Hugging Face's pipeline. */
    public static final ZeroShotOptions DEFAULT = new ZeroShotOptions(TextOptions.DEFAULT, "This example is {}.",
            false, false);

    /** What {@code ZeroShotClassificationExplainer} does when asked for nothing special. */
    public static final ZeroShotOptions TRANSFORMERS_INTERPRET = new ZeroShotOptions(TextOptions.TRANSFORMERS_INTERPRET,
            "this text is about {} .", false, false);

    private static final String PLACE = "{}";

    public ZeroShotOptions {
        int at = hypothesisTemplate.indexOf(PLACE);
        if (at < 0 || hypothesisTemplate.indexOf(PLACE, at + 1) >= 0) {
            throw new IllegalArgumentException("the hypothesis template '" + hypothesisTemplate
                    + "' needs {} exactly once, where the label goes");
        }
        if (multiLabel && text.convention() == Convention.TRANSFORMERS_INTERPRET) {
            throw new IllegalArgumentException(
                    "the transformers-interpret convention lets zero-shot labels exclude each"
                            + " other; leave the convention out to use multiLabel");
        }
    }

    /** What the template says of a label. */
    String hypothesis(String label) {
        return hypothesisTemplate.replace(PLACE, label);
    }

    public ZeroShotOptions withText(TextOptions value) {
        return new ZeroShotOptions(value, hypothesisTemplate, includeHypothesis, multiLabel);
    }

    public ZeroShotOptions withHypothesisTemplate(String value) {
        return new ZeroShotOptions(text, value, includeHypothesis, multiLabel);
    }

    public ZeroShotOptions withIncludeHypothesis(boolean value) {
        return new ZeroShotOptions(text, hypothesisTemplate, value, multiLabel);
    }

    public ZeroShotOptions withMultiLabel(boolean value) {
        return new ZeroShotOptions(text, hypothesisTemplate, includeHypothesis, value);
    }
}
