package dev.limpid.attribution.explain;

import dev.limpid.attribution.Attribution;
import dev.limpid.attribution.BaselineAverage;
import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.IntegratedGradients.Case;
import dev.limpid.attribution.Method;
import dev.limpid.attribution.PackedModel;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
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
        return explainAll(List.of(image), options).getFirst();
    }

    /**
     * Explains many images, in their order. Each is explained as by {@link #explain(RgbImage, ImageOptions)}; by integrated gradients from one baseline several go through the network
     * together.
     *
     * @throws InputException if the model has no such class
     * @throws ModelException if the processor makes images of another size than the model takes
     * @throws ArithmeticException if the model computes a number that is not finite
     */
    public List<ImageExplanation> explainAll(List<RgbImage> images, ImageOptions options) {
        // Without the path engine nothing is gained by several at once.
        boolean paths = options.method() instanceof IntegratedGradients && options.baselines().size() == 1;
        List<List<RgbImage>> windows = Windows.of(images, _ -> vit.bytesPerRow(), paths
                ? options.run().memoryBudget(vit.ops())
                : 0);
        List<ImageExplanation> explanations = new ArrayList<>();
        for (int w = 0; w < windows.size(); w++) {
            RunOptions run = options.run().withProgress(options.run().progress().part(w, windows.size()));
            List<Seen> seen = windows.get(w).stream().map(image -> see(image, options)).toList();
            List<List<Attribution>> attributions = attributions(seen, options, run);
            for (int i = 0; i < seen.size(); i++) {
                explanations.add(explanation(seen.get(i), attributions.get(i), options));
            }
        }
        return explanations;
    }

    /** An image, what the model makes of it, and what of that is to be explained. */
    private record Seen(RgbImage image, ImageProcessor.Processed processed, double[] x, double[] logits,
            List<ClassTarget.Resolved> targets) {
        List<Target> scalars() {
            return targets.stream().map(ClassTarget.Resolved::logit).toList();
        }
    }

    private Seen see(RgbImage image, ImageOptions options) {
        ImageProcessor.Processed processed = process(image);
        double[] x = doubles(processed.values());
        double[] logits = logits(x);
        return new Seen(image, processed, x, logits, target(options).resolve(vit.config().labels(), logits));
    }

    private List<List<Attribution>> attributions(List<Seen> images, ImageOptions options, RunOptions run) {
        PixelSpace space = new PixelSpace(vit);
        if (options.method() instanceof IntegratedGradients method && options.baselines().size() == 1) {
            return method.attribute(PackedModel.alike(space.model()), images.stream().map(seen -> new Case(space,
                    seen.x, baselines(seen, options).getFirst(), seen.scalars())).toList(), run);
        }
        return images.stream().map(seen -> {
            List<double[]> baselines = baselines(seen, options);
            return method(options, baselines).attribute(space, seen.x, baselines.getFirst(), seen.scalars(), run);
        }).toList();
    }

    private List<double[]> baselines(Seen seen, ImageOptions options) {
        return options.baselines().stream()
                .map(baseline -> baseline.values(processor, seen.processed.values())).toList();
    }

    private static Method method(ImageOptions options, List<double[]> baselines) {
        return baselines.size() == 1 ? options.method() : new BaselineAverage(options.method(), baselines);
    }

    private ImageExplanation explanation(Seen seen, List<Attribution> attributions, ImageOptions options) {
        Method method = options.method();
        List<ImageAttribution> explanations = new ArrayList<>();
        for (int t = 0; t < attributions.size(); t++) {
            Attribution a = attributions.get(t);
            ClassTarget.Resolved target = seen.targets.get(t);
            explanations.add(new ImageAttribution(target.kind(), target.index(), target.label(), a.score(),
                    a.baselineScore(), method.complete() ? a.delta() : Double.NaN, method.id(),
                    method.quadratureRule().map(Quadrature::id).orElse(null), a.steps(), a.accuracy(), a.values()));
        }
        return new ImageExplanation(model.name(), model.device(), model.precision(), options.convention(),
                options.baselines().stream().map(ImageBaseline::id).collect(Collectors.joining("+")), seen.image,
                seen.processed.resized(), seen.processed.values(), vit.config().patchHeight(),
                vit.config().patchWidth(), predictions(seen.logits), explanations);
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
