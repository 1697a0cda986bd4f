package dev.limpid.attribution.attention;

import dev.limpid.attribution.Attribution;
import dev.limpid.attribution.FeatureSpace;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Target;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What the methods that follow attention have in common: the network is run as it is, and the scores of tokens are divided among their features. */
final class AttentionAttribution {
    private AttentionAttribution() {}

    /**
     * An attribution for each target.
     *
     * @param gradients whether {@code scores} needs the maps' gradients; without, one pass serves all targets
     * @param scores of the tokens, from the maps
     * @throws IllegalArgumentException if the features do not stand in front of a transformer
     */
    static List<Attribution> of(FeatureSpace space, double[] input, List<Target> targets, RunOptions options,
            boolean gradients, Function<AttentionMaps, double[]> scores) {
        if (!(space instanceof AttendingSpace attending)) {
            throw new IllegalArgumentException(
                    "attention can be followed through a transformer only; use another method");
        }
        List<Attribution> attributions = new ArrayList<>();
        try (Workspace ws = space.model().ops().workspace()) {
            AttentionReading reading = null;
            for (int i = 0; i < targets.size(); i++) {
                if (gradients || reading == null) {
                    ws.reset();
                    reading = attending.attention(ws, input, gradients ? targets.get(i) : null);
                }
                double score = targets.get(i).evaluate(reading.logits(), new double[reading.logits().length]);
                attributions.add(new Attribution(attending.spread(scores.apply(reading.maps())), score, Double.NaN, 1));
                options.progress().update(i + 1, targets.size());
            }
        }
        return attributions;
    }
}
