package dev.limpid.attribution.explain;

import dev.limpid.attribution.explain.ClassAttributor.Input;
import dev.limpid.attribution.explain.TextReader.Row;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.nn.ModelException;
import dev.limpid.tokenizer.Truncation;
import java.util.List;

/**
 * Explains what a {@code BertForSequenceClassification} makes of two texts together, as cross-encoders do: relevance, similarity, entailment.
 *
 * <p>Thread-safe. The conventions are those of {@link TextClassificationExplainer}, but that transformers-interpret
 * ({@code PairwiseSequenceClassificationExplainer}) neither cleans the texts nor misplaces a segment here.
 */
public final class PairClassificationExplainer {
    private final ClassAttributor attributor;
    private final TextReader reader;

    /** @throws ModelException if the model classifies no sequences */
    PairClassificationExplainer(LimpidModel model) {
        attributor = new ClassAttributor(model);
        reader = new TextReader(model);
    }

    /** Explains the predicted class with {@link ClassificationOptions#DEFAULT}. */
    public ClassificationExplanation explain(String text, String textPair) {
        return explain(text, textPair, ClassificationOptions.DEFAULT);
    }

    /**
     * Explains the classification of two texts.
     *
     * @throws InputException if a text has no words, both are longer than the model's window without leave to cut the longer, or the model has no such class
     * @throws ArithmeticException if the model computes a number that is not finite
     */
    public ClassificationExplanation explain(String text, String textPair, ClassificationOptions options) {
        return explainAll(List.of(new TextPair(text, textPair)), options).getFirst();
    }

    /**
     * Explains the classifications of many pairs, in their order, as {@link TextClassificationExplainer#explainAll} does those of texts.
     *
     * @throws InputException if a text has no words, a pair is longer than the model's window without leave to cut the longer text, or the model has no such class
     * @throws ArithmeticException if the model computes a number that is not finite
     */
    public List<ClassificationExplanation> explainAll(List<TextPair> pairs, ClassificationOptions options) {
        return attributor.explain(pairs.stream().map(
                pair -> new Input(read(pair.text(), pair.textPair(), options), pair.text(), pair.textPair())).toList(),
                options);
    }

    private Row read(String text, String textPair, ClassificationOptions options) {
        return options.text().convention() == Convention.DEFAULT
                ? reader.read("text", text, Source.TEXT, "second text", textPair, Source.TEXT_PAIR,
                        Truncation.LONGEST_FIRST, options.text().truncate())
                : reader.transformersInterpret(text, Source.TEXT, textPair, Source.TEXT_PAIR, false, 1);
    }
}
