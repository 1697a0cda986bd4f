package dev.limpid.attribution.render.picture;

import java.util.Arrays;

/** White paper to put rectangles, images and words on. */
final class Sheet {
    /** Almost black, for words. */
    static final int INK = 0x1d1d1f;
    /** Grey, for what stands in the second place. */
    static final int SOFT = 0x66666c;
    /** How many pixels wide a dot of the font is. */
    static final int DOT = 2;
    /** From the top of a line of words to the top of the next. */
    static final int LINE = DOT * (PixelFont.HEIGHT + 2);

    private final int width;
    private final int height;
    private final int[] rgb;

    Sheet(int width, int height) {
        this.width = width;
        this.height = height;
        rgb = new int[width * height];
        Arrays.fill(rgb, 0xffffff);
    }

    RgbPixels pixels() {
        return new RgbPixels(height, width, rgb);
    }

    /** Fills a rectangle. */
    void fill(int left, int top, int w, int h, int colour) {
        for (int y = Math.max(0, top); y < Math.min(height, top + h); y++) {
            Arrays.fill(rgb, y * width + Math.clamp(left, 0, width), y * width + Math.clamp(left + w, 0, width),
                    colour);
        }
    }

    /** Draws a line one pixel wide around a rectangle, outside it. */
    void frame(int left, int top, int w, int h, int colour) {
        fill(left - 1, top - 1, w + 2, 1, colour);
        fill(left - 1, top + h, w + 2, 1, colour);
        fill(left - 1, top, 1, h, colour);
        fill(left + w, top, 1, h, colour);
    }

    /** Puts an image down, which must lie within the sheet. */
    void put(RgbPixels image, int left, int top) {
        for (int y = 0; y < image.height(); y++) {
            System.arraycopy(image.rgb(), y * image.width(), rgb, (top + y) * width + left, image.width());
        }
    }

    /** Writes a line; {@code text} has been through {@link PixelFont#lines} or is ASCII. */
    void write(String text, int left, int top, int colour) {
        int[] characters = text.codePoints().toArray();
        for (int c = 0; c < characters.length; c++) {
            for (int row = 0; row < PixelFont.HEIGHT; row++) {
                for (int column = 0; column < PixelFont.ADVANCE; column++) {
                    if (PixelFont.isSet(characters[c], row, column)) {
                        fill(left + DOT * (c * PixelFont.ADVANCE + column), top + DOT * row, DOT, DOT, colour);
                    }
                }
            }
        }
    }

    /** Writes a line with its middle at {@code middle}. */
    void writeCentred(String text, int middle, int top, int colour) {
        write(text, middle - textWidth(text) / 2, top, colour);
    }

    /** Pixels that a line takes. */
    static int textWidth(String text) {
        return DOT * PixelFont.width(text);
    }
}
