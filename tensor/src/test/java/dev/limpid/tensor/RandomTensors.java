package dev.limpid.tensor;

import java.util.SplittableRandom;

/** Seeded random tensors, the same numbers on every device. */
final class RandomTensors {
    private final SplittableRandom random;

    RandomTensors(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Normal numbers, rounded to 32 bits so that every device holds the same. */
    double[] values(long size) {
        double[] values = new double[Math.toIntExact(size)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** The nearest number that bfloat16 holds, ties to even. */
    static double bfloat16(double value) {
        int bits = Float.floatToRawIntBits((float) value);
        return Float.intBitsToFloat((bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000);
    }

    int[] rows(int count, int limit) {
        int[] rows = new int[count];
        for (int i = 0; i < count; i++) {
            rows[i] = random.nextInt(limit);
        }
        return rows;
    }

    /** 1 or 0 for each key, with at least one 1 in each of {@code batch} rows. */
    double[] mask(int batch, int length) {
        double[] mask = new double[batch * length];
        for (int b = 0; b < batch; b++) {
            int open = random.nextInt(length);
            for (int t = 0; t < length; t++) {
                mask[b * length + t] = t == open || random.nextInt(3) > 0 ? 1 : 0;
            }
        }
        return mask;
    }
}
