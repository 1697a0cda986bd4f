package dev.limpid.attribution.render.attention;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/**
 * Rows of numbers as few bytes: each row's largest magnitude in single precision, then each number as a whole fraction of it. Little-endian, base64.
 *
 * <p>Maps between tokens take a byte a number, {@code max·b/255}, off by at most max/510; queries and keys two, {@code max·s/32767}, off by at most max/65534.
 */
final class QuantisedRows {
    private static final int BYTE = 255;
    private static final int SHORT = Short.MAX_VALUE;

    private QuantisedRows() {}

    /** Rows of {@code columns} numbers that are not negative: those of the given heads of (H, T, columns), all maxima before all numbers. */
    static String bytes(float[] values, int columns, List<Integer> heads) {
        int perHead = columns * columns;
        int rows = heads.size() * columns;
        ByteBuffer out = ByteBuffer.allocate(rows * (Float.BYTES + columns)).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < rows; row++) {
            out.putFloat(max(values, heads.get(row / columns) * perHead + row % columns * columns, columns));
        }
        for (int row = 0; row < rows; row++) {
            float max = out.getFloat(row * Float.BYTES);
            int from = heads.get(row / columns) * perHead + row % columns * columns;
            for (int j = 0; j < columns; j++) {
                out.put((byte) (max == 0 ? 0 : Math.round(BYTE * (values[from + j] / max))));
            }
        }
        return Base64.getEncoder().encodeToString(out.array());
    }

    /** Rows of {@code columns} signed numbers: those of the given heads of (H, T, columns), of each array one after the other, all maxima before all numbers. */
    static String shorts(List<float[]> arrays, int length, int columns, List<Integer> heads) {
        int perArray = heads.size() * length;
        int rows = arrays.size() * perArray;
        ByteBuffer out = ByteBuffer.allocate(rows * (Float.BYTES + Short.BYTES * columns))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < rows; row++) {
            out.putFloat(max(arrays.get(row / perArray), from(row % perArray, length, columns, heads), columns));
        }
        for (int row = 0; row < rows; row++) {
            float max = out.getFloat(row * Float.BYTES);
            float[] values = arrays.get(row / perArray);
            int from = from(row % perArray, length, columns, heads);
            for (int j = 0; j < columns; j++) {
                out.putShort((short) (max == 0 ? 0 : Math.round(SHORT * (values[from + j] / max))));
            }
        }
        return Base64.getEncoder().encodeToString(out.array());
    }

    private static int from(int row, int length, int columns, List<Integer> heads) {
        return (heads.get(row / length) * length + row % length) * columns;
    }

    private static float max(float[] values, int from, int count) {
        float max = 0;
        for (int i = from; i < from + count; i++) {
            max = Math.max(max, Math.abs(values[i]));
        }
        return max;
    }
}
