package dev.limpid.attribution;

import java.util.List;
import java.util.Optional;

/**
 * A way of saying how much each feature of an input made the network answer so.
 *
 * <p>A method has its settings in its constructor, keeps nothing between calls, and may be used by many threads at once.
 */
public interface Method {
    /** Its name in JSON and on the command line, such as {@code integrated-gradients}. */
    String id();

    /**
     * Whether the attributions sum to F(x) − F(x0) up to a {@linkplain Attribution#delta delta} that tells how exact they are.
     */
    boolean complete();

    /** The rule by which it adds up a path, if it does. */
    default Optional<Quadrature> quadratureRule() {
        return Optional.empty();
    }

    /**
     * Attributes each target.
     *
     * @param space the features and the network
     * @param input x
     * @param baseline x0, of the size of {@code input}; methods without a baseline do not look at it
     * @param targets the scalars to explain; all share the forward passes
     * @return an attribution for each target, in their order
     * @throws ArithmeticException if the network computes a number that is not finite
     */
    List<Attribution> attribute(FeatureSpace space, double[] input, double[] baseline, List<Target> targets,
            RunOptions options);
}
