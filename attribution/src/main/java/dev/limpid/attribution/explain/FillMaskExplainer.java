package dev.limpid.attribution.explain;

import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Target;
import dev.limpid.attribution.explain.TextAttributor.Asked;
import dev.limpid.attribution.explain.TextAttributor.Scalar;
import dev.limpid.attribution.explain.TextAttributor.Work;
import dev.limpid.attribution.explain.TextReader.Row;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.nn.ModelException;
import dev.limpid.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Explains why a {@code BertForMaskedLM} fills a [MASK] with a word: F is the word's logit there, or its probability in the vocabulary.
 *
 * <p>Thread-safe. Every [MASK] of the text stays as it is along the path: it is the question. Only the logits of the one token are computed.
 */
public final class FillMaskExplainer {
    private final LimpidModel model;
    private final TextAttributor attributor;
    private final TextReader reader;
    private final Tokenizer tokenizer;
    private final List<String> vocabulary;

    /** @throws ModelException if the model predicts no words, or its vocabulary has no [MASK] */
    FillMaskExplainer(LimpidModel model) {
        ClassAttributor.requireArchitecture(model, "BertForMaskedLM", "which fills no masks");
        this.model = model;
        attributor = new TextAttributor(model);
        reader = new TextReader(model);
        tokenizer = model.tokenizer();
        if (tokenizer.maskId().isEmpty()) {
            throw new ModelException(model.name() + "'s vocabulary has no mask token; use a tokenizer that has one");
        }
        int known = tokenizer.vocabularySize();
        vocabulary = IntStream.range(0, model.bert().config().vocabSize())
                .mapToObj(id -> id < known ? tokenizer.token(id) : "#" + id).toList();
    }

    /** Explains the likeliest word with {@link FillMaskOptions#DEFAULT}. */
    public FillMaskExplanation explain(String text) {
        return explain(text, FillMaskOptions.DEFAULT);
    }

    /**
     * Explains the words for a [MASK] of the text.
     *
     * @throws InputException if the text has no such [MASK], a word is no single token, or the text is longer than the model's window without leave to cut it
     * @throws ArithmeticException if the model computes a number that is not finite
     */
    public FillMaskExplanation explain(String text, FillMaskOptions options) {
        return explainAll(List.of(text), options).getFirst();
    }

    /**
     * Explains the words for a [MASK] of each of many texts, in their order, as {@link TextClassificationExplainer#explainAll} does classes.
     *
     * @throws InputException if a text has no such [MASK], a word is no single token, or a text is longer than the model's window without leave to cut it
     * @throws ArithmeticException if the model computes a number that is not finite
     */
    public List<FillMaskExplanation> explainAll(List<String> texts, FillMaskOptions options) {
        requireTokens(options.target());
        List<Masked> inputs = texts.stream().map(text -> masked(text, options)).toList();
        // The logits of a text are as many as the vocabulary has words.
        List<List<Masked>> windows = Windows.of(inputs, _ -> 2L * Double.BYTES * vocabulary.size(),
                options.text().run().memoryBudget(model.bert().ops()));
        List<FillMaskExplanation> explanations = new ArrayList<>();
        for (int w = 0; w < windows.size(); w++) {
            RunOptions run = options.text().run();
            explanations.addAll(explainWindow(windows.get(w), options.withText(
                    options.text().withRun(run.withProgress(run.progress().part(w, windows.size()))))));
        }
        return explanations;
    }

    private List<FillMaskExplanation> explainWindow(List<Masked> inputs, FillMaskOptions options) {
        List<double[]> logits = attributor.logits(inputs.stream().map(Masked::asked).toList(), options.text());
        List<Work> works = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            works.add(new Work(inputs.get(i).input(), scalars(logits.get(i), options)));
        }
        List<List<TargetAttribution>> attributions = attributor.attribute(works, options.text());
        List<FillMaskExplanation> explanations = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            Masked masked = inputs.get(i);
            explanations.add(new FillMaskExplanation(
                    TextRun.of(model, options.text(), masked.row.tokensLeftOut()), masked.text, masked.token,
                    predictions(logits.get(i), options), attributions.get(i)));
        }
        return explanations;
    }

    /** A text, and the [MASK] that is to be filled; all of them stay as they are along the path. */
    private record Masked(String text, Row row, int[] masks, int token) {
        TextInput input() {
            return row.input().keeping(masks).reading(token);
        }

        Asked asked() {
            return new Asked(input().batch(), input().read());
        }
    }

    private Masked masked(String text, FillMaskOptions options) {
        Row row = reader.read("text", text, Source.TEXT, options.text().truncate());
        TextInput input = row.input();
        int[] masks = IntStream.range(0, input.length())
                .filter(t -> input.batch().ids()[t] == tokenizer.maskId().orElseThrow()).toArray();
        if (options.mask() >= masks.length) {
            String mask = vocabulary.get(tokenizer.maskId().orElseThrow());
            throw new InputException(masks.length == 0
                    ? "the text has no " + mask + "; write one where a word is to be guessed"
                    : "the text has " + masks.length + " " + mask + ", so there is none with the number "
                            + options.mask() + "; they are numbered from 0");
        }
        return new Masked(text, row, masks, masks[options.mask()]);
    }

    private List<Scalar> scalars(double[] logits, FillMaskOptions options) {
        ScoreKind kind = options.text().scoreKind();
        return options.target().resolve(vocabulary, logits).stream()
                .map(chosen -> new Scalar(chosen.against() < 0 ? "word" : "contrast", chosen.index(), chosen.label(),
                        kind, target(chosen, kind)))
                .toList();
    }

    private List<ClassPrediction> predictions(double[] logits, FillMaskOptions options) {
        double[] probabilities = ClassScoring.SOFTMAX.probabilities(logits);
        return ClassTarget.order(logits).limit(options.predictions())
                .mapToObj(i -> new ClassPrediction(i, vocabulary.get(i), logits[i], probabilities[i])).toList();
    }

    private static Target target(ClassTarget.Resolved chosen, ScoreKind kind) {
        if (kind == ScoreKind.LOGIT) {
            return chosen.logit();
        }
        Target f = Target.probability(chosen.index());
        return chosen.against() < 0 ? f : f.minus(Target.probability(chosen.against()));
    }

    private void requireTokens(ClassTarget target) {
        switch (target) {
            case ClassTarget.Label(String word) when tokenizer.id(word).isEmpty() -> throw new InputException(
                    "the vocabulary has no token '" + word + "'; give a word that is a single token, in its spelling"
                            + " (lower case where the model knows no other)");
            case ClassTarget.Contrast(ClassTarget one, ClassTarget other) -> {
                requireTokens(one);
                requireTokens(other);
            }
            default -> {
            }
        }
    }
}
