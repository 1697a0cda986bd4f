package dev.limpid.attribution.explain;

import dev.limpid.bert.BertModel;
import dev.limpid.tensor.DType;
import dev.limpid.tokenizer.Tokenizer;
import java.util.List;
import java.util.Locale;

/**
 * A loaded model: weights on a device, and the tokenizer that belongs to them.
 *
 * <p>Thread-safe: any number of threads may explain with one model at once. Close it to give its device back.
 */
public final class LimpidModel implements AutoCloseable {
    private final String name;
    private final BertModel bert;
    private final Tokenizer tokenizer;
    private final List<String> unusedWeights;

    LimpidModel(String name, BertModel bert, Tokenizer tokenizer, List<String> unusedWeights) {
        this.name = name;
        this.bert = bert;
        this.tokenizer = tokenizer;
        this.unusedWeights = List.copyOf(unusedWeights);
    }

    /** What explanations call the model. */
    public String name() {
        return name;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** The name of the device the model is on. */
    public String device() {
        return bert.ops().device();
    }

    /** What the device is and how it computes. */
    public String deviceDescription() {
        return bert.ops().description();
    }

    /** {@code f32}, or {@code f64} on the reference device. */
    public String precision() {
        DType type = bert.ops().computeType();
        return type.name().toLowerCase(Locale.ROOT);
    }

    /** Tensors of the checkpoint that the model has no use for; many of them say that it is not the model one thinks it is. */
    public List<String> unusedWeights() {
        return unusedWeights;
    }

    /** The network itself. */
    public BertModel bert() {
        return bert;
    }

    /**
     * The explainer of answers to questions.
     *
     * @throws dev.limpid.nn.ModelException if the model is of another architecture
     */
    public QuestionAnsweringExplainer questionAnswering() {
        return new QuestionAnsweringExplainer(this);
    }

    @Override
    public void close() {
        bert.ops().close();
    }
}
