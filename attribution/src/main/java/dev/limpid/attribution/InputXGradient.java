package dev.limpid.attribution;

import java.util.ArrayList;
import java.util.List;

/**
 * The input times its gradient (Shrikumar et al. 2016, arXiv 1605.01713; captum's {@code InputXGradient}): {@code A = x·∂F/∂x}.
 *
 * <p>It is integrated gradients from a baseline of zeros with the single node {@code α = 1}, and not complete unless F is linear.
 */
public record InputXGradient() implements Method {
    @Override
    public String id() {
        return "input-x-gradient";
    }

    @Override
    public boolean complete() {
        return false;
    }

    @Override
    public List<Attribution> attribute(FeatureSpace space, double[] input, double[] baseline, List<Target> targets,
            RunOptions options) {
        List<Attribution> attributions = new ArrayList<>();
        new Probe(space, targets, options, 1 + targets.size()).gradients(1, _ -> input, (_, _, score, gradient) -> {
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] *= input[i];
            }
            attributions.add(new Attribution(gradient, score, Double.NaN, 1));
        });
        return attributions;
    }
}
