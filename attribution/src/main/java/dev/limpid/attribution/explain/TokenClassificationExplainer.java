package dev.limpid.attribution.explain;

import dev.limpid.attribution.Target;
import dev.limpid.attribution.explain.TextAttributor.Scalar;
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
        requireLabels(options);
        boolean own = options.text().convention() == Convention.DEFAULT;
        Row row = own
                ? reader.read("text", text, Source.TEXT, options.text().truncate())
                : reader.transformersInterpret("text", text, Source.TEXT, true);
        TextInput input = row.input();
        double[] logits = attributor.logits(input.batch(), options.text());
        List<TokenPrediction> predictions = IntStream.range(0, input.length())
                .mapToObj(t -> prediction(input, t, logits)).toList();
        List<Entity> entities = Entity.of(predictions, text);
        List<TokenPrediction> selected = predictions.stream()
                .filter(p -> !(own && input.isSpecial(p.index())) && !options.ignoredIndexes().contains(p.index())
                        && !options.ignoredLabels().contains(p.label()))
                .toList();
        List<Scalar> scalars = options.explained() == Explained.TOKENS
                ? selected.stream().map(p -> new Scalar("token", p.index(), p.label(), options.text().scoreKind(),
                        target(p, options))).toList()
                : scalars(entities, selected, options);
        return new TokenClassificationExplanation(TextRun.of(model, options.text(), row.tokensLeftOut()), text,
                predictions, entities,
                scalars.isEmpty() ? List.of() : attributor.attribute(input, scalars, options.text()));
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
