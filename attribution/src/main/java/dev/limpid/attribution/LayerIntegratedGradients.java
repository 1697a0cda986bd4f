package dev.limpid.attribution;

import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * Integrated gradients of what each layer makes of the input (captum's {@code LayerIntegratedGradients} over every block): with {@code h} and {@code h0} the layer's
 * output for input and baseline,
 *
 * <pre>
 *   A_t = Σ_c (h − h0)[t, c]·Σ_k w_k·∂F/∂h[t, c] (h0 + α_k·(h − h0))
 * </pre>
 *
 * <p>Every layer's attributions sum to the same F(x) − F(x0), up to a delta of its own; a map of layer × token shows where in the network a token's share goes to
 * others. The layers before are computed once for both ends of the path, and only those after for its nodes.
 *
 * @param steps α and w of each layer's path: given, or as many as that layer takes
 */
public record LayerIntegratedGradients(Steps steps) {
    /** With the same {@code nSteps} nodes for every layer. */
    public LayerIntegratedGradients(Quadrature quadrature, int nSteps) {
        this(new Steps.Fixed(quadrature, nSteps));
    }

    /**
     * What one layer's tokens add.
     *
     * @param layer from 0, or −1 for the output of the embeddings
     * @param tokens (T)
     * @param delta {@code Σ tokens − (F(x) − F(x0))}
     * @param steps nodes of its path
     * @param accuracy how exact it was to be, and whether it is; null where the nodes were given
     */
    public record Layer(int layer, double[] tokens, double delta, int steps, Accuracy accuracy) {}

    /**
     * Attributes each target at every layer.
     *
     * @param input x
     * @param baseline x0
     * @return for each target, in their order, the output of the embeddings and then each layer
     * @throws ArithmeticException if the network computes a number that is not finite
     */
    public List<List<Layer>> attribute(LayeredModel model, double[] input, double[] baseline, List<Target> targets,
            RunOptions options) {
        List<List<Layer>> maps = new ArrayList<>();
        targets.forEach(_ -> maps.add(new ArrayList<>()));
        int count = model.layers() + 1;
        try (Workspace ws = model.after(-1).ops().workspace()) {
            List<Tensor> to = model.states(ws, input);
            List<Tensor> from = model.states(ws, baseline);
            for (int i = 0; i < count; i++) {
                PathEngine engine = new PathEngine(model.after(i - 1),
                        options.withProgress(options.progress().part(i, count)));
                List<PathIntegral> integrals = engine.integrate(from.get(i), to.get(i), steps, targets);
                for (int t = 0; t < maps.size(); t++) {
                    PathIntegral integral = integrals.get(t);
                    maps.get(t).add(new Layer(i - 1, integral.tokenAttributions(), integral.delta(),
                            integral.nodes().alphas().length, integral.accuracy()));
                }
            }
        }
        return maps;
    }
}
