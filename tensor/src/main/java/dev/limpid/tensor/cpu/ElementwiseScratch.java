package dev.limpid.tensor.cpu;

import java.lang.foreign.MemorySegment;

/** What {@link Elementwise} works in: the buffers of one thread, 20 KiB, and the functions it is made of. */
final class ElementwiseScratch {

    static final int CHUNK = 1024;

    private static final ThreadLocal<ElementwiseScratch> OF_THREAD = ThreadLocal
            .withInitial(() -> new ElementwiseScratch(CHUNK));

    final float[] a;
    final float[] b;
    final float[] c;
    private final int[] exponents;
    private final float[] powers;
    private final MemorySegment bytesOfA;
    private final MemorySegment exponentBytes;
    private final MemorySegment powerBytes;

    private ElementwiseScratch(int size) {
        a = new float[size];
        b = new float[size];
        c = new float[size];
        exponents = new int[size];
        powers = new float[size];
        bytesOfA = MemorySegment.ofArray(a);
        exponentBytes = MemorySegment.ofArray(exponents);
        powerBytes = MemorySegment.ofArray(powers);
    }

    /** This thread's buffers, of {@link #CHUNK} floats or of as many as anybody has asked for. */
    static ElementwiseScratch atLeast(int size) {
        ElementwiseScratch scratch = OF_THREAD.get();
        if (scratch.a.length < size) {
            scratch = new ElementwiseScratch(size);
            OF_THREAD.set(scratch);
        }
        return scratch;
    }

    /**
     * a = e^a for a ≤ 89.4: a = m·ln 2 + r, a polynomial for e^r (Cephes {@code expf}), and 2^m put together from its
     * bits.
     *
     * <p>C2 does not vectorise {@link Float#intBitsToFloat}, so the bits are made in an int array and copied over. They
     * stand for 2^(m-1), which covers 2^128 as infinity and makes 2^-126 and below 0.
     */
    void exp(float[] a, int n) {
        mantissas(a, exponents, n);
        MemorySegment.copy(exponentBytes, 0, powerBytes, 0, (long) n * Float.BYTES);
        scaleByPowers(a, powers, n);
    }

    /**
     * Finds the largest element of each of some rows of {@link #a}; NaN if it is one and may be so if another is.
     *
     * <p>As integers: for the maximum of two of these there is one instruction, for that of two floats, with NaN and −0, six. The bits of negative floats are in
     * descending order, so all but the sign are turned round.
     */
    void largest(int rows, int columns, float[] largest, int at) {
        MemorySegment.copy(bytesOfA, 0, exponentBytes, 0, (long) rows * columns * Float.BYTES);
        for (int row = 0; row < rows; row++) {
            int bits = largest(exponents, row * columns, columns);
            largest[at + row] = Float.intBitsToFloat(bits ^ (bits >> 31 & Integer.MAX_VALUE));
        }
    }

    private static int largest(int[] bits, int from, int n) {
        int largest = Integer.MIN_VALUE;
        for (int i = from; i < from + n; i++) {
            largest = Math.max(largest, bits[i] ^ (bits[i] >> 31 & Integer.MAX_VALUE));
        }
        return largest;
    }

    private static void mantissas(float[] a, int[] exponents, int n) {
        for (int i = 0; i < n; i++) {
            float v = Math.max(-87.33f, a[i]);
            float m = v * 1.442695f + 12582912f - 12582912f; // 1.5·2^23 rounds to an integer
            float r = v - m * 0.6933594f + m * 2.1219444e-4f;
            float p = 1.9875691e-4f;
            p = p * r + 0.0013981999f;
            p = p * r + 0.008333452f;
            p = p * r + 0.041665796f;
            p = p * r + 0.16666666f;
            p = p * r + 0.5f;
            a[i] = p * (r * r) + r + 1f;
            exponents[i] = ((int) m + 126) << 23;
        }
    }

    private static void scaleByPowers(float[] a, float[] powers, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = a[i] * powers[i] * 2f;
        }
    }

    /**
     * erf as x·P(x²)/Q(x²) on |x| ≤ 4, exactly ±1 there and beyond; coefficients as in Eigen's {@code
     * generic_fast_erf_float}.
     */
    static float erf(float x) {
        float v = Math.max(-4f, Math.min(4f, x));
        float t = v * v;
        float p = -2.7261424e-10f;
        p = p * t + 2.7706815e-8f;
        p = p * t - 2.101024e-6f;
        p = p * t - 5.6925062e-5f;
        p = p * t - 7.3499064e-4f;
        p = p * t - 0.0029546f;
        p = p * t - 0.016096033f;
        float q = -1.45660715e-5f;
        q = q * t - 2.1337405e-4f;
        q = q * t - 0.001682827f;
        q = q * t - 0.0073733293f;
        q = q * t - 0.014264739f;
        return v * p / q;
    }

    /** tanh as x·P(x²)/Q(x²) on |x| ≤ 7.9, ±1 beyond; coefficients as in Eigen's {@code generic_fast_tanh_float}. */
    static float tanh(float x) {
        float v = Math.max(-7.905311f, Math.min(7.905311f, x));
        float t = v * v;
        float p = -2.7607684e-16f;
        p = p * t + 2.000188e-13f;
        p = p * t - 8.604672e-11f;
        p = p * t + 5.1222973e-8f;
        p = p * t + 1.48572235e-5f;
        p = p * t + 6.3726195e-4f;
        p = p * t + 0.0048935246f;
        float q = 1.1982584e-6f;
        q = q * t + 1.1853471e-4f;
        q = q * t + 0.0022684347f;
        q = q * t + 0.004893525f;
        return v * p / q;
    }
}
