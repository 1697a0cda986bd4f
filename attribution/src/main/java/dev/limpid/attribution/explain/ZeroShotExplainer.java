package dev.limpid.attribution.explain;

import dev.limpid.attribution.Target;
import dev.limpid.attribution.explain.TextAttributor.Asked;
import dev.limpid.attribution.explain.TextAttributor.Scalar;
import dev.limpid.attribution.explain.TextAttributor.Work;
import dev.limpid.attribution.explain.TextReader.Row;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.attribution.explain.ZeroShotExplanation.LabelPrediction;
import dev.limpid.nn.ModelException;
import dev.limpid.tokenizer.Truncation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Explains zero-shot classification by a {@code BertForSequenceClassification} trained on natural language inference: each label makes a hypothesis, and F is the
 * entailment logit (or its probability among the model's classes) of text and hypothesis.
 *
 * <p>Thread-safe. Labels are ranked as by Hugging Face's pipeline: softmax over the labels' entailment logits, or with {@code multiLabel} of entailment against
 * contradiction for each. transformers-interpret ({@code ZeroShotClassificationExplainer}) ranks by sigmoids divided by their sum, cleans the text for the
 * attributions only, puts the first [SEP] into segment 1, and without the hypothesis lists as many tokens as the text has beginning with [CLS]: the text's last one is lost.
 */
public final class ZeroShotExplainer {
    private final TextAttributor attributor;
    private final TextReader reader;
    private final LimpidModel model;

    /** @throws ModelException if the model classifies no sequences, or has no class for entailment */
    ZeroShotExplainer(LimpidModel model) {
        ClassAttributor.requireArchitecture(model, "BertForSequenceClassification", "which classifies no texts");
        this.model = model;
        attributor = new TextAttributor(model);
        reader = new TextReader(model);
        entailment(Convention.DEFAULT);
    }

    /** Explains with {@link ZeroShotOptions#DEFAULT}. */
    public ZeroShotExplanation explain(String text, List<String> labels) {
        return explain(text, labels, ZeroShotOptions.DEFAULT);
    }

    /**
     * Explains how well each label fits a text.
     *
     * @throws InputException if the text or a hypothesis has no words, there is no label, or the text is longer than the model's window without leave to cut it
     * @throws ArithmeticException if the model computes a number that is not finite
     */
    public ZeroShotExplanation explain(String text, List<String> labels, ZeroShotOptions options) {
        if (labels.isEmpty()) {
            throw new InputException("there is no label to choose; give at least one");
        }
        boolean own = options.text().convention() == Convention.DEFAULT;
        int entailment = entailment(options.text().convention());
        List<String> hypotheses = labels.stream().map(options::hypothesis).toList();
        List<Row> explained = hypotheses.stream().map(h -> read(text, h, own, true, options)).toList();
        List<Row> ranked = own
                ? explained
                : hypotheses.stream().map(h -> read(text, h, false, false, options)).toList();
        List<double[]> logits = attributor.logits(
                ranked.stream().map(row -> new Asked(row.input().batch(), null)).toList(),
                options.text());
        ScoreKind kind = options.text().scoreKind();
        Target f = kind == ScoreKind.PROBABILITY ? Target.probability(entailment) : Target.logit(entailment);
        List<Work> works = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            TextInput input = explained.get(i).input();
            boolean keep = own && !options.includeHypothesis();
            works.add(new Work(keep ? input.keeping(Source.HYPOTHESIS) : input,
                    List.of(new Scalar("label", i, labels.get(i), kind, f))));
        }
        List<TargetAttribution> explanations = new ArrayList<>();
        List<List<TargetAttribution>> attributions = attributor.attribute(works, options.text());
        for (int i = 0; i < labels.size(); i++) {
            TargetAttribution whole = attributions.get(i).getFirst();
            explanations.add(own || options.includeHypothesis()
                    ? whole
                    : firstTokens(whole, explained.get(i).input()));
        }
        return new ZeroShotExplanation(
                TextRun.of(model, options.text(), explained.stream().mapToInt(Row::tokensLeftOut).max().orElse(0)),
                text,
                options.hypothesisTemplate(), predictions(labels, hypotheses, logits, entailment, options),
                explanations);
    }

    private Row read(String text, String hypothesis, boolean own, boolean cleans, ZeroShotOptions options) {
        return own
                ? reader.read("text", text, Source.TEXT, "hypothesis", hypothesis, Source.HYPOTHESIS,
                        Truncation.ONLY_FIRST, options.text().truncate())
                : reader.transformersInterpret(text, Source.TEXT, hypothesis, Source.HYPOTHESIS, cleans, 0);
    }

    /** As many tokens as the text has, from [CLS] on, normalised among themselves. */
    private static TargetAttribution firstTokens(TargetAttribution whole, TextInput input) {
        double[] raw = whole.tokens().stream().mapToDouble(TokenAttribution::raw).toArray();
        int count = (int) input.sources().stream().filter(source -> source == Source.TEXT).count();
        return whole.withTokens(TextAttributor.tokens(input, raw, count));
    }

    /** The class of entailment: by Hugging Face the one whose label begins so, by transformers-interpret the one called just so. */
    private int entailment(Convention convention) {
        List<String> labels = model.bert().config().labels();
        int found = convention == Convention.DEFAULT
                ? IntStream.range(0, labels.size())
                        .filter(i -> labels.get(i).toLowerCase(Locale.ROOT).startsWith("entail")).findFirst().orElse(-1)
                : Math.max(labels.indexOf("entailment"),
                        labels.contains("entailment") ? -1 : labels.indexOf("ENTAILMENT"));
        if (found < 0) {
            throw new ModelException(model.name() + " has the classes " + String.join(", ", labels)
                    + ", none of which is entailment; zero-shot classification needs a model of natural language"
                    + " inference");
        }
        return found;
    }

    private static List<LabelPrediction> predictions(List<String> labels, List<String> hypotheses,
            List<double[]> logits, int entailment, ZeroShotOptions options) {
        double[] scores = logits.stream().mapToDouble(row -> row[entailment]).toArray();
        double[] probabilities;
        if (options.text().convention() == Convention.TRANSFORMERS_INTERPRET) {
            double[] sigmoids = ClassScoring.SIGMOID.probabilities(scores);
            double sum = Arrays.stream(sigmoids).sum();
            probabilities = Arrays.stream(sigmoids).map(p -> p / sum).toArray();
        } else if (options.multiLabel() || labels.size() == 1) {
            int contradiction = entailment == 0 ? logits.getFirst().length - 1 : 0;
            probabilities = logits.stream()
                    .mapToDouble(row -> 1 / (1 + Math.exp(row[contradiction] - row[entailment]))).toArray();
        } else {
            probabilities = ClassScoring.SOFTMAX.probabilities(scores);
        }
        return IntStream.range(0, labels.size())
                .mapToObj(i -> new LabelPrediction(i, labels.get(i), hypotheses.get(i), scores[i], probabilities[i]))
                .sorted(Comparator.comparingDouble(LabelPrediction::probability).reversed()).toList();
    }
}
