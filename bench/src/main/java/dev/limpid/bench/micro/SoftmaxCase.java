package dev.limpid.bench.micro;

import dev.limpid.tensor.cpu.CpuKernels;
import java.util.SplittableRandom;

/** Softmax of rows of 128, in place: of the probabilities of eight rows and twelve heads. The models do it inside of attention. */
final class SoftmaxCase implements Runnable {
    private static final int ROWS = 8 * 12 * 128;
    private static final int COLUMNS = 128;
    private static final float SCALE = 0.125f;

    private final float[] rows = new float[ROWS * COLUMNS];
    private final float[] logSumExp = new float[ROWS];
    private final double difference;

    SoftmaxCase() {
        SplittableRandom random = new SplittableRandom(1);
        double[] expected = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) (40 * random.nextDouble() - 20);
            expected[i] = Math.exp(SCALE * (double) rows[i]);
        }
        double[] found = new double[rows.length];
        run();
        for (int row = 0; row < rows.length; row += COLUMNS) {
            double sum = 0;
            for (int i = row; i < row + COLUMNS; i++) {
                sum += expected[i];
            }
            for (int i = row; i < row + COLUMNS; i++) {
                expected[i] /= sum;
                found[i] = rows[i];
            }
        }
        difference = LayerBenchmark.difference(found, expected);
    }

    @Override
    public void run() {
        CpuKernels.softmax(rows, COLUMNS, SCALE, logSumExp);
    }

    String size() {
        return ROWS + "x" + COLUMNS;
    }

    double bytes() {
        return 2.0 * Float.BYTES * rows.length;
    }

    /** Of the first answer from the same in double precision, relative to the largest number. */
    double difference() {
        return difference;
    }
}
