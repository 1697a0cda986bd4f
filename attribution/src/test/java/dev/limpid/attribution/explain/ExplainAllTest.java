package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.Progress;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Saliency;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Many inputs explained together against each alone: the same numbers in the same order. */
class ExplainAllTest {
    private static final Path BERT = Path.of("../bert/src/test/resources/golden");
    private static final List<String> TEXTS = List.of("the king had a tower", "river", "a b c the tower in Paris was"
            + " built of iron and of water", "the river", "who wrote the first program", "a");
    private static final List<String> MASKED = List.of("the [MASK] had a tower", "[MASK]", "a b [MASK] built");
    private static final String LONG = "the tower in Paris was built by the king . ".repeat(8);
    private static final List<QuestionContext> QUESTIONS = List.of(new QuestionContext("who wrote", TEXTS.get(0)),
            new QuestionContext("who", LONG), new QuestionContext("which river", TEXTS.get(2)));
    private static final List<TextOptions> WAYS = List.of(TextOptions.DEFAULT, TextOptions.TRANSFORMERS_INTERPRET,
            TextOptions.DEFAULT.withMethod(TextMethod.of(new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 5))),
            TextOptions.DEFAULT.withMethod(TextMethod.of(new Saliency(true))),
            TextOptions.DEFAULT.withBaseline(Baseline.ZERO).withScoreKind(ScoreKind.PROBABILITY));

    /** A task: how many inputs are explained at once, and one by one; each as its numbers. */
    record Task(String checkpoint, BiFunction<LimpidModel, RunOptions, List<double[]>> all,
            Function<LimpidModel, List<double[]>> oneByOne) {}

    private static double[] numbers(List<TargetAttribution> explanations) {
        return explanations.stream().flatMapToDouble(target -> Stream
                .concat(Stream.of(target.score(), Double.isNaN(target.baselineScore()) ? 0 : target.baselineScore(),
                        (double) target.steps()),
                        target.tokens().stream().map(TokenAttribution::raw))
                .mapToDouble(Double::doubleValue)).toArray();
    }

    private static Task task(String checkpoint, TextOptions text,
            BiFunction<LimpidModel, TextOptions, List<List<TargetAttribution>>> all,
            Function<LimpidModel, List<List<TargetAttribution>>> oneByOne) {
        return new Task(checkpoint,
                (model, run) -> all.apply(model, text.withRun(run)).stream().map(ExplainAllTest::numbers).toList(),
                model -> oneByOne.apply(model).stream().map(ExplainAllTest::numbers).toList());
    }

    static List<Arguments> tasks() {
        List<Arguments> tasks = new ArrayList<>();
        for (int w = 0; w < WAYS.size(); w++) {
            TextOptions way = WAYS.get(w);
            ClassificationOptions classes = ClassificationOptions.DEFAULT.withText(way);
            tasks.add(Arguments.of("classes, way " + w, task("sequence-5", way,
                    (m, text) -> m.textClassification().explainAll(TEXTS, classes.withText(text)).stream()
                            .map(ClassificationExplanation::explanations).toList(),
                    m -> TEXTS.stream().map(text -> m.textClassification().explain(text, classes).explanations())
                            .toList())));
            List<TextPair> pairs = TEXTS.stream().map(text -> new TextPair(text, TEXTS.get(1))).toList();
            tasks.add(Arguments.of("pairs, way " + w, task("sequence-5", way,
                    (m, text) -> m.pairClassification().explainAll(pairs, classes.withText(text)).stream()
                            .map(ClassificationExplanation::explanations).toList(),
                    m -> pairs.stream().map(pair -> m.pairClassification()
                            .explain(pair.text(), pair.textPair(), classes).explanations()).toList())));
            TokenOptions tokens = TokenOptions.DEFAULT.withText(way);
            tasks.add(Arguments.of("tokens, way " + w, task("token", way,
                    (m, text) -> m.tokenClassification().explainAll(TEXTS, tokens.withText(text)).stream()
                            .map(TokenClassificationExplanation::explanations).toList(),
                    m -> TEXTS.stream().map(text -> m.tokenClassification().explain(text, tokens).explanations())
                            .toList())));
        }
        tasks.add(Arguments.of("masks", task("masked-lm", TextOptions.DEFAULT,
                (m, text) -> m.fillMask().explainAll(MASKED, FillMaskOptions.DEFAULT.withText(text)).stream()
                        .map(FillMaskExplanation::explanations).toList(),
                m -> MASKED.stream().map(text -> m.fillMask().explain(text).explanations()).toList())));
        for (Convention convention : Convention.values()) {
            QaOptions qa = QaOptions.DEFAULT.withConvention(convention);
            List<QuestionContext> questions = convention == Convention.DEFAULT
                    ? QUESTIONS
                    : List.of(QUESTIONS.get(0), QUESTIONS.get(2));
            tasks.add(Arguments.of("questions, " + convention, new Task("qa",
                    (m, run) -> m.questionAnswering().explainAll(questions, qa.withProgress(run.progress())
                            .withInternalBatchSize(run.internalBatchSize()).withMemoryBudget(run.memoryBudget()))
                            .stream().map(e -> numbers(e.explanations())).toList(),
                    m -> questions.stream().map(one -> numbers(
                            m.questionAnswering().explain(one.question(), one.context(), qa).explanations()))
                            .toList())));
        }
        return tasks;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tasks")
    void manyAreWhatEachIsAloneBitForBitOnTheReference(String name, Task task) {
        try (LimpidModel model = Limpid.load(BERT.resolve(task.checkpoint),
                LoadOptions.DEFAULT.withDevice("reference"))) {
            List<double[]> alone = task.oneByOne.apply(model);
            long few = 30 * model.bert().bytesPerRow(1);
            for (RunOptions run : List.of(RunOptions.DEFAULT, new RunOptions(3, 0, Progress.NONE),
                    new RunOptions(0, few, Progress.NONE))) {
                List<double[]> together = task.all.apply(model, run);
                assertThat(together).hasSameSizeAs(alone);
                for (int i = 0; i < alone.size(); i++) {
                    assertThat(together.get(i)).as("input %s", i).containsExactly(alone.get(i));
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tasks")
    void manyAreWhatEachIsAloneOnTheCpu(String name, Task task) {
        try (LimpidModel model = Limpid.load(BERT.resolve(task.checkpoint), LoadOptions.DEFAULT.withThreads(2))) {
            List<double[]> alone = task.oneByOne.apply(model);
            List<double[]> together = task.all.apply(model, RunOptions.DEFAULT);
            for (int i = 0; i < alone.size(); i++) {
                double largest = Arrays.stream(alone.get(i)).map(Math::abs).max().orElseThrow();
                assertThat(together.get(i)).as("input %s", i)
                        .containsExactly(alone.get(i), within(1e-5 * Math.max(1, largest)));
            }
        }
    }

    @Test
    void progressRunsOverAllInputs() {
        List<Long> done = new ArrayList<>();
        List<Long> totals = new ArrayList<>();
        try (LimpidModel model = Limpid.load(BERT.resolve("sequence-2"))) {
            RunOptions run = new RunOptions(0, 40 * model.bert().bytesPerRow(1), (d, total) -> {
                done.add(d);
                totals.add(total);
            });
            model.textClassification().explainAll(TEXTS,
                    ClassificationOptions.DEFAULT.withText(WAYS.get(2).withRun(run)));
        }
        assertThat(done.getLast()).isEqualTo(totals.getLast());
        for (int i = 0; i < done.size(); i++) {
            assertThat(done.get(i)).isBetween(1L, totals.get(i));
        }
    }

    @Test
    void oneBadInputIsNamedBeforeAnythingIsComputed() {
        List<Long> done = new ArrayList<>();
        TextOptions text = TextOptions.DEFAULT.withRun(new RunOptions(0, 0, (d, _) -> done.add(d)));
        try (LimpidModel model = Limpid.load(BERT.resolve("sequence-2"))) {
            assertThatThrownBy(() -> model.textClassification().explainAll(List.of("river", " ", "tower"),
                    ClassificationOptions.DEFAULT.withText(text))).isInstanceOf(InputException.class)
                    .hasMessageContaining("is empty");
            assertThat(model.textClassification().explainAll(List.of(), ClassificationOptions.DEFAULT)).isEmpty();
        }
        assertThat(done).isEmpty();
    }
}
