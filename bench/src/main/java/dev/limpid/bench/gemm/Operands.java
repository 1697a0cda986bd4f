package dev.limpid.bench.gemm;

import java.util.Random;

/** Random inputs of one shape, uniform in [-½, ½]. */
final class Operands {
    final GemmShape shape;
    final float[] a;
    final float[] b;

    Operands(GemmShape shape, long seed) {
        this.shape = shape;
        Random random = new Random(seed);
        a = uniform(shape.batch() * shape.m() * shape.k(), random);
        b = uniform(shape.batch() * shape.k() * shape.n(), random);
    }

    private static float[] uniform(int size, Random random) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    float[] newC() {
        return new float[shape.batch() * shape.m() * shape.n()];
    }

    /** One product of contiguous row-major matrices that begin at the given offsets. */
    @FunctionalInterface
    interface Product {
        void multiply(boolean transA, boolean transB, int m, int n, int k, float[] a, int aOffset, float[] b,
                int bOffset, float[] c, int cOffset);
    }

    /** Does all products of the batch. */
    void multiply(Product product, float[] c) {
        int m = shape.m();
        int n = shape.n();
        int k = shape.k();
        for (int i = 0; i < shape.batch(); i++) {
            product.multiply(shape.transA(), shape.transB(), m, n, k, a, i * m * k, b, i * k * n, c, i * m * n);
        }
    }

    /** How far two right results may lie apart: a quarter for the largest product, k of them, a few roundings each. */
    double tolerance() {
        return 0.25 * shape.k() * 4 * Math.ulp(1f);
    }

    static double distance(float[] c, float[] expected) {
        double worst = 0;
        for (int i = 0; i < c.length; i++) {
            worst = Math.max(worst, Math.abs((double) c[i] - expected[i])); // NaN wins
        }
        return worst;
    }
}
