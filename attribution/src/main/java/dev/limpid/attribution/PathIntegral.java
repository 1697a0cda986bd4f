package dev.limpid.attribution;

/**
 * What the path engine measured for one target: F and the token totals at every node, so that any rule over the same nodes, the completeness
 * delta and methods that look at F along the path need no further pass.
 *
 * @param nodes the rule
 * @param score F(x)
 * @param baselineScore F(x0)
 * @param scores F at each node
 * @param tokenTotals (n, T): {@code Σ_c (x − x0)[t, c]·∂F/∂x[t, c]} at each node
 * @param gradient (T·C): {@code Σ_k w_k·∂F/∂x}, element by element; times {@code x − x0} it is the attribution
 * @param accuracy how exact it was to be; null if the nodes were given
 */
public record PathIntegral(Quadrature.Nodes nodes, double score, double baselineScore, double[] scores,
        double[][] tokenTotals, double[] gradient, Accuracy accuracy) {
    /** The attribution of each token, {@code a_t = Σ_k w_k·tokenTotals[k, t]}; it sums to F(x) − F(x0) up to {@link #delta}. */
    public double[] tokenAttributions() {
        double[] tokens = new double[tokenTotals[0].length];
        for (int k = 0; k < tokenTotals.length; k++) {
            for (int t = 0; t < tokens.length; t++) {
                tokens[t] += nodes.weights()[k] * tokenTotals[k][t];
            }
        }
        return tokens;
    }

    /** The convergence delta, {@code Σ_t a_t − (F(x) − F(x0))}: 0 if the integral were exact. */
    public double delta() {
        double sum = 0;
        for (double token : tokenAttributions()) {
            sum += token;
        }
        return sum - (score - baselineScore);
    }
}
