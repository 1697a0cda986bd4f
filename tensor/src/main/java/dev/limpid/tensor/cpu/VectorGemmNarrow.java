package dev.limpid.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register tile of machines with 16 vector registers (AVX2): 4 rows of 2 vectors. C2 hoists all broadcasts of A
 * above the multiplications, so 8 sums, 2 of B and 4 broadcasts are what fits; the textbook 6 rows spill.
 */
final class VectorGemmNarrow {

    static final int ROWS = 4;

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    static final int COLUMNS = 2 * LANES;

    private VectorGemmNarrow() {}

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
    }
}
