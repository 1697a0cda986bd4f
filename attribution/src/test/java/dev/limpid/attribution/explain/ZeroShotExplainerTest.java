package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.attribution.explain.ZeroShotExplanation.LabelPrediction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for zero-shot classification in the default convention, and what is refused. */
class ZeroShotExplainerTest {
    private static final String TEXT = "Alice found the river in 1889.";
    private static final List<String> LABELS = List.of("river", "machine learning", "the first war");

    private static LimpidModel model;

    @BeforeAll
    static void load() {
        model = Limpid.load(Path.of("src/test/resources/golden/nli"));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void theTextsTokensShareTheWholeDifference() {
        ZeroShotExplanation e = model.zeroShot().explain(TEXT, LABELS);
        assertThat(e.explanations()).extracting(TargetAttribution::label).isEqualTo(LABELS);
        for (TargetAttribution target : e.explanations()) {
            assertThat(e.hypothesis(target)).isEqualTo("This example is " + target.label() + ".");
            assertThat(target.tokens()).filteredOn(t -> t.source() != Source.TEXT)
                    .allSatisfy(t -> assertThat(t.raw()).isZero());
            double sum = target.tokens().stream().mapToDouble(TokenAttribution::raw).sum();
            assertThat(sum).isCloseTo(target.score() - target.baselineScore() + target.delta(), within(1e-6));
            TokenAttribution last = target.tokens().stream().filter(t -> t.source() == Source.TEXT)
                    .reduce((_, b) -> b).orElseThrow();
            assertThat(last.text()).isEqualTo(".");
            assertThat(last.raw()).isNotZero();
            assertThat(target.tokens()).filteredOn(t -> t.source() == Source.HYPOTHESIS).allSatisfy(
                    t -> assertThat(t.span().of(e.hypothesis(target))).isEqualToIgnoringCase(
                            t.text().replace("##", "")));
        }
        ZeroShotExplanation both = model.zeroShot().explain(TEXT, LABELS,
                ZeroShotOptions.DEFAULT.withIncludeHypothesis(true));
        assertThat(both.explanations().getFirst().tokens()).filteredOn(t -> t.source() == Source.HYPOTHESIS)
                .allSatisfy(t -> assertThat(t.raw()).isNotZero());
    }

    @Test
    void labelsAreRankedAsHuggingFacesPipelineDoes() {
        ZeroShotExplanation e = model.zeroShot().explain(TEXT, LABELS);
        double sum = e.predictions().stream().mapToDouble(p -> Math.exp(p.entailmentLogit())).sum();
        assertThat(e.predictions()).isSortedAccordingTo((a, b) -> Double.compare(b.probability(), a.probability()))
                .allSatisfy(
                        p -> assertThat(p.probability()).isCloseTo(Math.exp(p.entailmentLogit()) / sum, within(1e-12)));
        for (LabelPrediction p : e.predictions()) {
            ClassificationExplanation nli = model.pairClassification().explain(TEXT, p.hypothesis(),
                    ClassificationOptions.DEFAULT.withTarget(ClassTarget.label("entailment")));
            assertThat(p.entailmentLogit()).isCloseTo(nli.explanations().getFirst().score(), within(1e-5));
            double contradiction = nli.predictions().stream().filter(c -> c.index() == 0).findFirst().orElseThrow()
                    .logit();
            double byItself = 1 / (1 + Math.exp(contradiction - p.entailmentLogit()));
            assertThat(model.zeroShot().explain(TEXT, LABELS, ZeroShotOptions.DEFAULT.withMultiLabel(true))
                    .predictions()).anySatisfy(m -> {
                        assertThat(m.label()).isEqualTo(p.label());
                        assertThat(m.probability()).isCloseTo(byItself, within(1e-5));
                    });
            assertThat(model.zeroShot().explain(TEXT, List.of(p.label())).prediction().probability())
                    .isCloseTo(byItself, within(1e-5));
        }
    }

    @Test
    void progressRunsOverAllLabels() {
        List<long[]> told = new ArrayList<>();
        RunOptions run = new RunOptions(2, 0, (done, total) -> told.add(new long[]{done, total}));
        model.zeroShot().explain(TEXT, LABELS, ZeroShotOptions.DEFAULT.withText(TextOptions.DEFAULT.withRun(run)));
        assertThat(told.getLast()[0]).isEqualTo(told.getLast()[1]);
        assertThat(told).allSatisfy(one -> assertThat(one[0]).isBetween(1L, one[1]));
        assertThat(told.getFirst()[0]).as("of the first chunk").isLessThan(told.getFirst()[1] / LABELS.size());
    }

    @Test
    void aLongTextIsCutButNeverTheHypothesis() {
        String text = "the river ".repeat(40);
        assertThatThrownBy(() -> model.zeroShot().explain(text, LABELS)).isInstanceOf(InputException.class)
                .hasMessageContaining("the text and the hypothesis have");
        ZeroShotOptions cut = ZeroShotOptions.DEFAULT.withText(TextOptions.DEFAULT.withTruncate(true))
                .withHypothesisTemplate("it is {}");
        ZeroShotExplanation e = model.zeroShot().explain(text, LABELS, cut);
        assertThat(e.run().tokensLeftOut()).isPositive();
        assertThat(e.explanations()).allSatisfy(target -> assertThat(target.tokens()).hasSize(48));
        assertThat(e.explanations().get(1).tokens()).filteredOn(t -> t.source() == Source.HYPOTHESIS)
                .extracting(TokenAttribution::text).containsExactly("it", "is", "machine", "learning");
        assertThatThrownBy(() -> model.zeroShot().explain(text, List.of("war ".repeat(46)), cut))
                .isInstanceOf(InputException.class).hasMessageContaining("shorten the hypothesis");
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> model.zeroShot().explain(TEXT, List.of())).isInstanceOf(InputException.class)
                .hasMessage("there is no label to choose; give at least one");
        assertThatThrownBy(() -> ZeroShotOptions.DEFAULT.withHypothesisTemplate("about it"))
                .hasMessageContaining("needs {} exactly once");
        assertThatThrownBy(() -> ZeroShotOptions.DEFAULT.withHypothesisTemplate("{} and {}"))
                .hasMessageContaining("needs {} exactly once");
        assertThatThrownBy(() -> ZeroShotOptions.TRANSFORMERS_INTERPRET.withMultiLabel(true))
                .hasMessageContaining("exclude each other");
    }
}
