package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.Steps;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.nn.ModelException;
import dev.limpid.tokenizer.EncodeOptions;
import dev.limpid.tokenizer.Encoding;
import dev.limpid.tokenizer.Truncation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the explainer promises beyond the parity of its numbers; the tiny checkpoint has a window of 64 tokens. */
class QuestionAnsweringExplainerTest {
    private static final Path CHECKPOINTS = Path.of("../bert/src/test/resources/golden");
    private static final String QUESTION = "Who built the tower?";
    private static final String CONTEXT = "The tower in Paris was built by Gustave Eiffel. It is made of iron.";
    private static final QaOptions FEW_STEPS = QaOptions.DEFAULT.withNSteps(6);

    private static LimpidModel model;

    @BeforeAll
    static void load() {
        model = Limpid.load(CHECKPOINTS.resolve("qa"));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static List<Double> raw(QuestionAnsweringExplanation e) {
        List<Double> raw = new ArrayList<>();
        e.explanations().forEach(target -> target.tokens().forEach(token -> raw.add(token.raw())));
        return raw;
    }

    private static void assertAlike(QuestionAnsweringExplanation actual, QuestionAnsweringExplanation expected) {
        double largest = raw(expected).stream().mapToDouble(Math::abs).max().orElseThrow();
        assertThat(raw(actual)).hasSameSizeAs(raw(expected));
        for (int i = 0; i < raw(expected).size(); i++) {
            assertThat(raw(actual).get(i)).isCloseTo(raw(expected).get(i), within(1e-6 * largest));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 6, 100})
    void theInternalBatchSizeChangesNothing(int rows) {
        assertAlike(model.questionAnswering().explain(QUESTION, CONTEXT, FEW_STEPS.withInternalBatchSize(rows)),
                model.questionAnswering().explain(QUESTION, CONTEXT, FEW_STEPS));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4})
    void theNumberOfThreadsChangesNoBit(int threads) {
        QuestionAnsweringExplanation expected = model.questionAnswering().explain(QUESTION, CONTEXT, FEW_STEPS);
        try (LimpidModel other = Limpid.load(CHECKPOINTS.resolve("qa"), LoadOptions.DEFAULT.withThreads(threads))) {
            QuestionAnsweringExplanation actual = other.questionAnswering().explain(QUESTION, CONTEXT, FEW_STEPS);
            assertThat(raw(actual)).isEqualTo(raw(expected));
            assertThat(actual.start().delta()).isEqualTo(expected.start().delta());
        }
    }

