package dev.limpid.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register tile of machines with 32 vector registers (AVX-512, NEON): 8 rows of 2 vectors, 16 sums, 2 of B and up
 * to 8 broadcasts of A in flight.
 */
final class VectorGemmWide {

    static final int ROWS = 8;

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    static final int COLUMNS = 2 * LANES;

    private VectorGemmWide() {}

    /** C(tile) = Σ_p a[p, row] · b[p, column] over {@code depth} steps of a packed panel of A and one of B. */
    static void tile(int depth, float[] a, int aOffset, float[] b, int bOffset, float[] c, int cOffset, int ldc) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector c00 = zero;
        FloatVector c01 = zero;
        FloatVector c10 = zero;
        FloatVector c11 = zero;
        FloatVector c20 = zero;
        FloatVector c21 = zero;
        FloatVector c30 = zero;
        FloatVector c31 = zero;
        FloatVector c40 = zero;
        FloatVector c41 = zero;
        FloatVector c50 = zero;
        FloatVector c51 = zero;
        FloatVector c60 = zero;
        FloatVector c61 = zero;
        FloatVector c70 = zero;
        FloatVector c71 = zero;
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bOffset + p * COLUMNS);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bOffset + p * COLUMNS + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aOffset + p * ROWS]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[aOffset + p * ROWS + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[aOffset + p * ROWS + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[aOffset + p * ROWS + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[aOffset + p * ROWS + 4]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[aOffset + p * ROWS + 5]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[aOffset + p * ROWS + 6]);
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[aOffset + p * ROWS + 7]);
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
        }
        int at = cOffset;
        c00.intoArray(c, at);
        c01.intoArray(c, at + LANES);
        at += ldc;
        c10.intoArray(c, at);
        c11.intoArray(c, at + LANES);
        at += ldc;
        c20.intoArray(c, at);
        c21.intoArray(c, at + LANES);
        at += ldc;
        c30.intoArray(c, at);
        c31.intoArray(c, at + LANES);
        at += ldc;
        c40.intoArray(c, at);
        c41.intoArray(c, at + LANES);
        at += ldc;
        c50.intoArray(c, at);
        c51.intoArray(c, at + LANES);
        at += ldc;
        c60.intoArray(c, at);
        c61.intoArray(c, at + LANES);
        at += ldc;
        c70.intoArray(c, at);
        c71.intoArray(c, at + LANES);
        at += ldc;
    }

    /** As {@link #tile}, but C += …; a method of its own because C2 gives up inlining in one that does both. */
    static void tileAdd(int depth, float[] a, int aOffset, float[] b, int bOffset, float[] c, int cOffset, int ldc) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector c00 = zero;
        FloatVector c01 = zero;
        FloatVector c10 = zero;
        FloatVector c11 = zero;
        FloatVector c20 = zero;
        FloatVector c21 = zero;
        FloatVector c30 = zero;
        FloatVector c31 = zero;
        FloatVector c40 = zero;
        FloatVector c41 = zero;
        FloatVector c50 = zero;
        FloatVector c51 = zero;
        FloatVector c60 = zero;
        FloatVector c61 = zero;
        FloatVector c70 = zero;
        FloatVector c71 = zero;
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bOffset + p * COLUMNS);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bOffset + p * COLUMNS + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aOffset + p * ROWS]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[aOffset + p * ROWS + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[aOffset + p * ROWS + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[aOffset + p * ROWS + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[aOffset + p * ROWS + 4]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[aOffset + p * ROWS + 5]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[aOffset + p * ROWS + 6]);
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[aOffset + p * ROWS + 7]);
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
        }
        int at = cOffset;
        c00.add(FloatVector.fromArray(SPECIES, c, at)).intoArray(c, at);
        c01.add(FloatVector.fromArray(SPECIES, c, at + LANES)).intoArray(c, at + LANES);
        at += ldc;
        c10.add(FloatVector.fromArray(SPECIES, c, at)).intoArray(c, at);
        c11.add(FloatVector.fromArray(SPECIES, c, at + LANES)).intoArray(c, at + LANES);
        at += ldc;
        c20.add(FloatVector.fromArray(SPECIES, c, at)).intoArray(c, at);
        c21.add(FloatVector.fromArray(SPECIES, c, at + LANES)).intoArray(c, at + LANES);
        at += ldc;
        c30.add(FloatVector.fromArray(SPECIES, c, at)).intoArray(c, at);
        c31.add(FloatVector.fromArray(SPECIES, c, at + LANES)).intoArray(c, at + LANES);
        at += ldc;
        c40.add(FloatVector.fromArray(SPECIES, c, at)).intoArray(c, at);
        c41.add(FloatVector.fromArray(SPECIES, c, at + LANES)).intoArray(c, at + LANES);
        at += ldc;
        c50.add(FloatVector.fromArray(SPECIES, c, at)).intoArray(c, at);
        c51.add(FloatVector.fromArray(SPECIES, c, at + LANES)).intoArray(c, at + LANES);
        at += ldc;
        c60.add(FloatVector.fromArray(SPECIES, c, at)).intoArray(c, at);
        c61.add(FloatVector.fromArray(SPECIES, c, at + LANES)).intoArray(c, at + LANES);
        at += ldc;
        c70.add(FloatVector.fromArray(SPECIES, c, at)).intoArray(c, at);
        c71.add(FloatVector.fromArray(SPECIES, c, at + LANES)).intoArray(c, at + LANES);
        at += ldc;
    }
}
