package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.Steps;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Why this word: what holds for the explanation of masks, and what is refused. */
class FillMaskExplainerTest {
    private static final String TEXT = "Paris is the [MASK] of France, [MASK]!";

    private static LimpidModel model;

    @BeforeAll
    static void load() {
        model = Limpid.load(Path.of("../bert/src/test/resources/golden/masked-lm"));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static double[] raw(TargetAttribution target) {
        return target.tokens().stream().mapToDouble(TokenAttribution::raw).toArray();
    }

    @Test
    void theLikeliestWordsAreThoseOfTheWholeModel() {
        FillMaskExplanation e = model.fillMask().explain(TEXT,
                FillMaskOptions.DEFAULT.withMask(1).withPredictions(240));
        assertThat(e.mask()).isEqualTo(8);
        TextInput input = new TextReader(model).read("text", TEXT, Source.TEXT, false).input();
        double[] all = new TextAttributor(model).logits(input.batch(), TextOptions.DEFAULT);
        assertThat(all).hasSize(240 * input.length());
        for (ClassPrediction p : e.predictions()) {
            assertThat(p.label()).isEqualTo(model.tokenizer().token(p.index()));
            assertThat(p.logit()).isCloseTo(all[240 * 8 + p.index()], within(1e-5));
        }
        assertThat(e.predictions().stream().mapToDouble(ClassPrediction::probability).sum()).isCloseTo(1, within(1e-9));
        assertThat(e.explanations().getFirst().label()).isEqualTo(e.prediction().label());
        assertThat(e.explanations().getFirst().target()).isEqualTo("word");
    }

    @Test
    void masksStayAndTheOtherWordsShareTheDifference() {
        FillMaskExplanation e = model.fillMask().explain(TEXT);
        TargetAttribution target = e.explanations().getFirst();
        double[] raw = raw(target);
        IntStream.range(0, raw.length).forEach(t -> {
            boolean stays = target.tokens().get(t).text().startsWith("[");
            assertThat(raw[t] == 0).as(target.tokens().get(t).text()).isEqualTo(stays);
        });
        assertThat(target.delta()).isCloseTo(
                IntStream.range(0, raw.length).mapToDouble(t -> raw[t]).sum() - target.score() + target.baselineScore(),
                within(1e-6));
        assertThat(e.predictions()).hasSize(5);
    }

    @Test
    void oneWordRatherThanAnotherIsTheDifference() {
        for (ScoreKind kind : new ScoreKind[]{ScoreKind.LOGIT, ScoreKind.PROBABILITY}) {
            FillMaskOptions options = FillMaskOptions.DEFAULT.withText(TextOptions.DEFAULT.withScoreKind(kind)
                    .withMethod(TextMethod.of(new IntegratedGradients(Steps.FIFTY))));
            ClassTarget capital = ClassTarget.label("capital");
            ClassTarget river = ClassTarget.label("river");
            TargetAttribution contrast = model.fillMask()
                    .explain(TEXT, options.withTarget(ClassTarget.contrast(capital, river))).explanations().getFirst();
            double[] a = raw(model.fillMask().explain(TEXT, options.withTarget(capital)).explanations().getFirst());
            double[] b = raw(model.fillMask().explain(TEXT, options.withTarget(river)).explanations().getFirst());
            assertThat(contrast.target()).isEqualTo("contrast");
            assertThat(contrast.label()).isEqualTo("capital − river");
            assertThat(raw(contrast)).containsExactly(
                    IntStream.range(0, a.length).mapToDouble(t -> a[t] - b[t]).toArray(),
                    within(1e-5));
        }
    }

    @Test
    void whatCannotBeFilledIsRefused() {
        assertThatThrownBy(() -> model.fillMask().explain("Paris")).isInstanceOf(InputException.class)
                .hasMessage("the text has no [MASK]; write one where a word is to be guessed");
        assertThatThrownBy(() -> model.fillMask().explain(TEXT, FillMaskOptions.DEFAULT.withMask(2)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("has 2 [MASK], so there is none with the number 2");
        assertThatThrownBy(() -> model.fillMask().explain(TEXT, FillMaskOptions.DEFAULT
                .withTarget(ClassTarget.contrast(ClassTarget.label("city"), ClassTarget.label("capitals")))))
                .isInstanceOf(InputException.class).hasMessageStartingWith("the vocabulary has no token 'capitals'");
        assertThatThrownBy(() -> FillMaskOptions.DEFAULT.withText(TextOptions.TRANSFORMERS_INTERPRET))
                .hasMessageContaining("has no explainer for filling masks");
        assertThatThrownBy(() -> FillMaskOptions.DEFAULT.withPredictions(0)).hasMessageContaining("must be positive");
    }
}
