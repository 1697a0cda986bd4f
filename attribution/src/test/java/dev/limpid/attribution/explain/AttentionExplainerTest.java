package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.Method;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Target;
import dev.limpid.attribution.attention.AttentionMaps;
import dev.limpid.attribution.attention.AttentionRollout;
import dev.limpid.attribution.attention.GradientWeightedAttention;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.attribution.render.attention.AttentionFigure;
import dev.limpid.attribution.render.attention.AttentionStack;
import dev.limpid.bert.BertModel;
import dev.limpid.bert.EmbeddingPoint;
import dev.limpid.nn.ModelException;
import dev.limpid.tokenizer.Span;
import dev.limpid.vit.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attention of texts and images on tiny random checkpoints. */
class AttentionExplainerTest {
    private static final Path GOLDEN = Path.of("../bert/src/test/resources/golden");
    private static final LoadOptions REFERENCE = LoadOptions.DEFAULT.withDevice("reference").withName("tiny");

    private static void requireRowsSumToOne(AttentionMaps maps) {
        for (int layer = 0; layer < maps.layers(); layer++) {
            for (int row = 0; row < maps.heads() * maps.length(); row++) {
                double sum = 0;
                for (int j = 0; j < maps.length(); j++) {
                    sum += maps.probability(layer, row / maps.length(), row % maps.length(), j);
                }
                assertThat(sum).isCloseTo(1, within(1e-6));
            }
        }
    }

    @Test
    void aTextIsReadWithTheGradientOfAClass() {
        try (LimpidModel model = Limpid.load(GOLDEN.resolve("sequence-2"), REFERENCE)) {
            AttentionExplainer explainer = new AttentionExplainer(model);
            AttentionExplanation e = explainer.explain("The film was great!", null, ClassTarget.index(1), false);
            assertThat(e.tokens()).startsWith("[CLS]").endsWith("[SEP]").hasSize(e.maps().length());
            assertThat(e.target()).isEqualTo(model.bert().config().labels().get(1));
            assertThat(e.segments()).containsOnly(0);
            requireRowsSumToOne(e.maps());
            assertThat(Arrays.stream(e.rollout()).sum()).isCloseTo(1, within(1e-6));
            assertThat(e.relevance()[0]).isEqualTo(GradientWeightedAttention.scores(e.maps(), 0)[0] - 1)
                    .isGreaterThanOrEqualTo(0);
            assertThat(e.score()).isEqualTo(e.logits()[1]);
            assertThat(e.spans().get(0)).isNull();
            assertThat(e.spans().get(1)).isEqualTo(new Span(0, 3));
            assertThat(e.sources()).startsWith(Source.SPECIAL, Source.TEXT).hasSameSizeAs(e.tokens());
            AttentionExplanation predicted = explainer.explain("The film was great!", null, ClassTarget.PREDICTED,
                    false);
            int best = e.logits()[0] > e.logits()[1] ? 0 : 1;
            assertThat(predicted.target()).isEqualTo(model.bert().config().labels().get(best));
        }
    }

    @Test
    void twoTextsAreBlocksOfAFigure() {
        try (LimpidModel model = Limpid.load(GOLDEN.resolve("sequence-2"), REFERENCE)) {
            AttentionExplanation e = new AttentionExplainer(model).explain("The film was great!", "Bob died", null,
                    false);
            assertThat(e.target()).isNull();
            assertThat(e.score()).isNaN();
            assertThat(e.sources()).contains(Source.TEXT, Source.TEXT_PAIR);
            assertThat(model.attention().predicted()).isEqualTo(ClassTarget.PREDICTED);
            assertThat(e.maps().hasGradients()).isFalse();
            AttentionFigure figure = AttentionFigure.of("two", e, true);
            assertThat(figure.tokens().sentenceB()).isEqualTo(e.tokens().indexOf("[SEP]") + 1);
            assertThat(figure.stacks()).extracting(AttentionStack::id).containsExactly("attention", "rollout");
            assertThat(figure.projections()).isEqualTo(e.projections());
            assertThat(AttentionFigure.of("two", e, false).projections()).isNull();
        }
    }

    @Test
    void asMethodsTheyGiveTokensTheSameScores() {
        try (LimpidModel model = Limpid.load(GOLDEN.resolve("sequence-2"), REFERENCE)) {
            AttentionExplanation e = model.attention().explain("The film was great!", "Bob died", ClassTarget.index(1),
                    false);
            for (Method method : List.of(AttentionRollout.DEFAULT, new GradientWeightedAttention())) {
                TargetAttribution target = model.pairClassification().explain("The film was great!", "Bob died",
                        ClassificationOptions.DEFAULT.withTarget(ClassTarget.index(1))
                                .withText(TextOptions.DEFAULT.withMethod(TextMethod.of(method))))
                        .explanations().getFirst();
                double[] expected = method instanceof AttentionRollout ? e.rollout() : e.relevance();
                for (int t = 0; t < expected.length; t++) {
                    assertThat(target.tokens().get(t).raw()).as("%s of token %s", method.id(), t)
                            .isCloseTo(expected[t], within(1e-6));
                }
                assertThat(target.tokens()).hasSize(expected.length);
                assertThat(target.method()).isEqualTo(method.id());
                assertThat(target.score()).isCloseTo(e.score(), within(1e-12));
                assertThat(target.baselineScore()).isNaN();
                assertThat(target.delta()).isNaN();
            }
        }
    }

