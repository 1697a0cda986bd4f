package dev.limpid.attribution.explain;

import dev.limpid.bert.BertModel;
import dev.limpid.nn.ModelException;
import dev.limpid.tensor.DType;
import dev.limpid.tensor.Ops;
import dev.limpid.tokenizer.Tokenizer;
import dev.limpid.vit.ViTModel;
import dev.limpid.vit.image.ImageProcessor;
import java.util.List;

/**
 * A loaded model: weights on a device, and the tokenizer or the image processor that belongs to them.
 *
 * <p>Thread-safe: any number of threads may explain with one model at once. Close it to give its device back.
 */
public final class LimpidModel implements AutoCloseable {
    private final String name;
    private final Ops ops;
    private final Network network;
    private final List<String> unusedWeights;

    /** What kind of model it is, with what turns a user's input into the network's. */
    sealed interface Network {
        /** Reads text. */
        record Text(BertModel bert, Tokenizer tokenizer) implements Network {}

        /** Looks at images. */
        record Vision(ViTModel vit, ImageProcessor processor) implements Network {}
    }

    LimpidModel(String name, Ops ops, Network network, List<String> unusedWeights) {
        this.name = name;
        this.ops = ops;
        this.network = network;
        this.unusedWeights = List.copyOf(unusedWeights);
    }

    /** What explanations call the model. */
    public String name() {
        return name;
    }

    /**
     * The tokenizer.
     *
     * @throws ModelException if the model looks at images
     */
    public Tokenizer tokenizer() {
        return text().tokenizer();
    }

    /** Whether it looks at images; otherwise it reads text. */
    public boolean looksAtImages() {
        return network instanceof Network.Vision;
    }

    /** The name of the device the model is on. */
    public String device() {
        return ops.device();
    }

    /** What the device is and how it computes. */
    public String deviceDescription() {
        return ops.description();
    }

    /** In which numbers the device computes: {@code f32}, {@code tf32}, {@code bf16}, or {@code f64} on the reference device. */
    public String precision() {
        return ops.computeType() == DType.F64 ? "f64" : ops.precision().id();
    }

    /** Tensors of the checkpoint that the model has no use for; many of them say that it is not the model one thinks it is. */
    public List<String> unusedWeights() {
        return unusedWeights;
    }

    /**
     * The network itself.
     *
     * @throws ModelException if the model looks at images
     */
    public BertModel bert() {
        return text().bert();
    }

    /**
     * The network itself.
     *
     * @throws ModelException if the model reads text
     */
    public ViTModel vit() {
        return vision().vit();
    }

    /**
     * What turns an image into the network's input.
     *
     * @throws ModelException if the model reads text
     */
    public ImageProcessor imageProcessor() {
        return vision().processor();
    }

    /**
     * The explainer of answers to questions.
     *
     * @throws ModelException if the model is of another architecture
     */
    public QuestionAnsweringExplainer questionAnswering() {
        return new QuestionAnsweringExplainer(this);
    }

    /**
     * The explainer of a text's class, or classes.
     *
     * @throws ModelException if the model is of another architecture
     */
    public TextClassificationExplainer textClassification() {
        return new TextClassificationExplainer(this);
    }

    /**
     * The explainer of what two texts are together, as cross-encoders see them.
     *
     * @throws ModelException if the model is of another architecture
     */
    public PairClassificationExplainer pairClassification() {
        return new PairClassificationExplainer(this);
    }

    /**
     * The explainer of labels that the model was not trained for.
     *
     * @throws ModelException if the model is of another architecture, or knows no entailment
     */
    public ZeroShotExplainer zeroShot() {
        return new ZeroShotExplainer(this);
    }

    /**
     * The explainer of the tokens' labels.
     *
     * @throws ModelException if the model is of another architecture
     */
    public TokenClassificationExplainer tokenClassification() {
        return new TokenClassificationExplainer(this);
    }

    /**
     * The explainer of words that fill a [MASK].
     *
     * @throws ModelException if the model is of another architecture, or knows no [MASK]
     */
    public FillMaskExplainer fillMask() {
        return new FillMaskExplainer(this);
    }

    /**
     * The explainer of how alike two texts are to an embedding model.
     *
     * @throws ModelException if the model looks at images
     */
    public SimilarityExplainer similarity() {
        return new SimilarityExplainer(this);
    }

    /**
     * The explainer of what an image is classified as.
     *
     * @throws ModelException if the model reads text
     */
    public ImageClassificationExplainer imageClassification() {
        return new ImageClassificationExplainer(this);
    }

    /** What the model attends to in a text or an image. */
    public AttentionExplainer attention() {
        return new AttentionExplainer(this);
    }

    private Network.Text text() {
        return switch (network) {
            case Network.Text text -> text;
            case Network.Vision vision -> throw new ModelException(
                    name + " is a " + vision.vit().config().architecture()
                            + ", which looks at images; load a BERT model");
        };
    }

    private Network.Vision vision() {
        return switch (network) {
            case Network.Vision vision -> vision;
            case Network.Text text -> throw new ModelException(name + " is a " + text.bert().head().architecture()
                    + ", which reads text; load a ViTForImageClassification or a DeiTForImageClassification");
        };
    }

    @Override
    public void close() {
        ops.close();
    }
}
