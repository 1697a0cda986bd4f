package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.Idgi;
import dev.limpid.attribution.InputXGradient;
import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.Occlusion;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Saliency;
import dev.limpid.attribution.explain.TextAttributor.Asked;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.bert.BertBatch;
import dev.limpid.demo.DemoModels;
import dev.limpid.nn.ModelException;
import dev.limpid.tokenizer.EncodeOptions;
import dev.limpid.tokenizer.Truncation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for the explanation of classes, of one text and of two, in the default convention; and what is refused. */
class TextExplainersTest {
    private static final Path CHECKPOINTS = Path.of("../bert/src/test/resources/golden");
    private static final String TEXT = "The plot was bad, Bob; the city of Paris is great!";
    private static final String PAIR = "Où est Gustave?";
    private static final String LONG = "the river of the city ".repeat(11);
    private static final TextMethod MANY_STEPS = TextMethod
            .of(new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 200));

    private static LimpidModel two;
    private static LimpidModel five;
    private static LimpidModel one;

    @BeforeAll
    static void load() {
        two = Limpid.load(CHECKPOINTS.resolve("sequence-2"));
        five = Limpid.load(CHECKPOINTS.resolve("sequence-5"));
        one = Limpid.load(CHECKPOINTS.resolve("sequence-1"));
    }

    @AfterAll
    static void close() {
        two.close();
        five.close();
        one.close();
    }

    private static ClassificationOptions of(TextOptions text) {
        return ClassificationOptions.DEFAULT.withText(text);
    }

    private static double[] raw(TargetAttribution target) {
        return target.tokens().stream().mapToDouble(TokenAttribution::raw).toArray();
    }

    private static double sum(TargetAttribution target) {
        return target.tokens().stream().mapToDouble(TokenAttribution::raw).sum();
    }

    private static void assertClose(double[] actual, double[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("token %s", i).isCloseTo(expected[i], within(tolerance));
        }
    }

    @Test
    void thePredictedClassIsExplainedByItsLogit() {
        ClassificationExplanation e = five.textClassification().explain(TEXT);
        assertThat(e.predictions()).hasSize(5).isSortedAccordingTo((a, b) -> Double.compare(b.logit(), a.logit()));
        assertThat(e.scoring()).as("problem_type multi_label_classification").isEqualTo(ClassScoring.SIGMOID);
        assertThat(e.prediction().probability()).isCloseTo(1 / (1 + Math.exp(-e.prediction().logit())), within(1e-12));
        TargetAttribution target = e.explanations().getFirst();
        assertThat(target.label()).isEqualTo(e.prediction().label());
        assertThat(target.index()).isEqualTo(e.prediction().index());
        assertThat(target.scoreKind()).isEqualTo(ScoreKind.LOGIT);
        assertThat(target.score()).isCloseTo(e.prediction().logit(), within(1e-5));
        assertThat(e.textPair()).isNull();
        assertThat(e.run()).isEqualTo(new TextRun("sequence-5", "cpu", "f32", Convention.DEFAULT, Baseline.PAD, 0));
        for (TokenAttribution token : target.tokens()) {
            if (token.source() == Source.SPECIAL) {
                assertThat(token.raw()).isZero();
            } else {
                assertThat(token.span().of(TEXT)).isEqualToIgnoringCase(token.text().replace("##", ""));
            }
        }
    }

    @Test
    void softmaxProbabilitiesSumToOneAndASingleLogitHasItsSigmoid() {
        ClassificationExplanation e = two.textClassification().explain(TEXT);
        assertThat(e.scoring()).isEqualTo(ClassScoring.SOFTMAX);
        assertThat(e.predictions().stream().mapToDouble(ClassPrediction::probability).sum()).isCloseTo(1,
                within(1e-12));
        assertThat(one.textClassification().explain(TEXT).scoring()).isEqualTo(ClassScoring.SIGMOID);
        assertThat(ClassScoring.AUTO.of("regression", 1)).isEqualTo(ClassScoring.NONE);
        assertThat(ClassScoring.AUTO.of("single_label_classification", 3)).isEqualTo(ClassScoring.SOFTMAX);
        assertThat(ClassScoring.SIGMOID.of("regression", 1)).isEqualTo(ClassScoring.SIGMOID);
    }

    @ParameterizedTest
    @EnumSource
    void attributionsSumToTheDifferenceOfTheScores(Baseline baseline) {
        for (ScoreKind kind : List.of(ScoreKind.LOGIT, ScoreKind.PROBABILITY)) {
            ClassificationOptions options = of(
                    TextOptions.DEFAULT.withBaseline(baseline).withScoreKind(kind).withMethod(MANY_STEPS))
                    .withTarget(ClassTarget.ALL);
            for (ClassificationExplanation e : List.of(five.textClassification().explain(TEXT, options),
                    two.pairClassification().explain(TEXT, PAIR, options))) {
                for (TargetAttribution target : e.explanations()) {
                    assertThat(target.delta())
                            .isCloseTo(sum(target) - (target.score() - target.baselineScore()), within(1e-6));
                    assertThat(Math.abs(target.delta())).isLessThan(1e-2);
                    assertThat(target.tokens().stream().mapToDouble(t -> t.attribution() * t.attribution()).sum())
                            .isCloseTo(1, within(1e-12));
                }
            }
        }
    }

    @Test
    void allClassesTogetherAreWhatEachIsAlone() {
        List<TargetAttribution> all = five.textClassification()
                .explain(TEXT, ClassificationOptions.DEFAULT.withTarget(ClassTarget.ALL)).explanations();
        assertThat(all).extracting(TargetAttribution::index).containsExactly(0, 1, 2, 3, 4);
        for (TargetAttribution target : all) {
            TargetAttribution alone = five.textClassification().explain(TEXT,
                    ClassificationOptions.DEFAULT.withTarget(ClassTarget.label(target.label()))).explanations()
                    .getFirst();
            assertClose(raw(target), raw(alone), 1e-6);
            assertThat(target.score()).isEqualTo(alone.score());
        }
        // So little memory that every class goes by itself.
        RunOptions little = new RunOptions(0, 1, RunOptions.DEFAULT.progress());
        List<TargetAttribution> grouped = five.textClassification()
                .explain(TEXT, of(TextOptions.DEFAULT.withRun(little)).withTarget(ClassTarget.ALL)).explanations();
        for (int i = 0; i < all.size(); i++) {
            assertClose(raw(grouped.get(i)), raw(all.get(i)), 1e-6);
        }
    }

    @Test
    void aContrastIsTheDifferenceOfTwoExplanations() {
        for (ScoreKind kind : List.of(ScoreKind.LOGIT, ScoreKind.PROBABILITY)) {
            ClassificationOptions options = of(TextOptions.DEFAULT.withScoreKind(kind));
            ClassTarget a = ClassTarget.index(3);
            ClassTarget b = ClassTarget.label("Toxic");
            TargetAttribution difference = five.textClassification()
                    .explain(TEXT, options.withTarget(ClassTarget.contrast(a, b))).explanations().getFirst();
            double[] expected = raw(five.textClassification().explain(TEXT, options.withTarget(a)).explanations()
                    .getFirst());
            double[] subtracted = raw(five.textClassification().explain(TEXT, options.withTarget(b)).explanations()
                    .getFirst());
            for (int i = 0; i < expected.length; i++) {
                expected[i] -= subtracted[i];
            }
            assertThat(difference.label()).isEqualTo("insult − toxic");
            assertClose(raw(difference), expected, 1e-5);
        }
    }

    @Test
    void theTopClassesComeInTheOrderOfTheirLogits() {
        ClassificationExplanation e = five.textClassification().explain(TEXT,
                ClassificationOptions.DEFAULT.withTarget(ClassTarget.top(3)));
        assertThat(e.explanations()).extracting(TargetAttribution::index)
                .isEqualTo(e.predictions().stream().limit(3).map(ClassPrediction::index).toList());
    }

    @Test
    void aFlippedSignExplainsWhyTheScoreIsNotHigher() {
        for (ScoreKind kind : List.of(ScoreKind.LOGIT, ScoreKind.PROBABILITY)) {
            ClassificationOptions options = of(TextOptions.DEFAULT.withScoreKind(kind));
            TargetAttribution plain = one.pairClassification().explain(TEXT, PAIR, options).explanations().getFirst();
            TargetAttribution flipped = one.pairClassification().explain(TEXT, PAIR, options.withFlipSign(true))
                    .explanations().getFirst();
            assertThat(flipped.label()).isEqualTo("not score");
            assertThat(flipped.score()).isCloseTo((kind == ScoreKind.LOGIT ? 0 : 1) - plain.score(), within(1e-12));
            double[] negated = raw(plain);
            for (int i = 0; i < negated.length; i++) {
                negated[i] = -negated[i];
            }
            assertClose(raw(flipped), negated, 1e-7);
        }
    }

    @Test
    void leaveOneOutIsWhatTheScoreLosesWithoutAToken() {
        ClassificationExplanation e = two.textClassification().explain(TEXT,
                of(TextOptions.DEFAULT.withMethod(TextMethod.LEAVE_ONE_OUT)).withTarget(ClassTarget.index(1)));
        TargetAttribution target = e.explanations().getFirst();
        assertThat(target.method()).isEqualTo("leave-one-out");
        assertThat(target.quadrature()).isNull();
        assertThat(target.delta()).as("losses need not sum to anything").isNaN();
        TextInput input = new TextReader(two).read("text", TEXT, Source.TEXT, false).input();
        TextAttributor attributor = new TextAttributor(two);
        double score = attributor.logits(input.batch(), TextOptions.DEFAULT)[1];
        for (int t = 0; t < input.length(); t++) {
            int[] ids = input.batch().ids().clone();
            ids[t] = input.isSpecial(t) ? ids[t] : two.tokenizer().padId();
            double without = attributor.logits(BertBatch.of(ids, input.batch().typeIds()), TextOptions.DEFAULT)[1];
            assertThat(raw(target)[t]).isCloseTo(score - without, within(1e-5));
        }
    }

    @Test
    void anyMethodMayBeUsed() {
        TargetAttribution idgi = explained(TextMethod.of(new Idgi(20)));
        assertThat(idgi.delta()).as("IDGI sums exactly").isCloseTo(0, within(1e-5));
        TargetAttribution saliency = explained(TextMethod.of(new Saliency(false)));
        assertThat(saliency.tokens()).allSatisfy(token -> assertThat(token.raw()).isNotNegative());
        assertThat(saliency.baselineScore()).isNaN();
        TargetAttribution product = explained(TextMethod.of(new InputXGradient()));
        assertThat(product.method()).isEqualTo(new InputXGradient().id());
        assertThat(sum(product)).isNotZero();
        assertThatThrownBy(() -> TextMethod.of(Occlusion.of(new int[0][])))
                .hasMessageContaining("LEAVE_ONE_OUT");
    }

    private static TargetAttribution explained(TextMethod method) {
        return two.textClassification().explain(TEXT, of(TextOptions.DEFAULT.withMethod(method))).explanations()
                .getFirst();
    }

    @Test
    void rowsOfDifferentLengthsComputedTogetherAreWhatEachIsAlone() {
        TextAttributor attributor = new TextAttributor(five);
        TextReader reader = new TextReader(five);
        List<Asked> rows = new ArrayList<>();
        for (String text : List.of(TEXT, "river", TEXT + TEXT, "a b c")) {
            rows.add(new Asked(reader.read("text", text, Source.TEXT, false).input().batch(), null));
        }
        List<double[]> together = attributor.logits(rows, TextOptions.DEFAULT);
        for (int i = 0; i < rows.size(); i++) {
            assertClose(together.get(i), attributor.logits(rows.get(i).row(), TextOptions.DEFAULT), 1e-5);
        }
        RunOptions little = new RunOptions(0, 1, RunOptions.DEFAULT.progress());
        List<double[]> oneByOne = attributor.logits(rows, TextOptions.DEFAULT.withRun(little));
        assertClose(oneByOne.get(2), together.get(2), 1e-5);
    }

    @Test
    void aLongTextIsRefusedUnlessItMayBeCut() {
        assertThatThrownBy(() -> two.textClassification().explain(LONG)).isInstanceOf(InputException.class)
                .hasMessage(
                        "the text has 57 tokens, more than the model's window of 48; shorten the text, or allow its"
                                + " end to be cut off (--truncate)");
        assertThatThrownBy(() -> two.pairClassification().explain(LONG, PAIR)).isInstanceOf(InputException.class)
                .hasMessageContaining("the text and the second text have");
        ClassificationOptions cut = of(TextOptions.DEFAULT.withTruncate(true));
        ClassificationExplanation e = two.textClassification().explain(LONG, cut);
        assertThat(e.run().tokensLeftOut()).isEqualTo(9);
        List<TokenAttribution> tokens = e.explanations().getFirst().tokens();
        assertThat(tokens).hasSize(48);
        String seen = LONG.substring(0, tokens.get(46).span().end());
        ClassificationExplanation alone = two.textClassification().explain(seen);
        assertThat(alone.run().tokensLeftOut()).isZero();
        assertClose(raw(e.explanations().getFirst()), raw(alone.explanations().getFirst()), 0);
        ClassificationExplanation pair = two.pairClassification().explain(LONG, PAIR, cut);
        assertThat(pair.explanations().getFirst().tokens()).hasSize(48)
                .filteredOn(t -> t.source() == Source.TEXT_PAIR)
                .hasSameSizeAs(two.tokenizer().encode(PAIR, TextReader.BARE).tokens());
        assertThat(two.tokenizer()
                .encode(LONG, PAIR, EncodeOptions.DEFAULT.withTruncation(Truncation.LONGEST_FIRST, 48)).tokens())
                .isEqualTo(pair.explanations().getFirst().tokens().stream().map(TokenAttribution::text).toList());
    }

    @Test
    void whatCannotBeExplainedIsRefused() {
        TextClassificationExplainer explainer = five.textClassification();
        assertThatThrownBy(() -> explainer.explain(" ")).isInstanceOf(InputException.class)
                .hasMessage("the text is empty; give a text with at least one word");
        assertThatThrownBy(() -> explainer.explain("\u0000")).isInstanceOf(InputException.class)
                .hasMessageStartingWith("the text has no words");
        assertThatThrownBy(() -> two.pairClassification().explain(TEXT, "")).isInstanceOf(InputException.class)
                .hasMessageStartingWith("the second text is empty");
        assertThatThrownBy(() -> explainer.explain(TEXT,
                ClassificationOptions.DEFAULT.withTarget(ClassTarget.label("happy"))))
                .isInstanceOf(InputException.class)
                .hasMessage("the model has no class 'happy'; it has toxic, obscene, threat, insult, none of these");
        assertThatThrownBy(
                () -> explainer.explain(TEXT, ClassificationOptions.DEFAULT.withTarget(ClassTarget.index(5))))
                .hasMessageContaining("numbered from 0 to 4");
        assertThatThrownBy(() -> explainer.explain(TEXT, ClassificationOptions.DEFAULT
                .withTarget(ClassTarget.contrast(ClassTarget.index(1), ClassTarget.label("obscene")))))
                .hasMessageContaining("cannot be set against itself");
        assertThatThrownBy(() -> explainer.explain(TEXT, ClassificationOptions.DEFAULT.withFlipSign(true)))
                .hasMessageContaining("this one has 5 classes");
        assertThatThrownBy(() -> explainer.explain(TEXT, ClassificationOptions.DEFAULT.withLabels(List.of("a", "b"))))
                .hasMessage("2 labels were given, but the model has 5 classes; give one label for each");
        assertThatThrownBy(() -> one.textClassification().explain(TEXT,
                of(TextOptions.DEFAULT.withScoreKind(ScoreKind.PROBABILITY)).withScoring(ClassScoring.NONE)))
                .hasMessageContaining("explain the logit");
        assertThatThrownBy(() -> explainer.explain(LONG, ClassificationOptions.TRANSFORMERS_INTERPRET))
                .isInstanceOf(InputException.class).hasMessageContaining("cuts nothing off");
        try (LimpidModel token = Limpid.load(CHECKPOINTS.resolve("token"))) {
            for (var factory : List.<ThrowingCallable>of(token::textClassification,
                    token::pairClassification, token::zeroShot, five::tokenClassification, five::zeroShot)) {
                assertThatThrownBy(factory).isInstanceOf(ModelException.class)
                        .hasMessageMatching(".*(load a Bert|needs a model).*");
            }
        }
    }

    @Test
    void theConventionOfTransformersInterpretHasNoneOfTheOtherOptions() {
        TextOptions theirs = TextOptions.TRANSFORMERS_INTERPRET;
        assertThatThrownBy(() -> theirs.withBaseline(Baseline.MASK)).hasMessageContaining("only the baseline pad");
        assertThatThrownBy(() -> theirs.withScoreKind(ScoreKind.LOGIT)).hasMessageContaining("only probabilities");
        assertThatThrownBy(() -> theirs.withEmbedding(Embedding.BLOCK)).hasMessageContaining("word and position");
        assertThatThrownBy(() -> theirs.withMethod(TextMethod.LEAVE_ONE_OUT)).hasMessageContaining("integrated");
        assertThatThrownBy(() -> theirs.withTruncate(true)).hasMessageContaining("whole texts");
        assertThatThrownBy(() -> TextOptions.DEFAULT.withEmbedding(Embedding.POSITION))
                .hasMessageContaining("transformers-interpret convention only");
        assertThatThrownBy(() -> TextOptions.DEFAULT.withScoreKind(ScoreKind.COSINE)).hasMessageContaining("no cosine");
    }

    @Test
    void spansOfACleanedTextReferToTheTextAsGiven() {
        String text = "Bad!!  Really,\n\nbad\u00a0\u2003(the   city).";
        List<TokenAttribution> tokens = two.textClassification()
                .explain(text, ClassificationOptions.TRANSFORMERS_INTERPRET).explanations().getFirst().tokens();
        assertThat(tokens).filteredOn(t -> t.source() == Source.TEXT).allSatisfy(
                t -> assertThat(t.span().of(text)).isEqualToIgnoringCase(t.text().replace("##", "")));
        int[] starts = tokens.stream().filter(t -> t.span() != null).mapToInt(t -> t.span().start()).toArray();
        assertThat(IntStream.range(1, starts.length)).allMatch(i -> starts[i] > starts[i - 1]);
    }

    @Test
    void theEmbeddedSentimentAdapterSaysWhichWordMadeItSo() {
        LoadOptions sentiment = LoadOptions.DEFAULT.withAdapter(DemoModels.sentimentAdapter());
        ClassificationOptions options = ClassificationOptions.DEFAULT.withLabels(List.of("negative", "positive"));
        try (LimpidModel model = Limpid.load(DemoModels.questionAnswering(), sentiment)) {
            ClassificationExplanation e = model.textClassification().explain("A wonderful film, and well played.",
                    options);
            assertThat(e.prediction().label()).isEqualTo("positive");
            assertThat(e.prediction().probability()).isGreaterThan(0.9);
            WordAttribution strongest = e.words(e.explanations().getFirst()).stream()
                    .reduce((a, b) -> b.raw() > a.raw() ? b : a).orElseThrow();
            assertThat(strongest.text()).isEqualTo("wonderful");
            assertThat(model.textClassification().explain("A terrible bore.", options).prediction().label())
                    .isEqualTo("negative");
        }
    }
}
