package dev.limpid.bench.explain;

import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Steps;
import java.util.List;

/** A model on a device with one input: what is timed is {@link #explain}, from token ids or pixels to attributions. */
public interface ExplainedModel {
    /** T. */
    int tokens();

    /** Integrates every target, with these nodes or as many as it takes. */
    List<Explained> explain(Steps steps, RunOptions options);

    /** Multiplications and additions of all matrix products of an explanation: a forward pass, and a backward pass for each target. */
    double flops(int nodes);

    /**
     * What was found for one target.
     *
     * @param target its name
     * @param values one for each token, or for each channel of each pixel
     * @param delta Σ values − change
     * @param change F(x) − F(x0)
     * @param nodes used
     */
    record Explained(String target, double[] values, double delta, double change, int nodes) {}

    /**
     * Multiplications and additions of an encoder's matrix products for one row of T tokens. The backward pass of attention has twice the products of the forward
     * pass; what an implementation computes anew does not count.
     */
    static double flopsPerRow(int layers, double tokens, double hiddenSize, double intermediateSize, int targets) {
        double dense = 2 * tokens * (4 * hiddenSize * hiddenSize + 2 * hiddenSize * intermediateSize);
        double attention = 4 * tokens * tokens * hiddenSize;
        return layers * ((1 + targets) * dense + (1 + 2 * targets) * attention);
    }
}
