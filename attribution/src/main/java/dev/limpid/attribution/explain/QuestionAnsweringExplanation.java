package dev.limpid.attribution.explain;

import dev.limpid.attribution.explain.TokenAttribution.Source;
import java.util.List;

/**
 * Why a model gave an answer: the answer, and for its start and its end what every token of question and context added.
 *
 * <p>The classes of {@code dev.limpid.attribution.render} make HTML, JSON and text of it.
 *
 * @param model the model's name
 * @param device the device it ran on
 * @param precision {@code f32} or {@code f64}
 * @param convention the rules followed
 * @param baseline what the path started from
 * @param question as given
 * @param context as given, whole
 * @param answer the prediction
 * @param window the part of the context that was explained
 * @param start why the answer starts where it does
 * @param end why it ends where it does
 */
public record QuestionAnsweringExplanation(String model, String device, String precision, Convention convention,
        Baseline baseline, String question, String context, Answer answer, Window window, TargetAttribution start,
        TargetAttribution end) implements TextExplanation {
    /** Start, then end. */
    @Override
    public List<TargetAttribution> explanations() {
        return List.of(start, end);
    }

    @Override
    public TextRun run() {
        return new TextRun(model, device, precision, convention, baseline, 0);
    }

    @Override
    public String text(TargetAttribution explanation, Source source) {
        return source == Source.QUESTION ? question : TextExplanation.only(source, Source.CONTEXT, context);
    }
}
