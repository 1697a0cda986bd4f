package dev.limpid.attribution.explain;

import dev.limpid.attribution.Target;
import dev.limpid.attribution.explain.TextAttributor.Asked;
import dev.limpid.attribution.explain.TextAttributor.Scalar;
import dev.limpid.attribution.explain.TextAttributor.Work;
import dev.limpid.attribution.explain.TextReader.Row;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.attribution.explain.TokenOptions.Explained;
import dev.limpid.nn.ModelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Explains the labels that a {@code BertForTokenClassification} gives to the tokens of a text: F is the logit of a token's predicted label, or its probability.
 *
 * <p>Thread-safe. In the default convention the special tokens, which nobody labels, are not explained. transformers-interpret
 * ({@code TokenClassificationExplainer}) cleans the text first, explains the special tokens too, and keeps of tokens that are alike the last.
 */
public final class TokenClassificationExplainer {
    private final TextAttributor attributor;
    private final TextReader reader;
    private final LimpidModel model;
    private final List<String> labels;

    /** @throws ModelException if the model labels no tokens */
    TokenClassificationExplainer(LimpidModel model) {
        ClassAttributor.requireArchitecture(model, "BertForTokenClassification", "which labels no tokens");
        this.model = model;
        labels = model.bert().config().labels();
        attributor = new TextAttributor(model);
        reader = new TextReader(model);
    }

    /** Explains every token with {@link TokenOptions#DEFAULT}. */
    public TokenClassificationExplanation explain(String text) {
        return explain(text, TokenOptions.DEFAULT);
    }

    /**
     * Explains the labels of a text's tokens, or its entities.
     *
     * @throws InputException if the text has no words, is longer than the model's window without leave to cut it, or an ignored label is none of the model's
     * @throws ArithmeticException if the model computes a number that is not finite
     */
    public TokenClassificationExplanation explain(String text, TokenOptions options) {
        return explainAll(List.of(text), options).getFirst();
    }

    /**
     * Explains the labels of the tokens of many texts, in their order, as {@link TextClassificationExplainer#explainAll} does classes.
     *
     * @throws InputException if a text has no words, is longer than the model's window without leave to cut it, or an ignored label is none of the model's
     * @throws ArithmeticException if the model computes a number that is not finite
     */
    public List<TokenClassificationExplanation> explainAll(List<String> texts, TokenOptions options) {
        requireLabels(options);
        List<Row> rows = texts.stream().map(text -> read(text, options)).toList();
        List<double[]> logits = attributor.logits(rows.stream().map(row -> new Asked(row.input().batch(), null))
                .toList(), options.text());
        List<List<TokenPrediction>> predictions = new ArrayList<>();
        List<List<Entity>> entities = new ArrayList<>();
        List<Work> works = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            TextInput input = rows.get(i).input();
            double[] own = logits.get(i);
            predictions.add(IntStream.range(0, input.length()).mapToObj(t -> prediction(input, t, own)).toList());
            entities.add(Entity.of(predictions.get(i), texts.get(i)));
            works.add(new Work(input, scalars(input, predictions.get(i), entities.get(i), options)));
        }
        List<List<TargetAttribution>> attributions = attributor.attribute(works, options.text());
        List<TokenClassificationExplanation> explanations = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            explanations.add(new TokenClassificationExplanation(
                    TextRun.of(model, options.text(), rows.get(i).tokensLeftOut()), texts.get(i), predictions.get(i),
                    entities.get(i), attributions.get(i)));
        }
        return explanations;
    }

    private Row read(String text, TokenOptions options) {
        return options.text().convention() == Convention.DEFAULT
                ? reader.read("text", text, Source.TEXT, options.text().truncate())
                : reader.transformersInterpret("text", text, Source.TEXT, true);
    }

    /** What is explained: the labels of tokens or of entities that are not ignored. */
    private List<Scalar> scalars(TextInput input, List<TokenPrediction> predictions, List<Entity> entities,
            TokenOptions options) {
        boolean own = options.text().convention() == Convention.DEFAULT;
        List<TokenPrediction> selected = predictions.stream()
                .filter(p -> !(own && input.isSpecial(p.index())) && !options.ignoredIndexes().contains(p.index())
                        && !options.ignoredLabels().contains(p.label()))
                .toList();
        return options.explained() == Explained.TOKENS
                ? selected.stream().map(p -> new Scalar("token", p.index(), p.label(), options.text().scoreKind(),
                        target(p, options))).toList()
                : scalars(entities, selected, options);
    }

    private void requireLabels(TokenOptions options) {
        for (String label : options.ignoredLabels()) {
            if (!labels.contains(label) && options.text().convention() == Convention.DEFAULT) {
                throw new InputException("the model has no label '" + label + "' to ignore; it has "
                        + String.join(", ", labels));
            }
        }
    }

    private TokenPrediction prediction(TextInput input, int token, double[] logits) {
        double[] own = Arrays.copyOfRange(logits, token * labels.size(), (token + 1) * labels.size());
        int best = ClassTarget.order(own).findFirst().orElseThrow();
        return new TokenPrediction(token, input.tokens().get(token), input.spans().get(token), best, labels.get(best),
                own[best], ClassScoring.SOFTMAX.probabilities(own)[best]);
    }

    private Target target(TokenPrediction p, TokenOptions options) {
        int first = p.index() * labels.size();
        return options.text().scoreKind() == ScoreKind.PROBABILITY
                ? Target.probability(first + p.labelIndex(), first, first + labels.size())
                : Target.logit(first + p.labelIndex());
    }

    /** The entities that have a token that is not ignored, with these tokens' mean. */
    private List<Scalar> scalars(List<Entity> entities, List<TokenPrediction> selected, TokenOptions options) {
        List<Scalar> scalars = new ArrayList<>();
        for (Entity entity : entities) {
            List<Target> tokens = selected.stream()
                    .filter(p -> p.index() >= entity.start() && p.index() <= entity.end())
                    .map(p -> target(p, options)).toList();
            if (!tokens.isEmpty()) {
                scalars.add(new Scalar("entity", entity.start(), entity.label(), options.text().scoreKind(),
                        Target.mean(tokens)));
            }
        }
        return scalars;
    }
}
