package dev.limpid.attribution.explain;

import dev.limpid.attribution.explain.TokenAttribution.Source;
import java.util.List;

/**
 * Why a model of natural language inference finds labels fitting for a text.
 *
 * @param run what it was computed with and by which rules; of the label with most tokens left out
 * @param text as given
 * @param hypothesisTemplate the sentence with a place for the label
 * @param predictions all labels, the most probable first
 * @param explanations one for each label, in the order given; the score is that of entailment
 */
public record ZeroShotExplanation(TextRun run, String text, String hypothesisTemplate,
        List<LabelPrediction> predictions,
        List<TargetAttribution> explanations) implements TextExplanation {
    public ZeroShotExplanation {
        predictions = List.copyOf(predictions);
        explanations = List.copyOf(explanations);
    }

    /**
     * What the model makes of one label.
     *
     * @param index of the label, as given
     * @param label the label
     * @param hypothesis what the template says of it
     * @param entailmentLogit the logit for "the text entails the hypothesis"
     * @param probability among all labels, or of this one by itself
     */
    public record LabelPrediction(int index, String label, String hypothesis, double entailmentLogit,
            double probability) {}

    @Override
    public String text(TargetAttribution explanation, Source source) {
        return source == Source.HYPOTHESIS
                ? hypothesis(explanation)
                : TextExplanation.only(source, Source.TEXT, text);
    }

    /** The most probable label. */
    public LabelPrediction prediction() {
        return predictions.getFirst();
    }

    /** The hypothesis an explanation is about. */
    public String hypothesis(TargetAttribution explanation) {
        return predictions.stream().filter(p -> p.index() == explanation.index()).findFirst().orElseThrow()
                .hypothesis();
    }
}
