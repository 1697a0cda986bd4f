package dev.limpid.bench.explain;

import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.Arrays;
import java.util.SplittableRandom;

/** How fast a device multiplies large matrices, which is what the rate of a whole explanation is held against. */
final class GemmRate {
    private static final int ROUNDS = 5;
    private static final int PRODUCTS = 10;

    private GemmRate() {}

    /** The median rate of square products of random matrices as a layer computes them, in GFLOP/s. */
    static double measure(Ops ops, int size) {
        try (Workspace ws = ops.workspace()) {
            Tensor x = random(ws, size, 1);
            Tensor weight = random(ws, size, 2);
            Tensor y = ws.tensor(size, size);
            double[] seconds = new double[ROUNDS];
            multiply(ops, x, weight, y);
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                multiply(ops, x, weight, y);
                seconds[round] = (System.nanoTime() - start) * 1e-9;
            }
            Arrays.sort(seconds);
            return 2.0 * size * size * size * PRODUCTS / seconds[ROUNDS / 2] * 1e-9;
        }
    }

    /** Reading one row waits for all products. */
    private static void multiply(Ops ops, Tensor x, Tensor weight, Tensor y) {
        for (int i = 0; i < PRODUCTS; i++) {
            ops.linear(x, weight, null, y);
        }
        double[] row = ops.download(y.rows(0, 1));
        Timing.require(Arrays.stream(row).allMatch(Double::isFinite) && Arrays.stream(row).anyMatch(v -> v != 0),
                "a product of random matrices has a row that is zero or not finite");
    }

    private static Tensor random(Workspace ws, int size, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[size * size];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (2 * random.nextDouble() - 1);
        }
        Tensor x = ws.tensor(size, size);
        ws.ops().upload(values, x);
        return x;
    }
}
