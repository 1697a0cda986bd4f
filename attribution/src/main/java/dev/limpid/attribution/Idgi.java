package dev.limpid.attribution;

import java.util.ArrayList;
import java.util.List;

/**
 * Important-direction gradient integration (Yang et al. 2023, arXiv 2303.14242): each step of the path gives its change of F to the features by the squares of
 * their gradients:
 *
 * <pre>
 *   p_k = x0 + (k/n)·(x − x0)        A_i = Σ_k (F(p_{k+1}) − F(p_k))·g_{k,i}² / Σ_j g_{k,j}²        g_k = ∂F/∂x (p_k),  k = 0 … n − 1
 * </pre>
 *
 * <p>The changes add up, so {@code Σ A = F(x) − F(x0)} for any n, up to rounding. A step that begins where the gradient is zero takes the shares of the last
 * point that had one, or of the first if there was none before; the paper's formula would divide by zero. Only where F has no gradient at any point is nothing
 * attributed. Features that do not change along the path take part too.
 *
 * @param nSteps n
 */
public record Idgi(int nSteps) implements Method {
    public Idgi {
        if (nSteps < 1 || nSteps > 100_000) {
            throw new IllegalArgumentException("steps must be from 1 to 100000 for idgi, not " + nSteps);
        }
    }

    @Override
    public String id() {
        return "idgi";
    }

    @Override
    public boolean complete() {
        return true;
    }

    @Override
    public List<Attribution> attribute(FeatureSpace space, double[] input, double[] baseline, List<Target> targets,
            RunOptions options) {
        Probe probe = new Probe(space, targets, options, nSteps * (1L + targets.size()) + 1);
        List<Path> paths = new ArrayList<>();
        for (int t = 0; t < targets.size(); t++) {
            paths.add(new Path(input.length));
        }
        probe.gradients(nSteps, k -> point(input, baseline, (double) k / nSteps),
                (t, _, score, gradient) -> paths.get(t).next(score, gradient));
        double[][] scores = probe.scores(1, _ -> input);
        List<Attribution> attributions = new ArrayList<>();
        for (int t = 0; t < targets.size(); t++) {
            Path path = paths.get(t);
            path.step(scores[t][0]);
            attributions.add(new Attribution(path.values, path.score, path.baselineScore, nSteps));
        }
        return attributions;
    }

    private static double[] point(double[] input, double[] baseline, double alpha) {
        double[] point = new double[input.length];
        for (int i = 0; i < point.length; i++) {
            point[i] = baseline[i] + alpha * (input[i] - baseline[i]);
        }
        return point;
    }

    /** One target on its way from x0 to x. */
    private static final class Path {
        final double[] values;
        double[] squares; // g² of the last point that had a gradient
        double total; // Σ g²
        double waiting; // change of F before the first such point
        double score;
        double baselineScore;
        boolean begun;

        Path(int features) {
            values = new double[features];
        }

        void next(double f, double[] gradient) {
            if (begun) {
                step(f);
            } else {
                begun = true;
                score = f;
                baselineScore = f;
            }
            double sum = 0;
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] *= gradient[i];
                sum += gradient[i];
            }
            if (sum > 0) {
                squares = gradient;
                total = sum;
                give(waiting);
                waiting = 0;
            }
        }

        /** F has become {@code f}. */
        void step(double f) {
            if (squares == null) {
                waiting += f - score;
            } else {
                give(f - score);
            }
            score = f;
        }

        void give(double change) {
            for (int i = 0; i < values.length; i++) {
                values[i] += change * (squares[i] / total);
            }
        }
    }
}
