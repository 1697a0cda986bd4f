package dev.limpid.attribution.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Cuts any number of inputs into stretches that are explained together, so that what is kept of them stays within bounds. */
final class Windows {
    private Windows() {}

    /**
     * The inputs in order, as many in a window as {@code budget} allows and at least one.
     *
     * <p>With the bytes of one row of each input they fill a pass by a single node of each, so that larger windows would gain nothing.
     *
     * @param bytes what an input takes
     */
    static <T> List<List<T>> of(List<T> inputs, ToLongFunction<T> bytes, long budget) {
        List<List<T>> windows = new ArrayList<>();
        long taken = 0;
        int from = 0;
        for (int i = 0; i < inputs.size(); i++) {
            long more = bytes.applyAsLong(inputs.get(i));
            if (i > from && taken + more > budget) {
                windows.add(inputs.subList(from, i));
                from = i;
                taken = 0;
            }
            taken += more;
        }
        if (from < inputs.size()) {
            windows.add(inputs.subList(from, inputs.size()));
        }
        return windows;
    }
}
