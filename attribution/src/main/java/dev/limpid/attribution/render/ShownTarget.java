package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.ClassificationExplanation;
import dev.limpid.attribution.explain.Entity;
import dev.limpid.attribution.explain.FillMaskExplanation;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.attribution.explain.SimilarityExplanation;
import dev.limpid.attribution.explain.TargetAttribution;
import dev.limpid.attribution.explain.TextExplanation;
import dev.limpid.attribution.explain.TokenAttribution;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.attribution.explain.TokenClassificationExplanation;
import dev.limpid.attribution.explain.WordAttribution;
import dev.limpid.attribution.explain.ZeroShotExplanation;
import java.util.List;
import java.util.function.Function;

/**
 * An explained number as people are shown it.
 *
 * @param label what it is called
 * @param target its numbers, with words in place of tokens where these are wanted
 * @param texts the text that a token's span refers to
 * @param outlined position of the token it is about; −1 for none
 * @param first position of the first token that is marked
 * @param last position of the last one; before {@code first} where none is
 */
record ShownTarget(String label, TargetAttribution target, Function<Source, String> texts, int outlined, int first,
        int last) {
    static List<ShownTarget> of(TextExplanation explanation, TextDetails details) {
        return explanation.explanations().stream().map(target -> of(explanation, target, details)).toList();
    }

    private static ShownTarget of(TextExplanation explanation, TargetAttribution target, TextDetails details) {
        Function<Source, String> texts = source -> explanation.text(target, source);
        ShownTarget shown = switch (explanation) {
            case QuestionAnsweringExplanation e -> new ShownTarget(target.label(), target, texts, target.index(),
                    e.answer().start(), e.answer().end());
            case TokenClassificationExplanation e when target.target().equals("token") ->
                new ShownTarget(e.predictions().get(target.index()).token() + " " + target.label(), target, texts,
                        target.index(), 0, -1);
            case TokenClassificationExplanation e -> {
                Entity entity = e.entities().stream().filter(one -> one.start() == target.index()).findFirst()
                        .orElseThrow();
                yield new ShownTarget(entity.text() + " " + target.label(), target, texts, -1, entity.start(),
                        entity.end());
            }
            case FillMaskExplanation e -> new ShownTarget(target.label(), target, texts, e.mask(), 0, -1);
            case ClassificationExplanation _,ZeroShotExplanation _,SimilarityExplanation _ ->
                new ShownTarget(target.label(), target, texts, -1, 0, -1);
        };
        return details.words() ? shown.withWords(explanation.words(target)) : shown;
    }

    private ShownTarget withWords(List<WordAttribution> words) {
        List<TokenAttribution> tokens = words.stream().map(word -> new TokenAttribution(word.text(), word.source(),
                word.span(), word.raw(), word.attribution())).toList();
        TargetAttribution merged = new TargetAttribution(target.target(), target.index(), target.label(),
                target.scoreKind(), target.score(), target.baselineScore(), target.delta(), target.method(),
                target.quadrature(), target.steps(), target.accuracy(), tokens);
        return new ShownTarget(label, merged, texts, word(words, outlined), first > last ? first : word(words, first),
                first > last ? last : word(words, last));
    }

    private static int word(List<WordAttribution> words, int token) {
        for (int w = 0; w < words.size(); w++) {
            if (words.get(w).firstToken() <= token && token <= words.get(w).lastToken()) {
                return w;
            }
        }
        return -1;
    }

    List<TokenAttribution> tokens() {
        return target.tokens();
    }

    /** What tells it from the others of its explanation: its kind where each is of another, else what it is called. */
    String name() {
        return switch (target.target()) {
            case "start", "end" -> target.target();
            default -> label;
        };
    }

    /** A number, or a dash where the method has none. */
    static String number(double value, Function<Double, String> format) {
        return Double.isNaN(value) ? "–" : format.apply(value);
    }
}
