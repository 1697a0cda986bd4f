package dev.limpid.tensor.cpu;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Arrays that were given back, for whoever next asks for one of their length: an explanation's buffers are hundreds of megabytes, and new ones for each would have
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

    /** An array of this length with any contents. */
    synchronized float[] take(int length) {
        Iterator<float[]> newestFirst = arrays.descendingIterator();
        while (newestFirst.hasNext()) {
            float[] array = newestFirst.next();
            if (array.length == length) {
                newestFirst.remove();
                bytes -= bytesOf(array);
                return array;
            }
        }
        return new float[length];
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
