package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.bert.Pooling;
import dev.limpid.demo.DemoModels;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Why these two texts are alike: what holds for the explanation of a cosine. */
class SimilarityExplainerTest {
    private static final String TEXT = "The king had a tower built, by the river.";
    private static final String PAIR = "Who wrote of the queen?";

    private static LimpidModel tiny() {
        return Limpid.load(Path.of("../bert/src/test/resources/golden/qa"));
    }

    @ParameterizedTest
    @EnumSource
    void eachTextIsExplainedBesideTheOther(Pooling pooling) {
        TextOptions options = TextOptions.DEFAULT
                .withMethod(TextMethod.of(new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 200)));
        try (LimpidModel model = tiny()) {
            SimilarityExplanation e = model.similarity().explain(TEXT, PAIR, pooling, options);
            assertThat(e.cosine()).isBetween(-1.0, 1.0);
            assertThat(e.explanations()).extracting(TargetAttribution::target).containsExactly("text", "textPair");
            for (TargetAttribution target : e.explanations()) {
                assertThat(target.scoreKind()).isEqualTo(ScoreKind.COSINE);
                assertThat(target.score()).isCloseTo(e.cosine(), within(1e-5));
                double sum = target.tokens().stream().mapToDouble(TokenAttribution::raw).sum();
                assertThat(sum).isCloseTo(target.score() - target.baselineScore(), within(1e-2));
            }
            assertThat(e.words(e.explanations().get(1))).extracting(WordAttribution::text).containsExactly("[CLS]",
                    "Who",
                    "wrote", "of", "the", "queen", "?", "[SEP]");
            assertThat(e.explanations().getFirst().tokens()).extracting(TokenAttribution::source)
                    .doesNotContain(Source.TEXT_PAIR);
            SimilarityExplanation turned = model.similarity().explain(PAIR, TEXT, pooling, options);
            assertThat(turned.cosine()).isCloseTo(e.cosine(), within(1e-12));
            assertThat(turned.explanations().get(1).score()).isEqualTo(e.explanations().get(0).score());
        }
    }

    @Test
    void aTextIsLikeItself() {
        try (LimpidModel model = tiny()) {
            assertThat(model.similarity().explain(TEXT, TEXT).cosine()).isCloseTo(1, within(1e-6));
            assertThatThrownBy(() -> model.similarity().explain(TEXT, " ")).isInstanceOf(InputException.class)
                    .hasMessageStartingWith("the second text is empty");
            assertThatThrownBy(() -> model.similarity().explain(TEXT, PAIR, Pooling.CLS,
                    TextOptions.TRANSFORMERS_INTERPRET)).hasMessageContaining("no explainer for the likeness");
        }
    }

    @Test
    void theEmbeddedEncoderFindsAParaphraseMoreAlikeThanAnotherSubjectAndSaysWhy() {
        try (LimpidModel model = Limpid.load(DemoModels.questionAnswering(),
                LoadOptions.DEFAULT.withArchitecture("BertModel"))) {
            String text = "The cat sits on the mat.";
            SimilarityExplanation alike = model.similarity().explain(text, "A kitten is sitting on a rug.");
            SimilarityExplanation other = model.similarity().explain(text, "Interest rates rose in March.");
            assertThat(alike.cosine()).isGreaterThan(0.4).isGreaterThan(other.cosine() + 0.3);
            List<WordAttribution> words = alike.words(alike.explanations().getFirst());
            WordAttribution strongest = words.stream().reduce((a, b) -> b.raw() > a.raw() ? b : a).orElseThrow();
            assertThat(strongest.text()).isEqualTo("cat");
        }
    }
}
