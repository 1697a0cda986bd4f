package dev.limpid.attribution.render;

import dev.limpid.attribution.Saliency;
import dev.limpid.attribution.explain.ClassScoring;
import dev.limpid.attribution.explain.ClassTarget;
import dev.limpid.attribution.explain.ClassificationOptions;
import dev.limpid.attribution.explain.FillMaskOptions;
import dev.limpid.attribution.explain.Limpid;
import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.TextExplanation;
import dev.limpid.attribution.explain.TextMethod;
import dev.limpid.attribution.explain.TextOptions;
import dev.limpid.attribution.explain.TokenOptions;
import dev.limpid.attribution.explain.TokenOptions.Explained;
import dev.limpid.attribution.explain.ZeroShotOptions;
import dev.limpid.bert.Pooling;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** Explanations of texts by tiny models of every kind. */
final class TextExamples {
    private TextExamples() {}

    static <T> T with(String checkpoint, Function<LimpidModel, T> work) {
        Path folder = checkpoint.equals("nli")
                ? Path.of("src/test/resources/golden/nli")
                : Path.of("../bert/src/test/resources/golden", checkpoint);
        try (LimpidModel model = Limpid.load(folder)) {
            return work.apply(model);
        }
    }

    /** One of every kind about a text, and for every kind of target; cut off where the tiny models' windows end. */
    static Stream<Named<TextExplanation>> all(String text) {
        String theme = "the river";
        String label = text.substring(0, Math.min(8, text.length()));
        TextOptions cut = TextOptions.DEFAULT.withTruncate(true);
        ClassificationOptions classes = ClassificationOptions.DEFAULT.withText(cut);
        return Stream.of(
                named("class", "sequence-2", m -> m.textClassification().explain(text, classes)),
                named("amount", "sequence-1", m -> m.textClassification().explain(text,
                        classes.withScoring(ClassScoring.NONE))),
                named("contrast of own labels", "sequence-2", m -> m.textClassification().explain(text,
                        classes.withLabels(List.of(text, "b"))
                                .withTarget(ClassTarget.contrast(ClassTarget.index(0), ClassTarget.index(1))))),
                named("leave one out", "sequence-2", m -> m.textClassification().explain(text,
                        classes.withText(cut.withMethod(TextMethod.LEAVE_ONE_OUT)))),
                named("saliency", "sequence-2", m -> m.textClassification().explain(text,
                        classes.withText(cut.withMethod(TextMethod.of(new Saliency(false)))))),
                named("pair", "sequence-1", m -> m.pairClassification().explain(text, theme, classes)),
                named("labels", "sequence-5", m -> m.textClassification().explain(text,
                        classes.withTarget(ClassTarget.ALL))),
                named("zero-shot", "nli", m -> m.zeroShot().explain(text, List.of(label, "river"),
                        ZeroShotOptions.DEFAULT.withText(cut).withIncludeHypothesis(true))),
                named("tokens", "token", m -> m.tokenClassification().explain(text,
                        TokenOptions.DEFAULT.withText(cut))),
                named("entities", "token", m -> m.tokenClassification().explain(text,
                        TokenOptions.DEFAULT.withText(cut).withExplained(Explained.ENTITIES))),
                named("mask", "masked-lm", m -> m.fillMask().explain("[MASK] " + text,
                        FillMaskOptions.DEFAULT.withText(cut).withTarget(ClassTarget.top(2)))),
                named("similarity", "sequence-2", m -> m.similarity().explain(text, theme, Pooling.MEAN, cut)));
    }

    private static Named<TextExplanation> named(String name, String checkpoint,
            Function<LimpidModel, TextExplanation> work) {
        return Named.of(name, with(checkpoint, work));
    }
}
