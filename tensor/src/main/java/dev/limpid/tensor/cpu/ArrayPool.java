package dev.limpid.tensor.cpu;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Arrays that were given back, for whoever next asks for one that is not much shorter: an explanation's buffers are hundreds of megabytes, and new ones for each would have
 * to be cleared, and would make the heap grow until the collector runs.
 *
 * <p>Of more than the limit, those that lay unused longest go. Thread-safe.
 */
final class ArrayPool {
    private final long limit;
    private final Deque<float[]> arrays = new ArrayDeque<>(); // the last one was given back last
    private long bytes;

    /** @param limit bytes that may lie unused */
    ArrayPool(long limit) {
        this.limit = limit;
    }

    /** An array of this length, or up to twice as long, with any contents: the shortest there is, so that texts of different lengths share arrays. */
    synchronized float[] take(int length) {
        float[] best = null;
        for (float[] array : arrays) {
            boolean fits = array.length >= length && array.length / 2 <= length;
            if (fits && (best == null || array.length < best.length)) {
                best = array;
            }
        }
        if (best == null) {
            return new float[length];
        }
        arrays.remove(best); // arrays equal only themselves
        bytes -= bytesOf(best);
        return best;
    }

    /** Takes an array back, which nobody may use any more. */
    synchronized void give(float[] array) {
        arrays.addLast(array);
        bytes += bytesOf(array);
        while (bytes > limit) {
            bytes -= bytesOf(arrays.removeFirst());
        }
    }

    /** Lets all go. */
    synchronized void clear() {
        arrays.clear();
        bytes = 0;
    }

    private static long bytesOf(float[] array) {
        return 4L * array.length;
    }
}
