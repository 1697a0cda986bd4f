package dev.limpid.attribution.explain;

import dev.limpid.attribution.explain.TokenAttribution.Source;
import java.util.List;

/**
 * Why a model labelled the tokens of a text as it did.
 *
 * @param run what it was computed with and by which rules
 * @param text as given
 * @param predictions every token, special ones too, in order
 * @param entities what they are grouped to
 * @param explanations one for each token or entity explained, in order; none is lost where two tokens are alike
 */
public record TokenClassificationExplanation(TextRun run, String text, List<TokenPrediction> predictions,
        List<Entity> entities, List<TargetAttribution> explanations) implements TextExplanation {
    public TokenClassificationExplanation {
        predictions = List.copyOf(predictions);
        entities = List.copyOf(entities);
        explanations = List.copyOf(explanations);
    }

    @Override
    public String text(TargetAttribution explanation, Source source) {
        return TextExplanation.only(source, Source.TEXT, text);
    }
}
