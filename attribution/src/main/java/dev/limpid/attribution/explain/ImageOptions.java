package dev.limpid.attribution.explain;

import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.Method;
import dev.limpid.attribution.NoiseSource;
import dev.limpid.attribution.NoiseTunnel;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Steps;
import java.util.List;

/**
 * How an image's classification is to be explained.
 *
 * @param convention which rules to follow
 * @param method the method
 * @param baselines what the path starts from; the attributions of several are averaged
 * @param target the class or classes
 * @param run how much a pass may take, and who is told of the work done
 */
public record ImageOptions(Convention convention, Method method, List<ImageBaseline> baselines, ClassTarget target,
        RunOptions run) {
    /** Integrated gradients with as many nodes as it takes, from zero in normalised values, of the predicted class. */
    public static final ImageOptions DEFAULT = new ImageOptions(Convention.DEFAULT,
            new IntegratedGradients(Steps.AUTO_IMAGE), List.of(ImageBaseline.ZERO), ClassTarget.PREDICTED,
            RunOptions.DEFAULT);

    public ImageOptions {
        baselines = List.copyOf(baselines);
        if (baselines.isEmpty()) {
            throw new IllegalArgumentException("an explanation needs a baseline");
        }
        if (method instanceof IntegratedGradients(Steps steps)) {
            convention.requireSteps(steps);
        }
        if (convention == Convention.TRANSFORMERS_INTERPRET && !baselines.equals(List.of(ImageBaseline.ZERO))) {
            throw new IllegalArgumentException("the transformers-interpret convention has only the baseline zero, not "
                    + baselines.getFirst().id() + "; leave the convention out to use it");
        }
    }

    /**
     * What transformers-interpret does when asked for nothing special ({@code attribution_type} IGNT): a noise tunnel of 10 samples with a standard deviation of 1.0
     * around integrated gradients of 5 steps. Its noise is another each time; here it follows from the seed.
     */
    public static ImageOptions transformersInterpret(long seed) {
        return DEFAULT.withConvention(Convention.TRANSFORMERS_INTERPRET)
                .withMethod(new NoiseTunnel(new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 5),
                        NoiseTunnel.Type.SMOOTHGRAD, 10, 1.0, NoiseSource.gaussian(seed)));
    }

    /** With these rules; those of transformers-interpret bring {@link Steps#FIFTY} where the nodes are not given. */
    public ImageOptions withConvention(Convention value) {
        Method known = method instanceof IntegratedGradients(Steps steps)
                ? new IntegratedGradients(value.steps(steps))
                : method;
        return new ImageOptions(value, known, baselines, target, run);
    }

    public ImageOptions withMethod(Method value) {
        return new ImageOptions(convention, value, baselines, target, run);
    }

    public ImageOptions withBaselines(ImageBaseline... values) {
        return new ImageOptions(convention, method, List.of(values), target, run);
    }

    public ImageOptions withTarget(ClassTarget value) {
        return new ImageOptions(convention, method, baselines, value, run);
    }

    public ImageOptions withRun(RunOptions value) {
        return new ImageOptions(convention, method, baselines, target, value);
    }
}
