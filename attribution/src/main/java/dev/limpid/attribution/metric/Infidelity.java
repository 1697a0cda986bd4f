package dev.limpid.attribution.metric;

import dev.limpid.attribution.FeatureSpace;
import dev.limpid.attribution.Probe;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Target;
import java.util.Arrays;
import java.util.List;

/**
 * How well attributions foretell what a change of the input does to F (Yeh et al. 2019, arXiv 1901.09392; captum's {@code infidelity}); smaller is better.
 *
 * <p>With S perturbed inputs {@code x_s}, {@code d_s = F(x) − F(x_s)} and {@code u_s = Σ_i A_i·P_{s,i}}:
 *
 * <pre>
 *   (1/S) Σ_s (u_s − d_s)²                 or, normalized,   (1/S) Σ_s (β·u_s − d_s)²,   β = Σ u_s·d_s / Σ u_s²   (0 where Σ u_s² is 0)
 *   P = (x − x_s) / (x − x0)               for attributions that hold the factor x − x0 (or x − x_s where that is 0)
 *   P = x − x_s                            for gradients
 * </pre>
 *
 * <p>The normalized measure is the same for all multiples of the attributions.
 *
 * @param samples S
 * @param perturbation what is done to the input
 * @param multipliedByInputs whether the attributions hold the factor {@code x − x0}, as those of integrated gradients do and those of saliency do not
 * @param normalize whether to scale the attributions by β
 */
public record Infidelity(int samples, Perturbation perturbation, boolean multipliedByInputs, boolean normalize) {
    public Infidelity {
        if (samples < 1) {
            throw new IllegalArgumentException("infidelity needs at least one sample, not " + samples);
        }
    }

    /**
     * The infidelity of each target's attributions; all share the perturbed inputs.
     *
     * @param baseline x0
     * @param attributions the values for each target
     * @throws ArithmeticException if the network computes a number that is not finite
     */
    public double[] measure(FeatureSpace space, double[] input, double[] baseline, List<Target> targets,
            List<double[]> attributions, RunOptions options) {
        double[][] foretold = new double[targets.size()][samples]; // u
        double[][] scores = new Probe(space, targets, options, samples + 1L).scores(samples + 1, row -> {
            if (row == 0) {
                return input;
            }
            double[] perturbed = perturbation.perturb(row - 1, input, baseline);
            double[] change = change(input, perturbed, baseline);
            for (int t = 0; t < foretold.length; t++) {
                foretold[t][row - 1] = dot(attributions.get(t), change);
            }
            return perturbed;
        });
        double[] infidelities = new double[targets.size()];
        for (int t = 0; t < infidelities.length; t++) {
            double score = scores[t][0];
            infidelities[t] = measure(foretold[t],
                    Arrays.stream(scores[t]).skip(1).map(perturbed -> score - perturbed).toArray());
        }
        return infidelities;
    }

    /** P. */
    private double[] change(double[] input, double[] perturbed, double[] baseline) {
        double[] change = new double[input.length];
        for (int i = 0; i < change.length; i++) {
            double difference = multipliedByInputs ? input[i] - baseline[i] : 1;
            change[i] = (input[i] - perturbed[i]) / (difference == 0 ? 1 : difference);
        }
        return change;
    }

    private double measure(double[] u, double[] d) {
        double uu = dot(u, u);
        double beta = !normalize ? 1 : uu == 0 ? 0 : dot(u, d) / uu;
        double sum = 0;
        for (int s = 0; s < samples; s++) {
            sum += (beta * u[s] - d[s]) * (beta * u[s] - d[s]);
        }
        return sum / samples;
    }

    private static double dot(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("attributions of " + b.length + " features are needed, not " + a.length);
        }
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
