package dev.limpid.attribution.explain;

import java.util.List;

/**
 * The explanation of one scalar the model computed.
 *
 * @param target what was explained: {@code start} or {@code end}
 * @param index position of the explained token in the window
 * @param label that token
 * @param score F(x)
 * @param baselineScore F(x0)
 * @param delta {@code Σ raw − (score − baselineScore)}
 * @param method {@code integrated-gradients}
 * @param quadrature the rule's name
 * @param steps number of nodes used
 * @param tokens every token of the window, in order
 */
public record TargetAttribution(String target, int index, String label, double score, double baselineScore,
        double delta,
        String method, String quadrature, int steps, List<TokenAttribution> tokens) {
    public TargetAttribution {
        tokens = List.copyOf(tokens);
    }

    /** The sum of the normalised attributions: what transformers-interpret calls the attribution score. */
    public double attributionSum() {
        return tokens.stream().mapToDouble(TokenAttribution::attribution).sum();
    }
}
