package dev.limpid.attribution.explain;

import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.bert.Pooling;
import java.util.List;

/**
 * Why an embedding model finds two texts alike.
 *
 * @param run what it was computed with and by which rules
 * @param text the first, as given
 * @param textPair the second, as given
 * @param pooling how tokens' vectors make one
 * @param cosine of the angle between the texts' vectors
 * @param explanations what the first text's tokens add to the cosine with the second's vector, and what the second's add to that with the first's
 */
public record SimilarityExplanation(TextRun run, String text, String textPair, Pooling pooling, double cosine,
        List<TargetAttribution> explanations) implements TextExplanation {
    public SimilarityExplanation {
        explanations = List.copyOf(explanations);
    }

    @Override
    public String text(TargetAttribution explanation, Source source) {
        return source == Source.TEXT_PAIR ? textPair : TextExplanation.only(source, Source.TEXT, text);
    }
}
