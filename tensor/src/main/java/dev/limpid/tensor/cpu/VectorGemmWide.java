package dev.limpid.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register tile of machines with 32 vector registers (AVX-512, NEON): 8 rows of 2 vectors, 16 sums, 2 of B and up to 8 broadcasts of A in flight.
 */
final class VectorGemmWide {

    static final int ROWS = 8;

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    static final int COLUMNS = 2 * LANES;

    private VectorGemmWide() {}

    /** C(tile) = or += Σ_p a[p, row] · b[p, column] over {@code depth} steps of a packed panel of A and one of B. */
    static void tile(int depth, float[] a, int aOffset, float[] b, int bOffset, boolean add, float[] c, int cOffset,
            int ldc) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = FloatVector.zero(SPECIES);
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = FloatVector.zero(SPECIES);
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = FloatVector.zero(SPECIES);
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = FloatVector.zero(SPECIES);
        FloatVector c40 = FloatVector.zero(SPECIES);
        FloatVector c41 = FloatVector.zero(SPECIES);
        FloatVector c50 = FloatVector.zero(SPECIES);
        FloatVector c51 = FloatVector.zero(SPECIES);
        FloatVector c60 = FloatVector.zero(SPECIES);
        FloatVector c61 = FloatVector.zero(SPECIES);
        FloatVector c70 = FloatVector.zero(SPECIES);
        FloatVector c71 = FloatVector.zero(SPECIES);
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
        store(c00, c01, add, c, cOffset);
        store(c10, c11, add, c, cOffset + ldc);
        store(c20, c21, add, c, cOffset + 2 * ldc);
        store(c30, c31, add, c, cOffset + 3 * ldc);
        store(c40, c41, add, c, cOffset + 4 * ldc);
        store(c50, c51, add, c, cOffset + 5 * ldc);
        store(c60, c61, add, c, cOffset + 6 * ldc);
        store(c70, c71, add, c, cOffset + 7 * ldc);
    }

    private static void store(FloatVector c0, FloatVector c1, boolean add, float[] c, int at) {
        if (add) {
            FloatVector.fromArray(SPECIES, c, at).add(c0).intoArray(c, at);
            FloatVector.fromArray(SPECIES, c, at + LANES).add(c1).intoArray(c, at + LANES);
        } else {
            c0.intoArray(c, at);
            c1.intoArray(c, at + LANES);
        }
    }
}
