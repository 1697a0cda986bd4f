package dev.limpid.vit.image;

import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * An image of 8-bit red, green and blue samples, row by row from the top, as {@code Image.convert("RGB")} of Pillow holds it.
 *
 * @param width in pixels
 * @param height in pixels
 * @param rgb {@code 3 · width · height} unsigned bytes: red, green, blue of the first pixel, then of its right neighbour; not copied, so do not write to it
 */
public record RgbImage(int width, int height, byte[] rgb) {
    /** @throws IllegalArgumentException if the size is not positive or the array has another length than it says */
    public RgbImage {
        if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException(width + "×" + height + " pixels of three bytes need "
                    + 3L * width * height + " bytes, not " + rgb.length);
        }
    }

    /**
     * The samples of a Java image, alpha dropped and colour profile ignored: no colour space is converted.
     *
     * <p>
     * Samples of 16 bits give their upper 8, samples of fewer than 8 bits are scaled to 0..255, palettes are looked up.
     *
     * @throws ImageException if it has neither grey, nor red, green and blue samples
     */
    public static RgbImage of(BufferedImage image) {
        if (image.isAlphaPremultiplied()) {
            BufferedImage straight = new BufferedImage(image.getWidth(), image.getHeight(),
                    BufferedImage.TYPE_INT_ARGB);
            for (int y = 0; y < image.getHeight(); y++) {
                straight.setRGB(0, y, image.getWidth(), 1, image.getRGB(0, y, image.getWidth(), 1, null, 0,
                        image.getWidth()), 0, image.getWidth());
            }
            return of(straight);
        }
        return Samples.rgb(image.getRaster(), image.getColorModel(), "the image");
    }

    /** A copy for Java2D, of type {@link BufferedImage#TYPE_INT_RGB}. */
    public BufferedImage toBufferedImage() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                row[x] = packed(x, y);
            }
            image.getRaster().setDataElements(0, y, width, 1, row);
        }
        return image;
    }

    /** The pixel at column {@code x} and row {@code y} as {@code red << 16 | green << 8 | blue}. */
    public int packed(int x, int y) {
        int at = 3 * (y * width + x);
        return (rgb[at] & 0xFF) << 16 | (rgb[at + 1] & 0xFF) << 8 | (rgb[at + 2] & 0xFF);
    }

    /**
     * The luma of every pixel in all three channels: {@code (19595 R + 38470 G + 7471 B + 32768) >> 16}.
     *
     * <p>
     * These are the bytes of {@code convert("L")} of Pillow ({@code libImaging/Convert.c}), and a grey image stays what it is.
     */
    public RgbImage grey() {
        byte[] grey = new byte[rgb.length];
        for (int at = 0; at < rgb.length; at += 3) {
            int luma = (rgb[at] & 0xFF) * 19595 + (rgb[at + 1] & 0xFF) * 38470 + (rgb[at + 2] & 0xFF) * 7471 + 0x8000;
            Arrays.fill(grey, at, at + 3, (byte) (luma >> 16));
        }
        return new RgbImage(width, height, grey);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RgbImage image && width == image.width && height == image.height
                && Arrays.equals(rgb, image.rgb);
    }

    @Override
    public int hashCode() {
        return 31 * width + Arrays.hashCode(rgb);
    }

    @Override
    public String toString() {
        return "RgbImage[" + width + "×" + height + "]";
    }
}
