package dev.limpid.attribution.explain;

import dev.limpid.attribution.explain.TokenAttribution.Source;
import java.util.List;

/**
 * Why a model fills a [MASK] with the words it does.
 *
 * @param run what it was computed with and by which rules
 * @param text as given
 * @param mask position of the [MASK]'s token
 * @param predictions the likeliest words, the largest logit first; the index is that of the vocabulary
 * @param explanations one for each target
 */
public record FillMaskExplanation(TextRun run, String text, int mask, List<ClassPrediction> predictions,
        List<TargetAttribution> explanations) implements TextExplanation {
    public FillMaskExplanation {
        predictions = List.copyOf(predictions);
        explanations = List.copyOf(explanations);
    }

    @Override
    public String text(TargetAttribution explanation, Source source) {
        return TextExplanation.only(source, Source.TEXT, text);
    }

    /** The likeliest word. */
    public ClassPrediction prediction() {
        return predictions.getFirst();
    }
}
