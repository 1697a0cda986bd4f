package dev.limpid.attribution.explain;

import dev.limpid.attribution.explain.ClassAttributor.Input;
import dev.limpid.attribution.explain.TextReader.Row;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.nn.ModelException;
import java.util.List;

/**
 * Explains which class, or which classes, a {@code BertForSequenceClassification} sees in a text.
 *
 * <p>Thread-safe. In the default convention F is the logit of a fixed class, or its probability if asked for; in that of transformers-interpret
 * ({@code SequenceClassificationExplainer}, {@code MultiLabelClassificationExplainer}) it is the probability, the text is cleaned first, the closing [SEP] is in
 * segment 1, and the prediction is made as if it were not.
 */
public final class TextClassificationExplainer {
    private final ClassAttributor attributor;
    private final TextReader reader;

    /** @throws ModelException if the model classifies no sequences */
    TextClassificationExplainer(LimpidModel model) {
        attributor = new ClassAttributor(model);
        reader = new TextReader(model);
    }

    /** Explains the predicted class with {@link ClassificationOptions#DEFAULT}. */
    public ClassificationExplanation explain(String text) {
        return explain(text, ClassificationOptions.DEFAULT);
    }

    /**
     * Explains a text's classification.
     *
     * @throws InputException if the text has no words, is longer than the model's window without leave to cut it, or the model has no such class
     * @throws ArithmeticException if the model computes a number that is not finite
     */
    public ClassificationExplanation explain(String text, ClassificationOptions options) {
        return explainAll(List.of(text), options).getFirst();
    }

    /**
     * Explains the classifications of many texts, in their order. Each is explained as by {@link #explain(String, ClassificationOptions)}; by integrated gradients several go
     * through the network together, without padding, in as much memory as for one.
     *
     * @throws InputException if a text has no words, is longer than the model's window without leave to cut it, or the model has no such class
     * @throws ArithmeticException if the model computes a number that is not finite
     */
    public List<ClassificationExplanation> explainAll(List<String> texts, ClassificationOptions options) {
        return attributor.explain(texts.stream().map(text -> new Input(read(text, options), text, null)).toList(),
                options);
    }

    private Row read(String text, ClassificationOptions options) {
        return options.text().convention() == Convention.DEFAULT
                ? reader.read("text", text, Source.TEXT, options.text().truncate())
                : reader.transformersInterpret("text", text, Source.TEXT, false);
    }
}
