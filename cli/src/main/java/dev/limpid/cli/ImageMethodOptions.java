package dev.limpid.cli;

import dev.limpid.attribution.Idgi;
import dev.limpid.attribution.InputXGradient;
import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.Method;
import dev.limpid.attribution.NoiseSource;
import dev.limpid.attribution.NoiseTunnel;
import dev.limpid.attribution.Occlusion;
import dev.limpid.attribution.Progress;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Saliency;
import dev.limpid.attribution.Steps;
import dev.limpid.attribution.attention.AttentionRollout;
import dev.limpid.attribution.attention.GradientWeightedAttention;
import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.ImageOptions;
import dev.limpid.tensor.Shape;
import dev.limpid.vit.ViTConfig;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say how to explain an image. */
final class ImageMethodOptions {
    private static final List<String> TUNNELS = List.of("smoothgrad", "smoothgrad-sq", "vargrad");
    private static final String INTEGRATED_GRADIENTS = "integrated-gradients";
    private static final String IDGI = "idgi";
    /** Nodes for each sample of noise, whose own error is far larger: what transformers-interpret takes. */
    private static final Steps.Fixed FIVE = new Steps.Fixed(Quadrature.GAUSS_LEGENDRE, 5);
    private static final String OCCLUSION = "occlusion";
    private static final List<String> METHODS = List.of(INTEGRATED_GRADIENTS, "smoothgrad", "smoothgrad-sq", "vargrad",
            "saliency", "gradient", "input-x-gradient", OCCLUSION, IDGI, "attention-rollout",
            "gradient-weighted-attention");

    @Option(names = "--method", paramLabel = "NAME", description = "How to attribute: integrated-gradients; smoothgrad, smoothgrad-sq or vargrad around it; saliency, gradient, input-x-gradient,"
            + " occlusion (of patches), idgi, attention-rollout or gradient-weighted-attention (default: integrated-gradients; with transformers-interpret smoothgrad).")
    private String method;

    @Option(names = "--convention", paramLabel = "NAME", defaultValue = "default", description = "Whose rules: default, or transformers-interpret for its defaults, titles and quirks.")
    private String convention;

    @Mixin
    private ImageBaselineOptions baseline = new ImageBaselineOptions();

    @Mixin
    private StepsOptions steps = new StepsOptions();

    @Option(names = "--samples", paramLabel = "N", description = "Noisy copies of the image for smoothgrad, smoothgrad-sq and vargrad (default: 10).")
    private Integer samples;

    @Option(names = "--stdev", paramLabel = "X", description = "Standard deviation of their noise, in normalised pixel values (default: 0.3; with transformers-interpret 1.0).")
    private Double stdev;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Seed of that noise and of the samples of --metrics (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private BudgetOptions budget = new BudgetOptions();

    ImageBaselineOptions baseline() {
        return baseline;
    }

    /** Of what is drawn at random. */
    long seed() {
        return seed;
    }

    /** Whether the method draws noise. */
    boolean drawsNoise() {
        return TUNNELS.contains(name());
    }

    /**
     * The same as the library has it, but for what only the model tells: see {@link #completed}.
     *
     * @throws UsageException if options contradict each other or are out of range
     */
    ImageOptions toImageOptions() {
        try {
            Convention rules = Convention.named(convention);
            checkMethod(rules);
            return ImageOptions.DEFAULT.withBaselines(baseline.baselines()).withConvention(rules)
                    .withMethod(method(rules))
                    .withRun(new RunOptions(budget.internalBatchSize(), budget.memory(), Progress.NONE));
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    /** With the patches of the model, where the method takes these away. */
    ImageOptions completed(ImageOptions options, ViTConfig model) {
        Shape pixels = Shape.of(model.channels(), model.imageHeight(), model.imageWidth());
        return name().equals(OCCLUSION)
                ? options.withMethod(Occlusion.patches(pixels, model.patchHeight(), model.patchWidth()))
                : options;
    }

    private String name() {
        boolean interpret = Convention.TRANSFORMERS_INTERPRET.id().equals(convention);
        return method != null ? method : interpret ? TUNNELS.getFirst() : INTEGRATED_GRADIENTS;
    }

    private void checkMethod(Convention rules) {
        if (!METHODS.contains(name())) {
            throw new UsageException("--method: there is no method '" + name() + "'; known are "
                    + String.join(", ", METHODS));
        }
        boolean integrates = drawsNoise() || name().equals(INTEGRATED_GRADIENTS);
        if (rules == Convention.TRANSFORMERS_INTERPRET && !integrates) {
            throw new UsageException("--method " + name() + " is not one of transformers-interpret's, which are "
                    + INTEGRATED_GRADIENTS + ", " + String.join(", ", TUNNELS) + "; leave --convention out to use it");
        }
        requireUsed("--samples", samples, drawsNoise());
        requireUsed("--stdev", stdev, drawsNoise());
        if (!integrates) {
            steps.requireNone(name(), !name().equals(IDGI));
        }
    }

    private void requireUsed(String option, Object value, boolean used) {
        if (value != null && !used) {
            throw new UsageException(option + " has no meaning for --method " + name() + "; leave it out");
        }
    }

    private Method method(Convention rules) {
        return switch (name()) {
            case INTEGRATED_GRADIENTS -> new IntegratedGradients(
                    steps.steps(rules == Convention.DEFAULT ? Steps.AUTO_IMAGE : Steps.FIFTY, Steps.FIFTY.nSteps(),
                            Steps.AUTO_IMAGE));
            case "saliency" -> new Saliency(false);
            case "gradient" -> new Saliency(true);
            case "input-x-gradient" -> new InputXGradient();
            case OCCLUSION -> Occlusion.of(new int[0][]);
            case IDGI -> new Idgi(steps.number(IDGI, Steps.FIFTY.nSteps()));
            case "attention-rollout" -> AttentionRollout.DEFAULT;
            case "gradient-weighted-attention" -> new GradientWeightedAttention();
            default -> new NoiseTunnel(new IntegratedGradients(steps.steps(FIVE, FIVE.nSteps(), Steps.AUTO_IMAGE)),
                    NoiseTunnel.Type.named(name()), orElse(samples, 10), stdev(rules), NoiseSource.gaussian(seed));
        };
    }

    private double stdev(Convention rules) {
        double usual = rules == Convention.TRANSFORMERS_INTERPRET ? 1.0 : 0.3;
        return stdev == null ? usual : stdev;
    }

    private static int orElse(Integer value, int usual) {
        return value == null ? usual : value;
    }
}
