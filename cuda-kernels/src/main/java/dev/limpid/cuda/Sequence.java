package dev.limpid.cuda;

import java.util.Arrays;

/** Steps with their arguments, in order; equal to another that does the same with the same memory. */
final class Sequence {
    private Step[] steps = new Step[64];
    private int[] starts = new int[65];
    private long[] words = new long[1024];
    private int size;
    private long hash;

    /** How many steps. */
    int size() {
        return size;
    }

    /** 64 bits of the contents. */
    long hash() {
        return hash;
    }

    /** Appends a step with the first {@code count} of {@code arguments}. */
    void add(Step step, long[] arguments, int count) {
        int start = starts[size];
        if (size + 1 == starts.length) {
            steps = Arrays.copyOf(steps, 2 * size);
            starts = Arrays.copyOf(starts, 2 * size + 1);
        }
        if (start + count > words.length) {
            words = Arrays.copyOf(words, 2 * (start + count));
        }
        System.arraycopy(arguments, 0, words, start, count);
        hash = mixed(hash, step.hashCode());
        for (int i = 0; i < count; i++) {
            hash = mixed(hash, arguments[i]);
        }
        steps[size++] = step;
        starts[size] = start + count;
    }

    /** Issues all steps in order. */
    void issue() {
        for (int i = 0; i < size; i++) {
            steps[i].issue(words, starts[i]);
        }
    }

    /** Forgets all steps. */
    void clear() {
        Arrays.fill(steps, 0, size, null);
        size = 0;
        hash = 0;
    }

    /** The same steps, not to be added to. */
    Sequence copy() {
        Sequence copy = new Sequence();
        copy.steps = Arrays.copyOf(steps, size);
        copy.starts = Arrays.copyOf(starts, size + 1);
        copy.words = Arrays.copyOf(words, starts[size]);
        copy.size = size;
        copy.hash = hash;
        return copy;
    }

    // A multiplication by an odd number and a shift, as in SplitMix64: every bit of a word reaches the middle of the result.
    private static long mixed(long hash, long word) {
        long z = (hash ^ word) * 0xBF58476D1CE4E5B9L;
        return z ^ (z >>> 29);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sequence that && size == that.size && hash == that.hash
                && Arrays.equals(steps, 0, size, that.steps, 0, size)
                && Arrays.equals(starts, 0, size + 1, that.starts, 0, size + 1)
                && Arrays.equals(words, 0, starts[size], that.words, 0, starts[size]);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }
}
