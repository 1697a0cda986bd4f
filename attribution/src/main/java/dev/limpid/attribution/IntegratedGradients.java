package dev.limpid.attribution;

import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Integrated gradients (Sundararajan et al. 2017, arXiv 1703.01365; captum's {@code IntegratedGradients}):
 *
 * <pre>
 *   A = (x − x0)·Σ_k w_k·∂F/∂x (x0 + α_k·(x − x0))
 * </pre>
 *
 * <p>The path is integrated where the network begins, behind the affine map of the features, and the sum of gradients is brought to the features once:
 * for an affine map that is the same number, and n − 1 of n transposed products less.
 *
 * @param steps α and w: given, or as many as it takes
 */
public record IntegratedGradients(Steps steps) implements Method {
    /** With the same {@code nSteps} nodes for every input. */
    public IntegratedGradients(Quadrature quadrature, int nSteps) {
        this(new Steps.Fixed(quadrature, nSteps));
    }

    @Override
    public String id() {
        return "integrated-gradients";
    }

    @Override
    public boolean complete() {
        return true;
    }

    @Override
    public Optional<Quadrature> quadratureRule() {
        return Optional.of(steps.quadrature());
    }

    @Override
    public List<Attribution> attribute(FeatureSpace space, double[] input, double[] baseline, List<Target> targets,
            RunOptions options) {
        try (Workspace ends = space.model().ops().workspace(); Workspace ws = space.model().ops().workspace()) {
            Tensor points = space.points(ends, baseline, input);
            int tokens = points.shape().dim(1);
            int columns = points.shape().dim(2);
            List<PathIntegral> integrals = new PathEngine(space.model(), options).integrate(
                    points.rows(0, 1).reshape(tokens, columns),
                    points.rows(1, 2).reshape(tokens, columns), steps, targets);
            List<Attribution> attributions = new ArrayList<>();
            for (PathIntegral integral : integrals) {
                ws.reset();
                Tensor gradient = ws.tensor(1, tokens, columns);
                ws.ops().upload(integral.gradient(), gradient);
                double[] values = TargetRows.finite(space.backward(ws, gradient)[0]);
                for (int i = 0; i < values.length; i++) {
                    values[i] *= input[i] - baseline[i];
                }
                attributions.add(new Attribution(values, integral.score(), integral.baselineScore(),
                        integral.nodes().alphas().length,
                        integral.accuracy()));
            }
            return attributions;
        }
    }
}
