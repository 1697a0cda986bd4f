package dev.limpid.attribution;

import dev.limpid.tensor.Tensor;
import java.util.List;

/**
 * A straight path through the values at the point where a network begins, and what is to be explained along it.
 *
 * @param baseline x0, (T, C)
 * @param input x, (T, C)
 * @param targets the scalars to explain; all share the forward passes
 */
public record StraightPath(Tensor baseline, Tensor input, List<Target> targets) {
    public StraightPath {
        targets = List.copyOf(targets);
    }
}
