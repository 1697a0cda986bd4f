package dev.limpid.attribution.explain;

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
        List<ClassPrediction> predictions, List<TargetAttribution> explanations) {
    public ClassificationExplanation {
        predictions = List.copyOf(predictions);
        explanations = List.copyOf(explanations);
    }

    /** The class with the largest logit. */
    public ClassPrediction prediction() {
        return predictions.getFirst();
    }
}
