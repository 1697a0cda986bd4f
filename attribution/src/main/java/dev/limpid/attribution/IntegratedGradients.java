package dev.limpid.attribution;

import dev.limpid.tensor.Shape;
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
        return attribute(PackedModel.alike(space.model()), List.of(new Case(space, input, baseline, targets)), options)
                .getFirst();
    }

    /**
     * One input of many.
     *
     * @param input x
     * @param baseline x0
     * @param targets the scalars to explain
     */
    public record Case(FeatureSpace space, double[] input, double[] baseline, List<Target> targets) {}

    /**
     * Attributes each target of many inputs, whose nodes go through the network together.
     *
     * @param model the networks behind the points of the cases, in their order
     * @return for each case an attribution for each of its targets: what {@link #attribute(FeatureSpace, double[], double[], List, RunOptions)} finds
     * @throws ArithmeticException if the network computes a number that is not finite
     */
    public List<List<Attribution>> attribute(PackedModel model, List<Case> cases, RunOptions options) {
        try (Workspace ends = model.ops().workspace(); Workspace ws = model.ops().workspace()) {
            List<StraightPath> paths = new ArrayList<>();
            for (Case one : cases) {
                Tensor points = one.space.points(ends, one.baseline, one.input);
                int tokens = points.shape().dim(1);
                int columns = points.shape().dim(2);
                paths.add(new StraightPath(points.rows(0, 1).reshape(tokens, columns),
                        points.rows(1, 2).reshape(tokens, columns), one.targets));
            }
            List<List<PathIntegral>> integrals = new PathEngine(model, options).integrate(paths, steps);
            List<List<Attribution>> attributions = new ArrayList<>();
            for (int i = 0; i < paths.size(); i++) {
                Case one = cases.get(i);
                Tensor input = paths.get(i).input();
                attributions.add(integrals.get(i).stream()
                        .map(integral -> attribution(ws, one, integral, input.shape())).toList());
            }
            return attributions;
        }
    }

    private static Attribution attribution(Workspace ws, Case one, PathIntegral integral, Shape points) {
        ws.reset();
        Tensor gradient = ws.tensor(1, points.dim(0), points.dim(1));
        ws.ops().upload(integral.gradient(), gradient);
        double[] values = TargetRows.finite(one.space.backward(ws, gradient)[0]);
        for (int i = 0; i < values.length; i++) {
            values[i] *= one.input[i] - one.baseline[i];
        }
        return new Attribution(values, integral.score(), integral.baselineScore(), integral.nodes().alphas().length,
                integral.accuracy());
    }
}
