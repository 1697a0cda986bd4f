package dev.limpid.attribution.explain;

import dev.limpid.attribution.FeatureGroups;
import dev.limpid.attribution.Method;
import dev.limpid.attribution.NoiseTunnel;
import dev.limpid.attribution.Progress;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Saliency;
import dev.limpid.attribution.Target;
import dev.limpid.attribution.metric.Faithfulness;
import dev.limpid.attribution.metric.Infidelity;
import dev.limpid.attribution.metric.Perturbation;
import java.util.ArrayList;
import java.util.List;

/**
 * How faithful the explanation of an image is to the model, measured on its patches: taken away means replaced by the explanation's baseline, the first if there
 * are several, and a method without one is measured against the first of its options all the same.
 *
 * <p>Of a class explained, all but the infidelity look at its probability, as the papers do; of a contrast at the difference of logits that was explained.
 *
 * @param infidelity {@link Infidelity}, normalized, of the logit explained, over 50 samples that each lack a tenth of the patches; smaller is better
 * @param deletionAuc area under {@link Faithfulness#deletion}, in at most 64 steps; smaller is better
 * @param insertionAuc area under {@link Faithfulness#insertion}, likewise; larger is better
 * @param comprehensiveness {@link Faithfulness#comprehensiveness} at 1, 5, 10, 20 and 50 % of the patches; larger is better
 * @param sufficiency {@link Faithfulness#sufficiency} at the same shares; smaller is better
 */
public record ImageFaithfulness(double infidelity, double deletionAuc, double insertionAuc, double comprehensiveness,
        double sufficiency) {
    private static final int SAMPLES = 50;
    private static final int MOST_STEPS = 64;
    private static final int MEASURES = 5;

    /**
     * Measures each explanation; some 200 passes forward for each.
     *
     * @param model that made the explanation
     * @param options with which it was made
     * @param seed of the samples of infidelity
     * @throws ArithmeticException if the network computes a number that is not finite
     */
    public static List<ImageFaithfulness> of(LimpidModel model, ImageExplanation explanation, ImageOptions options,
            long seed) {
        List<ImageFaithfulness> measured = new ArrayList<>();
        int count = explanation.explanations().size();
        for (int t = 0; t < count; t++) {
            ImageAttribution attribution = explanation.explanations().get(t);
            RunOptions run = options.run().withProgress(options.run().progress().part(t, count));
            measured.add(new Measurement(model, explanation, options, run).of(attribution, seed));
        }
        return measured;
    }

    /** All measures of one explanation. */
    private static final class Measurement {
        private final ImageExplanation explanation;
        private final ImageOptions options;
        private final RunOptions run;
        private final PixelSpace space;
        private final int[][] patches;
        private final double[] x;
        private final double[] baseline;

        Measurement(LimpidModel model, ImageExplanation explanation, ImageOptions options, RunOptions run) {
            this.explanation = explanation;
            this.options = options;
            this.run = run;
            space = new PixelSpace(model.vit());
            patches = FeatureGroups.patches(space.shape(), explanation.patchHeight(), explanation.patchWidth());
            float[] pixels = explanation.pixels().values();
            x = new double[pixels.length];
            for (int i = 0; i < x.length; i++) {
                x[i] = pixels[i];
            }
            baseline = options.baselines().getFirst().values(model.imageProcessor(), explanation.pixels());
        }

        ImageFaithfulness of(ImageAttribution attribution, long seed) {
            double[] values = attribution.values();
            Target score = score(attribution);
            Target confidence = options.target() instanceof ClassTarget.Contrast
                    ? score
                    : Target.probability(attribution.index());
            Perturbation perturbation = Perturbation.groups(patches, Math.max(1, patches.length / 10), seed);
            double infidelity = new Infidelity(SAMPLES, perturbation, multipliesByInputs(options.method()), true)
                    .measure(space, x, baseline, List.of(score), List.of(values), run.withProgress(progress(0)))[0];
            int steps = Math.min(patches.length, MOST_STEPS);
            return new ImageFaithfulness(infidelity, on(1).deletion(confidence, values, steps).auc(),
                    on(2).insertion(confidence, values, steps).auc(), on(3).comprehensiveness(confidence, values),
                    on(4).sufficiency(confidence, values));
        }

        private Target score(ImageAttribution attribution) {
            if (!(options.target() instanceof ClassTarget.Contrast)) {
                return Target.logit(attribution.index());
            }
            int classes = explanation.predictions().size();
            String[] labels = new String[classes];
            double[] logits = new double[classes];
            for (ClassPrediction prediction : explanation.predictions()) {
                labels[prediction.index()] = prediction.label();
                logits[prediction.index()] = prediction.logit();
            }
            return options.target().resolve(List.of(labels), logits).getFirst().logit();
        }

        private Faithfulness on(int measure) {
            return new Faithfulness(space, x, baseline, patches, run.withProgress(progress(measure)));
        }

        private Progress progress(int measure) {
            return run.progress().part(measure, MEASURES);
        }

        /** Whether a method's attributions hold the factor x − x0; gradients alone do not. */
        private static boolean multipliesByInputs(Method method) {
            return switch (method) {
                case Saliency _ -> false;
                case NoiseTunnel tunnel -> multipliesByInputs(tunnel.inner());
                default -> true;
            };
        }
    }
}
