package dev.limpid.attribution.attention;

import dev.limpid.attribution.FeatureSpace;
import dev.limpid.attribution.Target;
import dev.limpid.tensor.Workspace;

/** The features in front of a transformer whose logits are read from its first token or tokens, such as [CLS]: what attention leads back to them. */
public interface AttendingSpace extends FeatureSpace {
    /**
     * What the network attends to.
     *
     * @param features of one input
     * @param target whose gradient is wanted, or null for none
     */
    AttentionReading attention(Workspace ws, double[] features, Target target);

    /**
     * Divides the score of each token evenly among its features, so that these sum to it; what tokens without features have, as [CLS] of an image, goes to none.
     *
     * @param tokens T scores
     */
    double[] spread(double[] tokens);
}
