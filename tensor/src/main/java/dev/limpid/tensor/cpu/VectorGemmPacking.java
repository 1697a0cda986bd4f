package dev.limpid.tensor.cpu;

import java.util.Arrays;

/** Copies a strip of a matrix into a panel of width {@code width}: element (p, x) of the panel lies at {@code p * width + x}, absent ones are 0. */
final class VectorGemmPacking {

    private VectorGemmPacking() {}

    /** The panel's rows are parts of the source's rows: (p, x) comes from {@code source[offset + p * stride + x]}. */
    static void panelOfRows(int width, int present, int depth, float[] source, int offset, int stride, float[] panel,
            int at) {
        for (int p = 0; p < depth; p++) {
            System.arraycopy(source, offset + p * stride, panel, at + p * width, present);
        }
        clearAbsent(width, present, depth, panel, at);
    }

    /** The panel's columns are parts of the source's rows: (p, x) comes from {@code source[offset + x * stride + p]}. */
    static void panelOfColumns(int width, int present, int depth, float[] source, int offset, int stride, float[] panel,
            int at) {
        int x = 0;
        for (; x + 8 <= present; x += 8) {
            eightColumns(width, depth, source, offset + x * stride, stride, panel, at + x);
        }
        for (; x < present; x++) {
            int from = offset + x * stride;
            for (int p = 0; p < depth; p++) {
                panel[at + p * width + x] = source[from + p];
            }
        }
        clearAbsent(width, present, depth, panel, at);
    }

    private static void eightColumns(int width, int depth, float[] source, int offset, int stride, float[] panel,
            int at) {
        int s1 = offset + stride;
        int s2 = s1 + stride;
        int s3 = s2 + stride;
        int s4 = s3 + stride;
        int s5 = s4 + stride;
        int s6 = s5 + stride;
        int s7 = s6 + stride;
        for (int p = 0; p < depth; p++) {
            int to = at + p * width;
            panel[to] = source[offset + p];
            panel[to + 1] = source[s1 + p];
            panel[to + 2] = source[s2 + p];
            panel[to + 3] = source[s3 + p];
            panel[to + 4] = source[s4 + p];
            panel[to + 5] = source[s5 + p];
            panel[to + 6] = source[s6 + p];
            panel[to + 7] = source[s7 + p];
        }
    }

    private static void clearAbsent(int width, int present, int depth, float[] panel, int at) {
        if (present < width) {
            for (int p = 0; p < depth; p++) {
                Arrays.fill(panel, at + p * width + present, at + (p + 1) * width, 0f);
            }
        }
    }
}
