package dev.limpid.attribution;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Another method, averaged over several baselines: {@code A = (1/R) Σ_r A(x, x0_r)}, as in expected gradients (Erion et al. 2019, arXiv 1906.10670) with every
 * baseline used once.
 *
 * <p>It is complete if the inner method is: {@code Σ A} is F(x) less the average of F over the baselines, which is the baseline score reported.
 *
 * @param inner the method
 * @param baselines x0_r, of the input's size; the baseline of the call is not looked at
 */
public record BaselineAverage(Method inner, List<double[]> baselines) implements Method {
    public BaselineAverage {
        baselines = List.copyOf(baselines);
        if (baselines.isEmpty()) {
            throw new IllegalArgumentException("an average over baselines needs at least one");
        }
    }

    /** That of the inner method. */
    @Override
    public String id() {
        return inner.id();
    }

    @Override
    public boolean complete() {
        return inner.complete();
    }

    @Override
    public Optional<Quadrature> quadratureRule() {
        return inner.quadratureRule();
    }

    @Override
    public List<Attribution> attribute(FeatureSpace space, double[] input, double[] baseline, List<Target> targets,
            RunOptions options) {
        int count = baselines.size();
        double[][] values = new double[targets.size()][input.length];
        double[] baselineScores = new double[targets.size()];
        double[] scores = new double[targets.size()];
        Evaluations[] evaluations = Evaluations.none(targets.size());
        for (int r = 0; r < count; r++) {
            if (baselines.get(r).length != input.length) {
                throw new IllegalArgumentException("baseline " + r + " has " + baselines.get(r).length
                        + " numbers, but the input has " + input.length);
            }
            List<Attribution> one = inner.attribute(space, input, baselines.get(r), targets,
                    options.withProgress(options.progress().part(r, count)));
            for (int t = 0; t < values.length; t++) {
                scores[t] = one.get(t).score();
                evaluations[t].add(one.get(t));
                baselineScores[t] += one.get(t).baselineScore() / count;
                for (int i = 0; i < input.length; i++) {
                    values[t][i] += one.get(t).values()[i] / count;
                }
            }
        }
        List<Attribution> attributions = new ArrayList<>();
        for (int t = 0; t < values.length; t++) {
            attributions.add(evaluations[t].attribution(values[t], scores[t], baselineScores[t]));
        }
        return attributions;
    }
}
