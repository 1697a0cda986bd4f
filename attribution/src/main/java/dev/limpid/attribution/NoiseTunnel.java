package dev.limpid.attribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Another method, averaged over noisy copies of the input (captum's {@code NoiseTunnel}): with {@code x_s = x + σ·z_s} for S samples of noise and
 * {@code a_s} the inner method's attribution of {@code x_s},
 *
 * <pre>
 *   smoothgrad      (1/S) Σ_s a_s                        Smilkov et al. 2017, arXiv 1706.03825
 *   smoothgrad-sq   (1/S) Σ_s a_s²                       Hooker et al. 2018, arXiv 1806.10758
 *   vargrad         (1/S) Σ_s a_s² − ((1/S) Σ_s a_s)²    Adebayo et al. 2018, arXiv 1810.03307
 * </pre>
 *
 * <p>The baseline and the targets stay as they are. F(x) is that of the input without noise, and the attributions do not sum to anything. σ is absolute, in the
 * units of the features, not a share of their range as in the paper of SmoothGrad. transformers-interpret draws 10 samples with σ = 1 around integrated gradients of
 * 5 steps.
 *
 * @param inner the method
 * @param type what is averaged
 * @param samples S
 * @param stdev σ
 * @param noise z, standard normal if it is {@link NoiseSource#gaussian}
 */
public record NoiseTunnel(Method inner, Type type, int samples, double stdev, NoiseSource noise) implements Method {
    /** What is averaged over the samples. */
    public enum Type {
        /** The attributions. */
        SMOOTHGRAD,
        /** Their squares. */
        SMOOTHGRAD_SQ,
        /** Their squares, less the square of their average: the variance, up to rounding never negative. */
        VARGRAD;

        /** The name used in options and output: {@code smoothgrad-sq}. */
        public String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /**
         * The type of this name.
         *
         * @throws IllegalArgumentException if there is none, naming those there are
         */
        public static Type named(String id) {
            return Arrays.stream(values()).filter(type -> type.id().equals(id)).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no noise tunnel '" + id + "'; known are "
                            + Arrays.stream(values()).map(Type::id).collect(Collectors.joining(", "))));
        }

        private double of(double mean, double meanOfSquares) {
            return switch (this) {
                case SMOOTHGRAD -> mean;
                case SMOOTHGRAD_SQ -> meanOfSquares;
                case VARGRAD -> meanOfSquares - mean * mean;
            };
        }
    }

    public NoiseTunnel {
        if (samples < 1 || !(stdev >= 0) || stdev == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "a noise tunnel needs at least one sample and a standard deviation that is"
                            + " not negative, not " + samples + " and " + stdev);
        }
    }

    /** Such as {@code smoothgrad(integrated-gradients)}. */
    @Override
    public String id() {
        return type.id() + "(" + inner.id() + ")";
    }

    @Override
    public boolean complete() {
        return false;
    }

    @Override
    public Optional<Quadrature> quadratureRule() {
        return inner.quadratureRule();
    }

    @Override
    public List<Attribution> attribute(FeatureSpace space, double[] input, double[] baseline, List<Target> targets,
            RunOptions options) {
        double[][] scores = new Probe(space, targets, options.withProgress(Progress.NONE), 1).scores(1, _ -> input);
        double[] baselineScores = new double[targets.size()];
        Evaluations[] evaluations = Evaluations.none(targets.size());
        double[][] sums = new double[targets.size()][input.length];
        double[][] squares = new double[targets.size()][input.length];
        for (int s = 0; s < samples; s++) {
            double[] noisy = noise.noise(s, input.length);
            for (int i = 0; i < noisy.length; i++) {
                noisy[i] = input[i] + stdev * noisy[i];
            }
            List<Attribution> sample = inner.attribute(space, noisy, baseline, targets,
                    options.withProgress(options.progress().part(s, samples)));
            for (int t = 0; t < sums.length; t++) {
                evaluations[t].add(sample.get(t));
                baselineScores[t] = sample.get(t).baselineScore();
                double[] values = sample.get(t).values();
                for (int i = 0; i < values.length; i++) {
                    sums[t][i] += values[i];
                    squares[t][i] += values[i] * values[i];
                }
            }
        }
        List<Attribution> attributions = new ArrayList<>();
        for (int t = 0; t < sums.length; t++) {
            double[] values = sums[t];
            for (int i = 0; i < values.length; i++) {
                values[i] = type.of(values[i] / samples, squares[t][i] / samples);
            }
            attributions.add(evaluations[t].attribution(values, scores[t][0], baselineScores[t]));
        }
        return attributions;
    }
}
