package dev.limpid.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register tile of machines with 16 vector registers (AVX2): 4 rows of 2 vectors. C2 hoists all broadcasts of A above the multiplications, so 8 sums,
 * 2 of B and 4 broadcasts are what fits; the textbook 6 rows spill.
 */
final class VectorGemmNarrow {

    static final int ROWS = 4;

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    static final int COLUMNS = 2 * LANES;

    private VectorGemmNarrow() {}

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
        }
        store(c00, c01, add, c, cOffset);
        store(c10, c11, add, c, cOffset + ldc);
        store(c20, c21, add, c, cOffset + 2 * ldc);
        store(c30, c31, add, c, cOffset + 3 * ldc);
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
