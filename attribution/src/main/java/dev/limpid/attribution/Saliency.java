package dev.limpid.attribution;

import java.util.ArrayList;
import java.util.List;

/**
 * The gradient of the input (Simonyan et al. 2013, arXiv 1312.6034; captum's {@code Saliency}): {@code A = |∂F/∂x|}, or {@code A = ∂F/∂x} when signed.
 *
 * <p>It says how fast F changes, not how much of F a feature makes: it is not complete, and has no baseline.
 *
 * @param signed whether to keep the gradient's sign
 */
public record Saliency(boolean signed) implements Method {
    /** {@code saliency}, or {@code gradient} when signed. */
    @Override
    public String id() {
        return signed ? "gradient" : "saliency";
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
            for (int i = 0; i < gradient.length && !signed; i++) {
                gradient[i] = Math.abs(gradient[i]);
            }
            attributions.add(new Attribution(gradient, score, Double.NaN, 1));
        });
        return attributions;
    }
}
