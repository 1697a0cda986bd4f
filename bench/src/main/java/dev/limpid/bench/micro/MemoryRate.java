package dev.limpid.bench.micro;

import java.util.Arrays;

/**
 * The loop that memory bounds: reads one or two arrays and writes one, as many bytes as an operation must.
 *
 * <p>What fits into a cache is measured in that cache, which is why the loop is as long as the operation's data.
 */
final class MemoryRate implements Runnable {
    private final float[][] x;
    private final float[] y;

    /**
     * @param bytes to read and write altogether
     * @param inputs numbers read for each one written; from two on it reads two
     */
    MemoryRate(double bytes, int inputs) {
        int streams = Math.min(inputs, 2);
        int size = (int) (bytes / (Float.BYTES * (streams + 1)));
        x = new float[streams][size];
        y = new float[size];
        for (float[] stream : x) {
            Arrays.fill(stream, 1);
        }
    }

    @Override
    public void run() {
        if (x.length == 1) {
            scale(x[0], y);
        } else {
            add(x[0], x[1], y);
        }
    }

    /** Whether it computed what it should. */
    boolean right() {
        float expected = x.length == 1 ? 3 : 2;
        for (float value : y) {
            if (value != expected) {
                return false;
            }
        }
        return true;
    }

    private static void scale(float[] x, float[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = 3 * x[i];
        }
    }

    private static void add(float[] x, float[] z, float[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = x[i] + z[i];
        }
    }
}