    @Test
    void manyThreadsMayExplainAtOnce() throws Exception {
        List<String> contexts = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            contexts.add(CONTEXT.substring(0, 20 + i));
        }
        List<List<Double>> alone = contexts.stream()
                .map(context -> raw(model.questionAnswering().explain(QUESTION, context, FEW_STEPS))).toList();
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            List<Callable<List<Double>>> tasks = new ArrayList<>();
            for (String context : contexts) {
                tasks.add(() -> raw(model.questionAnswering().explain(QUESTION, context, FEW_STEPS)));
            }
            List<Future<List<Double>>> together = pool.invokeAll(tasks);
            for (int i = 0; i < contexts.size(); i++) {
                assertThat(together.get(i).get()).isEqualTo(alone.get(i));
            }
        }
    }

    @Test
    void theAnswerIsAStretchOfTheContextUntouched() {
        QuestionAnsweringExplanation e = model.questionAnswering().explain(QUESTION, CONTEXT, FEW_STEPS);
        Answer answer = e.answer();
        assertThat(answer.text()).isNotBlank().isEqualTo(answer.span().of(CONTEXT));
        assertThat(answer.start()).isLessThanOrEqualTo(answer.end());
        assertThat(e.start().index()).isEqualTo(answer.start());
        assertThat(e.start().label()).isEqualTo(e.start().tokens().get(answer.start()).text());
        assertThat(e.start().score()).isCloseTo(answer.startLogit(), within(1e-5));
        assertThat(e.window()).isEqualTo(new Window(0, 1, e.window().context()));
        for (TokenAttribution token : e.start().tokens()) {
            if (token.source() == Source.SPECIAL) {
                assertThat(token.span()).isNull();
                assertThat(token.raw()).as("special tokens stay on the path").isZero();
            } else {
                String text = token.source() == Source.QUESTION ? QUESTION : CONTEXT;
                assertThat(token.span().of(text)).isEqualToIgnoringCase(token.text().replace("##", ""));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void attributionsSumToTheDifferenceOfTheScores(Baseline baseline) {
        QuestionAnsweringExplanation e = model.questionAnswering().explain(QUESTION, CONTEXT,
                QaOptions.DEFAULT.withBaseline(baseline).withNSteps(200));
        for (TargetAttribution target : e.explanations()) {
            double sum = target.tokens().stream().mapToDouble(TokenAttribution::raw).sum();
            assertThat(target.delta()).isCloseTo(sum - (target.score() - target.baselineScore()), within(1e-12));
            assertThat(Math.abs(target.delta()))
                    .isLessThan(1e-2 * Math.max(1, Math.abs(target.score() - target.baselineScore())));
            assertThat(target.tokens().stream().mapToDouble(t -> t.attribution() * t.attribution()).sum())
                    .isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void aLongContextIsSplitAndTheBestWindowExplained() {
        String filler = "The city is by the sea and the sea is by the city. ";
        String context = filler.repeat(6) + CONTEXT + filler.repeat(6);
        QaOptions options = FEW_STEPS.withStride(20);
        List<long[]> progress = new ArrayList<>();
        QuestionAnsweringExplanation e = model.questionAnswering().explain(QUESTION, context,
                options.withProgress((done, total) -> progress.add(new long[]{done, total})));
        assertThat(e.window().count()).isGreaterThan(3);
        assertThat(progress).isNotEmpty();
        assertThat(e.start().tokens()).hasSizeLessThanOrEqualTo(64);
        assertThat(e.answer().text()).isEqualTo(e.answer().span().of(context));
        assertThat(e.window().context().start()).isLessThanOrEqualTo(e.answer().span().start());
        assertThat(e.window().context().end()).isGreaterThanOrEqualTo(e.answer().span().end());

        // The window by itself, as a context that fits, has the same answer and the same attributions.
        String alone = e.window().context().of(context);
        QuestionAnsweringExplanation whole = model.questionAnswering().explain(QUESTION, alone, options);
        assertThat(whole.window().count()).isEqualTo(1);
        assertThat(whole.answer().text()).isEqualTo(e.answer().text());
        assertAlike(e, whole);
    }

    @Test
    void theBestOfAllWindowsWins() {
        String context = "The city is by the sea. ".repeat(9) + CONTEXT + " The sea is by the city.".repeat(9);
        QuestionAnsweringExplanation e = model.questionAnswering().explain(QUESTION, context, FEW_STEPS.withStride(0));
        double best = Double.NEGATIVE_INFINITY;
        EncodeOptions cut = EncodeOptions.DEFAULT.withTruncation(Truncation.ONLY_SECOND, 64);
        for (Encoding window : model.tokenizer().windows(QUESTION, context, cut)) {
            int first = IntStream.range(0, 64).filter(t -> window.sequence(t) == 1).findFirst().orElseThrow();
            int last = window.length() - 2;
            String part = context.substring(window.span(first).start(), window.span(last).end());
            Answer answer = model.questionAnswering().explain(QUESTION, part, FEW_STEPS).answer();
            best = Math.max(best, answer.startLogit() + answer.endLogit());
        }
        assertThat(e.answer().startLogit() + e.answer().endLogit()).isCloseTo(best, within(1e-5));
    }

    @Test
    void noAnswerIsGivenOnlyWhenAskedFor() {
        int none = 0;
        for (String context : List.of("Paris", "iron", "sea", "a", "London", "tower", "x", "!")) { // one candidate each
            assertThat(model.questionAnswering().explain(QUESTION, context, FEW_STEPS).answer().span()).isNotNull();
            QuestionAnsweringExplanation e = model.questionAnswering().explain(QUESTION, context,
                    FEW_STEPS.withAllowNoAnswer(true));
            if (e.answer().span() == null) {
                none++;
                assertThat(e.answer().text()).isEmpty();
                assertThat(e.start().label()).isEqualTo("[CLS]");
                assertThat(e.end().index()).isZero();
            }
        }
        assertThat(none).as("contexts without an answer, by this checkpoint").isBetween(1, 7);
    }

    @Test
    void everyRuleAndLayerIsNamedInTheResult() {
        QuestionAnsweringExplanation e = model.questionAnswering().explain(QUESTION, CONTEXT,
                QaOptions.DEFAULT.withSteps(new Steps.Fixed(Quadrature.TRAPEZOID, 9))
                        .withEmbedding(Embedding.WORD));
        assertThat(e.end().quadrature()).isEqualTo("trapezoid");
        assertThat(e.end().steps()).isEqualTo(9);
        assertThat(e.end().method()).isEqualTo("integrated-gradients");
        assertThat(e.precision()).isEqualTo("f32");
        assertThat(e.device()).isEqualTo("cpu");
        assertThat(e.model()).isEqualTo("qa");
    }

    @Test
    void inputsWithoutWordsAreRefused() {
        QuestionAnsweringExplainer explainer = model.questionAnswering();
        assertThatThrownBy(() -> explainer.explain(" \n", CONTEXT)).isInstanceOf(InputException.class)
                .hasMessage("the question is empty; give a text with at least one word");
        assertThatThrownBy(() -> explainer.explain(QUESTION, "")).isInstanceOf(InputException.class)
                .hasMessageStartingWith("the context is empty");
        assertThatThrownBy(() -> explainer.explain(QUESTION, "\u0000\u0001")).isInstanceOf(InputException.class)
                .hasMessageStartingWith("the context has no words");
        assertThatThrownBy(() -> explainer.explain("\u00A0", CONTEXT)).isInstanceOf(InputException.class)
                .hasMessageStartingWith("the question has no words");
        assertThatThrownBy(() -> explainer.explain("tower ".repeat(62), CONTEXT)).isInstanceOf(InputException.class)
                .hasMessageContaining("the question has 62 tokens").hasMessageContaining("window of 64");
        assertThatThrownBy(() -> explainer.explain(QUESTION, CONTEXT.repeat(9),
                QaOptions.DEFAULT.withConvention(Convention.TRANSFORMERS_INTERPRET))).isInstanceOf(InputException.class)
                .hasMessageContaining("knows no windows");
    }

    @Test
    void impossibleOptionsAreRefused() {
        assertThatThrownBy(() -> QaOptions.DEFAULT.withNSteps(0)).hasMessageStartingWith("steps must be from 1");
        assertThatThrownBy(
                () -> QaOptions.DEFAULT.withBaseline(Baseline.MEAN).withConvention(Convention.TRANSFORMERS_INTERPRET))
                .hasMessageContaining("only the baseline pad");
        assertThatThrownBy(() -> QaOptions.DEFAULT.withEmbedding(Embedding.POSITION))
                .hasMessageContaining("transformers-interpret convention only");
        assertThatThrownBy(() -> Baseline.named("noise")).hasMessageContaining("pad, mask, zero, mean");
    }

    @Test
    void aModelOfAnotherTaskIsRefused() {
        try (LimpidModel other = Limpid.load(CHECKPOINTS.resolve("sequence-2"))) {
            assertThatThrownBy(other::questionAnswering).isInstanceOf(ModelException.class)
                    .hasMessageContaining("BertForSequenceClassification");
        }
    }

    @Test
    void aQuestionAsLongAsTheWindowAllowsStillFindsAnAnswer() {
        QuestionAnsweringExplanation e = model.questionAnswering().explain("tower ".repeat(60), "Paris Iron",
                FEW_STEPS);
        Encoding question = model.tokenizer().encode("tower ".repeat(60));
        assertThat(question.length()).isEqualTo(62);
        assertThat(e.window().count()).isGreaterThan(1);
        assertThat(e.start().tokens()).hasSize(64);
    }
}
