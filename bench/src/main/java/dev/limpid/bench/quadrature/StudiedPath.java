package dev.limpid.bench.quadrature;

import dev.limpid.attribution.FeatureSpace;
import dev.limpid.attribution.PathEngine;
import dev.limpid.attribution.PathIntegral;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Steps;
import dev.limpid.attribution.Target;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * A path whose integrals are studied.
 *
 * @param model what the table calls the model
 * @param space the features
 * @param input x
 * @param baseline x0
 * @param targets the scalars
 * @param pixels whether the features are pixels, which are studied beside the patches
 */
record StudiedPath(String model, FeatureSpace space, double[] input, double[] baseline, List<Target> targets,
        boolean pixels) {
    /**
     * What is found of one target.
     *
     * @param model what the table calls it
     * @param attributions of tokens or features
     * @param nodes that it took
     * @param delta the convergence delta
     * @param change F(x) − F(x0)
     */
    record Found(String model, double[] attributions, int nodes, double delta, double change) {
        /** The largest difference, relative to the largest attribution of the reference. */
        double error(Found reference) {
            double largest = 0;
            double off = 0;
            for (int i = 0; i < attributions.length; i++) {
                largest = Math.max(largest, Math.abs(reference.attributions[i]));
                off = Math.max(off, Math.abs(attributions[i] - reference.attributions[i]));
            }
            return off / largest;
        }

        /** |delta|, relative to the change of F. */
        double incompleteness() {
            return Math.abs(delta / change);
        }
    }

    /** By given nodes. */
    List<Found> by(Quadrature.Nodes nodes) {
        return integrate((engine, ends) -> engine.integrate(ends.rows(0, 1).reshape(rows(ends), columns(ends)),
                ends.rows(1, 2).reshape(rows(ends), columns(ends)), nodes, targets));
    }

    /** By as many nodes as it takes. */
    List<Found> by(Steps.Auto steps) {
        return integrate((engine, ends) -> engine.integrate(ends.rows(0, 1).reshape(rows(ends), columns(ends)),
                ends.rows(1, 2).reshape(rows(ends), columns(ends)), steps, targets));
    }

    private static int rows(Tensor ends) {
        return ends.shape().dim(1);
    }

    private static int columns(Tensor ends) {
        return ends.shape().dim(2);
    }

    private interface Integration {
        List<PathIntegral> by(PathEngine engine, Tensor ends);
    }

    private List<Found> integrate(Integration integration) {
        try (Workspace ends = space.model().ops().workspace(); Workspace ws = space.model().ops().workspace()) {
            Tensor points = space.points(ends, baseline, input);
            List<Found> found = new ArrayList<>();
            for (PathIntegral integral : integration.by(new PathEngine(space.model(), RunOptions.DEFAULT), points)) {
                ws.reset();
                found.add(found(pixels ? model + ", patches" : model, integral, integral.tokenAttributions()));
                if (pixels) {
                    found.add(found(model + ", pixels", integral, features(ws, integral, points)));
                }
            }
            return found;
        }
    }

    private static Found found(String model, PathIntegral integral, double[] attributions) {
        return new Found(model, attributions, integral.scores().length, integral.delta(),
                integral.score() - integral.baselineScore());
    }

    private double[] features(Workspace ws, PathIntegral integral, Tensor points) {
        Tensor gradient = ws.tensor(1, rows(points), columns(points));
        ws.ops().upload(integral.gradient(), gradient);
        double[] values = space.backward(ws, gradient)[0];
        for (int i = 0; i < values.length; i++) {
            values[i] *= input[i] - baseline[i];
        }
        return values;
    }
}
