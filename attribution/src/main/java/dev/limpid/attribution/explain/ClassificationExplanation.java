package dev.limpid.attribution.explain;

import dev.limpid.attribution.explain.TokenAttribution.Source;
import java.util.List;

/**
 * Why a model classified a text, or two texts together, as it did.
 *
 * @param run what it was computed with and by which rules
 * @param text as given
 * @param textPair the second text as given, or null
 * @param scoring how probabilities were made of logits
 * @param predictions all classes, the largest logit first
 * @param explanations one for each target
 */
public record ClassificationExplanation(TextRun run, String text, String textPair, ClassScoring scoring,
        List<ClassPrediction> predictions, List<TargetAttribution> explanations) implements TextExplanation {
    public ClassificationExplanation {
        predictions = List.copyOf(predictions);
        explanations = List.copyOf(explanations);
    }

    @Override
    public String text(TargetAttribution explanation, Source source) {
        return source == Source.TEXT_PAIR
                ? TextExplanation.only(source, Source.TEXT_PAIR, textPair)
                : TextExplanation.only(source, Source.TEXT, text);
    }

    /** The class with the largest logit. */
    public ClassPrediction prediction() {
        return predictions.getFirst();
    }
}
