package dev.limpid.tensor.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies a block of a matrix into panels, the order in which a register tile reads it.
 *
 * <p>A panel is {@code width} wide and {@code depth} long; its element (p, x) lies at {@code p * width + x}, panel
 * follows panel, and what the last one lacks is 0. Panels are half a vector wide or two vectors.
 */
final class VectorGemmPacking {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /** Half a vector, or a whole one where it has the fewest lanes there are. */
    private static final VectorSpecies<Float> HALF = VectorSpecies.of(float.class,
            VectorShape.forBitSize(Math.max(SPECIES.vectorBitSize() / 2, 128)));
    /** 0 0 1 1 2 2 …, of the lower half and of the upper half. */
    private static final VectorShuffle<Float> TWICE_LOW = VectorShuffle.fromOp(SPECIES, lane -> lane / 2);
    private static final VectorShuffle<Float> TWICE_HIGH = VectorShuffle.fromOp(SPECIES, lane -> (LANES + lane) / 2);
    private static final VectorMask<Float> ODD = VectorMask.fromLong(SPECIES, 0xAAAAAAAAAAAAAAAAL);

    private VectorGemmPacking() {}

    /**
     * Packs a block whose rows run across the panels: (p, x) is {@code source[offset + p * stride + x]}.
     *
     * <p>Panels of two vectors, of a B that comes from memory, along the rows, so that the hardware sees one stream of reads; panels of half a vector, of an A that
     * was just computed, one after the other: a loop over the few there are beside each other takes longer to begin than to end.
     */
    static void alongRows(int width, int extent, int depth, float[] source, int offset, int stride, float[] packed,
            int at) {
        int whole = extent / width * width;
        if (width == HALF.length()) {
            for (int x = 0; x < whole; x += width) {
                int to = at + x * depth;
                for (int p = 0; p < depth; p++) {
                    FloatVector.fromArray(HALF, source, offset + p * stride + x).intoArray(packed, to + p * width);
                }
            }
        } else {
            for (int p = 0; p < depth; p++) {
                int from = offset + p * stride;
                int to = at + p * width;
                for (int x = 0; x < whole; x += width, to += width * depth) {
                    FloatVector.fromArray(SPECIES, source, from + x).intoArray(packed, to);
                    FloatVector.fromArray(SPECIES, source, from + x + LANES).intoArray(packed, to + LANES);
                }
            }
        }
        for (int p = 0; whole < extent && p < depth; p++) {
            int to = at + whole * depth + p * width;
            System.arraycopy(source, offset + p * stride + whole, packed, to, extent - whole);
            Arrays.fill(packed, to + extent - whole, to + width, 0f);
        }
    }

    /** Packs a block whose rows run along the panels: (p, x) is {@code source[offset + x * stride + p]}. */
    static void acrossRows(int width, int extent, int depth, float[] source, int offset, int stride, float[] packed,
            int at, float[] scratch) {
        int group = Math.min(width, Math.max(LANES, 8));
        for (int x = 0; x < extent; x += width) {
            int panel = at + x * depth;
            int present = Math.min(width, extent - x);
            int lane = 0;
            for (; lane + group <= present; lane += group) {
                transpose(group, width, depth, source, offset + (x + lane) * stride, stride, packed, panel + lane,
                        scratch);
            }
            for (; lane < present; lane++) {
                int from = offset + (x + lane) * stride;
                for (int p = 0; p < depth; p++) {
                    packed[panel + p * width + lane] = source[from + p];
                }
            }
            if (present < width) {
                for (int p = 0; p < depth; p++) {
                    Arrays.fill(packed, panel + p * width + present, panel + (p + 1) * width, 0f);
                }
            }
        }
    }

    /**
     * Interleaves {@code group} rows of the source, 4, 8 or 16: first rows a quarter of the group apart by fours, then
     * what that gave, in order.
     */
    private static void transpose(int group, int width, int depth, float[] source, int offset, int stride,
            float[] packed, int at, float[] scratch) {
        int length = depth / LANES * LANES;
        int step = group == LANES ? width : LANES;
        int parts = group / 4;
        if (parts == 1) {
            interleave(4, source, offset, stride, length, packed, at, step);
        } else {
            for (int part = 0; part < parts; part++) {
                interleave(4, source, offset + part * stride, parts * stride, length, scratch, part * 4 * length,
                        LANES);
            }
            interleave(parts, scratch, 0, 4 * length, 4 * length, packed, at, step);
        }
        for (int p = length; p < depth; p++) {
            for (int lane = 0; lane < group; lane++) {
                packed[at + p * width + lane] = source[offset + lane * stride + p];
            }
        }
    }

    /**
     * Interleaves {@code ways} runs, 2 or 4, {@code distance} apart: writes x0[0] x1[0] … x0[1] x1[1] …, vectors {@code step} apart.
     *
     * <p>One method for both, because its length keeps C2 from inlining it: inlined, some stores stayed calls in one process of two, and every vector stored became
     * an object first (docs/decisions/0002-cpu-gemm.md).
     */
    private static void interleave(int ways, float[] from, int offset, int distance, int length, float[] to, int at,
            int step) {
        int target = at;
        for (int p = offset; ways == 2 && p < offset + length; p += LANES) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, from, p);
            FloatVector x1 = FloatVector.fromArray(SPECIES, from, distance + p);
            x0.rearrange(TWICE_LOW).blend(x1.rearrange(TWICE_LOW), ODD).intoArray(to, target);
            x0.rearrange(TWICE_HIGH).blend(x1.rearrange(TWICE_HIGH), ODD).intoArray(to, target + step);
            target += 2 * step;
        }
        for (int p = offset; ways == 4 && p < offset + length; p += LANES) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, from, p);
            FloatVector x1 = FloatVector.fromArray(SPECIES, from, distance + p);
            FloatVector x2 = FloatVector.fromArray(SPECIES, from, 2 * distance + p);
            FloatVector x3 = FloatVector.fromArray(SPECIES, from, 3 * distance + p);
            FloatVector even = x0.rearrange(TWICE_LOW).blend(x2.rearrange(TWICE_LOW), ODD);
            FloatVector odd = x1.rearrange(TWICE_LOW).blend(x3.rearrange(TWICE_LOW), ODD);
            even.rearrange(TWICE_LOW).blend(odd.rearrange(TWICE_LOW), ODD).intoArray(to, target);
            even.rearrange(TWICE_HIGH).blend(odd.rearrange(TWICE_HIGH), ODD).intoArray(to, target + step);
            even = x0.rearrange(TWICE_HIGH).blend(x2.rearrange(TWICE_HIGH), ODD);
            odd = x1.rearrange(TWICE_HIGH).blend(x3.rearrange(TWICE_HIGH), ODD);
            even.rearrange(TWICE_LOW).blend(odd.rearrange(TWICE_LOW), ODD).intoArray(to, target + 2 * step);
            even.rearrange(TWICE_HIGH).blend(odd.rearrange(TWICE_HIGH), ODD).intoArray(to, target + 3 * step);
            target += 4 * step;
        }
    }
}