    @Test
    void asMethodsTheyAreRefusedWhereNothingIsReadFromTheFirstToken() {
        try (LimpidModel model = Limpid.load(GOLDEN.resolve("qa"), REFERENCE)) {
            BertModel bert = model.bert();
            EmbeddingSpace space = new EmbeddingSpace(
                    new BertPathModel(bert, EmbeddingPoint.AFTER_LAYER_NORM, 3));
            double[] x = new double[3 * bert.config().hiddenSize()];
            assertThatThrownBy(() -> AttentionRollout.DEFAULT.attribute(space, x, x, List.of(Target.logit(0)),
                    RunOptions.DEFAULT)).isInstanceOf(InputException.class)
                    .hasMessageContainingAll("BertForQuestionAnswering", "[CLS]", "another method");
        }
    }

    @Test
    void aClassOfAModelThatClassifiesNoTextsIsRefused() {
        try (LimpidModel model = Limpid.load(GOLDEN.resolve("qa"), REFERENCE)) {
            AttentionExplainer explainer = new AttentionExplainer(model);
            assertThat(explainer.explain("The film", null, null, false).maps().layers())
                    .isEqualTo(model.bert().config().layers());
            assertThat(explainer.predicted()).isNull();
            assertThatThrownBy(() -> explainer.explain("The film", null, ClassTarget.index(0), false))
                    .isInstanceOf(InputException.class).hasMessageContaining("leave the class out");
            assertThatThrownBy(() -> explainer.explain(" ", null, null, false)).isInstanceOf(InputException.class)
                    .hasMessageContaining("the text is empty");
            assertThatThrownBy(() -> explainer.explain(new RgbImage(1, 1, new byte[3]), null))
                    .isInstanceOf(ModelException.class).hasMessageContaining("reads text");
        }
    }

    private static void copyVision(String name, int size, Path folder) throws IOException {
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(Path.of("../vit/src/test/resources/golden").resolve(name).resolve(file), folder.resolve(file));
        }
        Files.writeString(folder.resolve("preprocessor_config.json"),
                "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": " + size + "}");
    }

    @Test
    void aClassifierWithATeacherReadsTwoTokens(@TempDir Path folder) throws IOException {
        copyVision("deit-distilled", 8, folder);
        byte[] rgb = new byte[3 * 12 * 12];
        new Random(2).nextBytes(rgb);
        try (LimpidModel model = Limpid.load(folder, REFERENCE)) {
            AttentionExplanation e = model.attention().explain(new RgbImage(12, 12, rgb), ClassTarget.PREDICTED);
            assertThat(e.tokens()).startsWith("[CLS]", "[distillation]", "row 0, column 0");
            assertThat(e.firstPatch()).isEqualTo(2);
            for (int t = 0; t < e.tokens().size(); t++) {
                double own = t < 2 ? 0.5 : 0;
                assertThat(e.rollout()[t]).isCloseTo((AttentionRollout.DEFAULT.scores(e.maps(), 0)[t]
                        + AttentionRollout.DEFAULT.scores(e.maps(), 1)[t]) / 2, within(1e-12));
                assertThat(e.relevance()[t]).isCloseTo((GradientWeightedAttention.scores(e.maps(), 0)[t]
                        + GradientWeightedAttention.scores(e.maps(), 1)[t]) / 2 - own, within(1e-12));
            }
        }
    }

    @Test
    void anImageIsReadPatchByPatch(@TempDir Path folder) throws IOException {
        copyVision("vit-plain", 12, folder);
        byte[] rgb = new byte[3 * 30 * 20];
        new Random(1).nextBytes(rgb);
        try (LimpidModel model = Limpid.load(folder, REFERENCE)) {
            AttentionExplanation e = new AttentionExplainer(model).explain(new RgbImage(30, 20, rgb),
                    ClassTarget.PREDICTED);
            assertThat(e.tokens()).hasSize(10).startsWith("[CLS]", "row 0, column 0").endsWith("row 2, column 2");
            requireRowsSumToOne(e.maps());
            int best = IntStream.range(0, e.logits().length).boxed()
                    .max((a, b) -> Double.compare(e.logits()[a], e.logits()[b])).orElseThrow();
            assertThat(e.target()).isEqualTo(model.vit().config().labels().get(best));
            for (Method method : List.of(AttentionRollout.DEFAULT, new GradientWeightedAttention())) {
                ImageExplanation image = model.imageClassification().explain(new RgbImage(30, 20, rgb),
                        ImageOptions.DEFAULT.withMethod(method));
                double[] values = image.explanations().getFirst().values();
                double[] expected = method instanceof AttentionRollout ? e.rollout() : e.relevance();
                for (int i = 0; i < values.length; i++) {
                    int patch = i % 144 / 12 / 4 * 3 + i % 12 / 4;
                    assertThat(values[i]).as("%s of value %s", method.id(), i).isCloseTo(expected[1 + patch] / 48,
                            within(1e-7));
                }
                assertThat(image.explanations().getFirst().method()).isEqualTo(method.id());
            }
            AttentionFigure figure = AttentionFigure.of("noise.png", e, false);
            assertThat(figure.tokens().patches().first()).isEqualTo(1);
            assertThat(figure.tokens().patches().image().width()).isEqualTo(12);
            assertThat(figure.stacks()).hasSize(3);
        }
    }
}
