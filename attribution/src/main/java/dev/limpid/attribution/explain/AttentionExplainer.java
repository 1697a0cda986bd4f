package dev.limpid.attribution.explain;

import dev.limpid.attribution.Target;
import dev.limpid.attribution.attention.AttentionReading;
import dev.limpid.attribution.explain.TextReader.Row;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.bert.BertModel;
import dev.limpid.nn.ModelException;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import dev.limpid.tokenizer.Truncation;
import dev.limpid.vit.ViTConfig;
import dev.limpid.vit.ViTModel;
import dev.limpid.vit.image.ImageProcessor.Processed;
import dev.limpid.vit.image.RgbImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reads the attention of a model for a text, two texts, or an image; with a target also its gradient.
 *
 * <p>Thread-safe.
 */
public final class AttentionExplainer {
    private final LimpidModel model;

    public AttentionExplainer(LimpidModel model) {
        this.model = model;
    }

    /** The predicted class as a target, or null where the model has no class of a whole input. */
    public ClassTarget predicted() {
        return model.looksAtImages() || classifies(model.bert()) ? ClassTarget.PREDICTED : null;
    }

    private static boolean classifies(BertModel bert) {
        return bert.head().architecture().equals("BertForSequenceClassification");
    }

    /**
     * Reads the attention in a text.
     *
     * @param pair the second text, or null
     * @param target the class whose logit is the target, or null for none
     * @param truncate whether what does not fit the model's window may be cut off
     * @throws InputException if a text has no words or does not fit, or the model has no such class, or classifies no sequences although a class is given
     * @throws ModelException if the model looks at images
     * @throws ArithmeticException if the model computes a number that is not finite
     */
    public AttentionExplanation explain(String text, String pair, ClassTarget target, boolean truncate) {
        BertModel bert = model.bert();
        if (target != null && !classifies(bert)) {
            throw new InputException(model.name() + " is a " + bert.head().architecture()
                    + ", which has no class of a whole text to weigh attention by; leave the class out");
        }
        List<String> labels = bert.config().labels();
        TextReader reader = new TextReader(model);
        Row row = pair == null
                ? reader.read("text", text, Source.TEXT, truncate)
                : reader.read("text", text, Source.TEXT, "second text", pair, Source.TEXT_PAIR,
                        Truncation.LONGEST_FIRST,
                        truncate);
        AttentionReading reading = AttentionReading.of(bert, row.input().batch(), scalar(target, labels));
        return new AttentionExplanation(model.name(), model.device(), model.precision(), text, pair, null, 0, 0,
                row.input().tokens(), IntStream.of(row.input().batch().typeIds()).boxed().toList(),
                row.input().sources(), row.input().spans(), row.tokensLeftOut(), label(target, labels, reading),
                score(target, labels, reading), reading.logits(), reading.maps(), reading.projections());
    }

    /**
     * Reads the attention in an image.
     *
     * @param target the class whose logit is the target, or null for none
     * @throws InputException if the model has no such class
     * @throws ModelException if the model reads text, or its processor makes images of another size than it takes
     * @throws ArithmeticException if the model computes a number that is not finite
     */
    public AttentionExplanation explain(RgbImage image, ClassTarget target) {
        ViTModel vit = model.vit();
        ViTConfig config = vit.config();
        Processed processed = model.imageProcessor().process(image);
        if (processed.values().height() != config.imageHeight()
                || processed.values().width() != config.imageWidth()) {
            throw new ModelException("the model takes images of " + config.imageWidth() + " × " + config.imageHeight()
                    + " pixels, but its preprocessor_config.json makes them " + processed.values().width() + " × "
                    + processed.values().height() + "; correct size or crop_size there");
        }
        try (Workspace ws = vit.ops().workspace()) {
            Tensor pixels = ws.tensor(1, config.channels(), config.imageHeight(), config.imageWidth());
            vit.ops().upload(processed.values().values(), pixels);
            AttentionReading reading = AttentionReading.of(vit, ws, pixels, scalar(target, config.labels()));
            int rows = config.imageHeight() / config.patchHeight();
            int columns = config.imageWidth() / config.patchWidth();
            List<String> tokens = tokens(reading.maps().length(), rows, columns);
            return new AttentionExplanation(model.name(), model.device(), model.precision(), null, null,
                    processed.resized(), rows, columns, tokens, Collections.nCopies(tokens.size(), 0),
                    List.of(), List.of(), 0, label(target, config.labels(), reading),
                    score(target, config.labels(), reading), reading.logits(), reading.maps(), reading.projections());
        }
    }

    /** [CLS], for a distilled DeiT the distillation token, and the patches by their place. */
    private static List<String> tokens(int length, int rows, int columns) {
        List<String> tokens = new ArrayList<>(List.of("[CLS]"));
        if (length > rows * columns + 1) {
            tokens.add("[distillation]");
        }
        for (int patch = 0; patch < rows * columns; patch++) {
            tokens.add("row " + patch / columns + ", column " + patch % columns);
        }
        return tokens;
    }

    /** The logit of the class, which may depend on the logits: the predicted one does. */
    private static Target scalar(ClassTarget target, List<String> labels) {
        return target == null
                ? null
                : (logits, dLogits) -> target.resolve(labels, logits).getFirst().logit().evaluate(logits, dLogits);
    }

    private static String label(ClassTarget target, List<String> labels, AttentionReading reading) {
        return target == null ? null : target.resolve(labels, reading.logits()).getFirst().label();
    }

    private static double score(ClassTarget target, List<String> labels, AttentionReading reading) {
        return target == null
                ? Double.NaN
                : scalar(target, labels).evaluate(reading.logits(), new double[reading.logits().length]);
    }
}
