package dev.limpid.attribution.explain;

import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.tokenizer.Span;
import java.util.List;

/** Why a model made of a text, or of several, what it made: what the explanations of all text tasks have in common. */
public sealed interface TextExplanation permits QuestionAnsweringExplanation, ClassificationExplanation,
        ZeroShotExplanation, TokenClassificationExplanation, FillMaskExplanation, SimilarityExplanation {
    /** What it was computed with, and by which rules. */
    TextRun run();

    /** One for each number explained. */
    List<TargetAttribution> explanations();

    /**
     * A text, as given, that spans of tokens refer to.
     *
     * @param explanation one of this
     * @param source any but {@link Source#SPECIAL}
     * @throws IllegalArgumentException if the task has no such text
     */
    String text(TargetAttribution explanation, Source source);

    /** The words of an explanation, each with the sum of its pieces: see {@link WordAttribution#words}. */
    default List<WordAttribution> words(TargetAttribution explanation) {
        return WordAttribution.words(explanation.tokens(), source -> text(explanation, source));
    }

    /** Stretches of one of the texts, such as its sentences, each with the sum of its tokens: see {@link WordAttribution#spans}. */
    default List<WordAttribution> spans(TargetAttribution explanation, Source source, List<Span> spans) {
        return WordAttribution.spans(explanation.tokens(), source, text(explanation, source), spans);
    }

    /** The text of a source that the task has not. */
    private static IllegalArgumentException none(Source source) {
        return new IllegalArgumentException("this task has no text called " + source.id());
    }

    /** {@code text} if it is that of {@code source}, for tasks with few texts. */
    static String only(Source source, Source has, String text) {
        if (source != has || text == null) {
            throw none(source);
        }
        return text;
    }
}
