package dev.limpid.attribution.explain;

import dev.limpid.attribution.Attribution;
import dev.limpid.attribution.BaselineAverage;
import dev.limpid.attribution.Method;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.Target;
import dev.limpid.nn.ModelException;
import dev.limpid.tensor.Workspace;
import dev.limpid.vit.ViTConfig;
import dev.limpid.vit.ViTModel;
import dev.limpid.vit.image.ImageFile;
import dev.limpid.vit.image.ImageProcessor;
import dev.limpid.vit.image.PixelValues;
import dev.limpid.vit.image.RgbImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Explains what a {@code ViTForImageClassification} or {@code DeiTForImageClassification} takes an image for: an attribution of the class's logit to every value of
 * every channel of every pixel of the model's input.
 *
 * <p>Thread-safe. The conventions are described at {@link Convention}; that of transformers-interpret is {@code ImageClassificationExplainer} in its
 * {@code vision/image_classification.py}, whose class name is not looked at, and whose index 0 means the predicted class.
 */
public final class ImageClassificationExplainer {
    private final LimpidModel model;
    private final ViTModel vit;
    private final ImageProcessor processor;

    ImageClassificationExplainer(LimpidModel model) {
        this.model = model;
        this.vit = model.vit();
        this.processor = model.imageProcessor();
    }

    /**
     * Explains the predicted class of an image file with {@link ImageOptions#DEFAULT}.
     *
     * @throws dev.limpid.vit.image.ImageException if the file is no image, or too large
     */
    public ImageExplanation explain(Path file) {
        return explain(ImageFile.read(file), ImageOptions.DEFAULT);
    }

    /**
     * Explains an image.
     *
     * @throws InputException if the model has no such class
     * @throws ModelException if the processor makes images of another size than the model takes
     * @throws ArithmeticException if the model computes a number that is not finite
     */
    public ImageExplanation explain(RgbImage image, ImageOptions options) {
        ImageProcessor.Processed processed = process(image);
        double[] x = doubles(processed.values());
        double[] logits = logits(x);
        List<ClassTarget.Resolved> targets = target(options).resolve(vit.config().labels(), logits);
        List<double[]> baselines = options.baselines().stream()
                .map(baseline -> baseline.values(processor, processed.values())).toList();
        Method method = baselines.size() == 1 ? options.method() : new BaselineAverage(options.method(), baselines);
        List<Target> scalars = targets.stream().map(ClassTarget.Resolved::logit).toList();
        List<Attribution> attributions = method.attribute(new PixelSpace(vit), x, baselines.getFirst(), scalars,
                options.run());
        List<ImageAttribution> explanations = new ArrayList<>();
        for (int t = 0; t < targets.size(); t++) {
            Attribution a = attributions.get(t);
            explanations.add(new ImageAttribution(targets.get(t).kind(), targets.get(t).index(), targets.get(t).label(),
                    a.score(), a.baselineScore(), method.complete() ? a.delta() : Double.NaN, method.id(),
                    method.quadratureRule().map(Quadrature::id).orElse(null), a.steps(), a.accuracy(),
                    a.values()));
        }
        return new ImageExplanation(model.name(), model.device(), model.precision(), options.convention(),
                options.baselines().stream().map(ImageBaseline::id).collect(Collectors.joining("+")), image,
                processed.resized(), processed.values(), vit.config().patchHeight(), vit.config().patchWidth(),
                predictions(logits), explanations);
    }

    private ImageProcessor.Processed process(RgbImage image) {
        ImageProcessor.Processed processed = processor.process(image);
        ViTConfig config = vit.config();
        PixelValues pixels = processed.values();
        if (pixels.height() != config.imageHeight() || pixels.width() != config.imageWidth()) {
            throw new ModelException("the model takes images of " + config.imageWidth() + " × " + config.imageHeight()
                    + " pixels, but its preprocessor_config.json makes them " + pixels.width() + " × "
                    + pixels.height() + "; correct size or crop_size there");
        }
        return processed;
    }

    private double[] logits(double[] pixels) {
        try (Workspace ws = vit.ops().workspace()) {
            double[] logits = vit.ops()
                    .download(vit.forwardFrom(ws, new PixelSpace(vit).points(ws, pixels)).logits());
            if (!Arrays.stream(logits).allMatch(Double::isFinite)) {
                throw new ArithmeticException("the model computes logits that are not finite for this image, so it"
                        + " cannot be explained; the weights may be damaged");
            }
            return logits;
        }
    }

    private static ClassTarget target(ImageOptions options) {
        if (options.convention() == Convention.DEFAULT) {
            return options.target();
        }
        return switch (options.target()) {
            case ClassTarget.Index(int index) when index == 0 -> ClassTarget.PREDICTED;
            case ClassTarget.Label _ -> ClassTarget.PREDICTED;
            default -> options.target();
        };
    }

    private List<ClassPrediction> predictions(double[] logits) {
        double largest = Arrays.stream(logits).max().orElseThrow();
        double sum = Arrays.stream(logits).map(logit -> Math.exp(logit - largest)).sum();
        return ClassTarget.order(logits).mapToObj(i -> new ClassPrediction(i, vit.config().labels().get(i), logits[i],
                Math.exp(logits[i] - largest) / sum)).toList();
    }

    private static double[] doubles(PixelValues pixels) {
        double[] x = new double[pixels.values().length];
        for (int i = 0; i < x.length; i++) {
            x[i] = pixels.values()[i];
        }
        return x;
    }
}
