package dev.limpid.attribution.explain;

import dev.limpid.tokenizer.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * Neighbouring tokens with one kind of label, grouped as by the {@code simple} aggregation of Hugging Face's pipeline: a label that begins with B- opens a new
 * entity, one that begins with I-, or with neither, goes on with an entity of its kind.
 *
 * @param label its kind: {@code PER}
 * @param start position of its first token
 * @param end position of its last token
 * @param span where it stands in the text, in UTF-16 units
 * @param text its words: the substring of the text, untouched
 * @param probability mean of the tokens' probabilities
 */
public record Entity(String label, int start, int end, Span span, String text, double probability) {
    private static final String OUTSIDE = "O";

    /** The entities among a text's tokens. */
    static List<Entity> of(List<TokenPrediction> tokens, String text) {
        List<Entity> entities = new ArrayList<>();
        List<TokenPrediction> words = tokens.stream().filter(token -> token.span() != null).toList();
        for (int from = 0; from < words.size();) {
            String kind = kind(words.get(from).label());
            int to = from + 1;
            while (to < words.size() && kind(words.get(to).label()).equals(kind)
                    && !words.get(to).label().startsWith("B-")) {
                to++;
            }
            if (!kind.equals(OUTSIDE)) {
                List<TokenPrediction> group = words.subList(from, to);
                Span span = new Span(group.getFirst().span().start(), group.getLast().span().end());
                entities.add(new Entity(kind, group.getFirst().index(), group.getLast().index(), span, span.of(text),
                        group.stream().mapToDouble(TokenPrediction::probability).average().orElseThrow()));
            }
            from = to;
        }
        return entities;
    }

    private static String kind(String label) {
        return label.startsWith("B-") || label.startsWith("I-") ? label.substring(2) : label;
    }
}
