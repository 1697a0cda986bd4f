package dev.limpid.attribution.explain;

import dev.limpid.attribution.Accuracy;
import java.util.List;

/**
 * The explanation of one scalar the model computed.
 *
 * @param target what kind of thing was explained: {@code start} and {@code end} of an answer, {@code class}, {@code label}, …
 * @param index which of its kind: position of the explained token in the window, number of the class
 * @param label its name: that token, that class
 * @param scoreKind what the score is
 * @param score F(x)
 * @param baselineScore F(x0); NaN for methods without a baseline
 * @param delta {@code Σ raw − (score − baselineScore)}; NaN for methods that do not sum to it
 * @param method its name, such as {@code integrated-gradients}
 * @param quadrature the rule's name; null for methods without one
 * @param steps points at which the network was evaluated
 * @param accuracy how exact the integral was to be, and whether it is; null for methods that aim at nothing
 * @param tokens every token of the window, in order
 */
public record TargetAttribution(String target, int index, String label, ScoreKind scoreKind, double score,
        double baselineScore, double delta, String method, String quadrature, int steps, Accuracy accuracy,
        List<TokenAttribution> tokens) {
    public TargetAttribution {
        tokens = List.copyOf(tokens);
    }

    /** The explanation of a logit by a method that aims at no accuracy. */
    public TargetAttribution(String target, int index, String label, double score, double baselineScore, double delta,
            String method, String quadrature, int steps, List<TokenAttribution> tokens) {
        this(target, index, label, ScoreKind.LOGIT, score, baselineScore, delta, method, quadrature, steps, null,
                tokens);
    }

    /** The same of other tokens. */
    TargetAttribution withTokens(List<TokenAttribution> others) {
        return new TargetAttribution(target, index, label, scoreKind, score, baselineScore, delta, method, quadrature,
                steps, accuracy, others);
    }

    /** The sum of the normalised attributions: what transformers-interpret calls the attribution score. */
    public double attributionSum() {
        return tokens.stream().mapToDouble(TokenAttribution::attribution).sum();
    }
}
