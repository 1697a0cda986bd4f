package dev.limpid.attribution.render.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.IntUnaryOperator;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * An image of opaque pixels.
 *
 * @param height H
 * @param width W
 * @param rgb (H,W) in row-major order, each 0xRRGGBB
 */
public record RgbPixels(int height, int width, int[] rgb) {
    /** @throws IllegalArgumentException unless H and W are positive and there are H·W pixels */
    public RgbPixels {
        if (height < 1 || width < 1 || rgb.length != (long) height * width) {
            throw new IllegalArgumentException(
                    "an image of " + width + " × " + height + " cannot be made of " + rgb.length + " pixels");
        }
    }

    /** The image of these bytes, (H,W,3). */
    public static RgbPixels of(int height, int width, byte[] bytes) {
        if (bytes.length != 3L * height * width) {
            throw new IllegalArgumentException("an image of " + width + " × " + height + " × 3 bytes cannot be made of "
                    + bytes.length + " bytes");
        }
        int[] rgb = new int[height * width];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = packed(bytes[3 * i] & 255, bytes[3 * i + 1] & 255, bytes[3 * i + 2] & 255);
        }
        return new RgbPixels(height, width, rgb);
    }

    /** The colours of a Java2D image; its transparency is ignored. */
    public static RgbPixels of(BufferedImage image) {
        int[] rgb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] &= 0xffffff;
        }
        return new RgbPixels(image.getHeight(), image.getWidth(), rgb);
    }

    /** The colour of the pixel in column {@code x} of row {@code y}, as 0xRRGGBB. */
    public int at(int x, int y) {
        return rgb[y * width + x];
    }

    /** As a Java2D image without transparency. */
    public BufferedImage toBufferedImage() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, width, height, rgb, 0, width);
        return image;
    }

    /** As a PNG file, 8 bits a channel, without transparency and without metadata: the same pixels give the same bytes. */
    public byte[] png() {
        return encoded("png");
    }

    /** As a JPEG file: smaller than a PNG, for photos that are only looked at. */
    byte[] jpeg() {
        return encoded("jpeg");
    }

    private byte[] encoded(String format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(toBufferedImage(), format, out)) {
                throw new IllegalStateException(
                        "this Java cannot write " + format + ": its module java.desktop is cut");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Every pixel as a block of {@code factor}×{@code factor}. */
    public RgbPixels enlarged(int factor) {
        int wide = width * factor;
        int[] pixels = new int[height * factor * wide];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = rgb[i / wide / factor * width + i % wide / factor];
        }
        return new RgbPixels(height * factor, wide, pixels);
    }

    /** Made smaller until no side is longer than {@code longest}: every pixel the mean of those it covers; unchanged if it already is that small. */
    RgbPixels reducedTo(int longest) {
        int side = Math.max(height, width);
        if (side <= longest) {
            return this;
        }
        int h = Math.max(1, (int) ((long) height * longest / side));
        int w = Math.max(1, (int) ((long) width * longest / side));
        int[] pixels = new int[h * w];
        for (int i = 0; i < pixels.length; i++) {
            int y = i / w;
            int x = i % w;
            pixels[i] = mean((int) ((long) y * height / h), (int) ((y + 1L) * height / h),
                    (int) ((long) x * width / w), (int) ((x + 1L) * width / w));
        }
        return new RgbPixels(h, w, pixels);
    }

    private int mean(int top, int bottom, int left, int right) {
        long red = 0;
        long green = 0;
        long blue = 0;
        for (int y = top; y < bottom; y++) {
            for (int x = left; x < right; x++) {
                int c = at(x, y);
                red += c >> 16 & 255;
                green += c >> 8 & 255;
                blue += c & 255;
            }
        }
        long n = (long) (bottom - top) * (right - left);
        return packed((int) (red / n), (int) (green / n), (int) (blue / n));
    }

    /** {@code share·a + (1 − share)·b}, each channel cut to a byte. */
    static int mix(int a, int b, double share) {
        return packed(mixed(a >> 16 & 255, b >> 16 & 255, share), mixed(a >> 8 & 255, b >> 8 & 255, share),
                mixed(a & 255, b & 255, share));
    }

    private static int mixed(int a, int b, double share) {
        return (int) (b + share * (a - b));
    }

    /** Three bytes as 0xRRGGBB. */
    static int packed(int red, int green, int blue) {
        return red << 16 | green << 8 | blue;
    }

    /** The colour with every channel replaced. */
    static int perChannel(int rgb, IntUnaryOperator change) {
        return packed(change.applyAsInt(rgb >> 16 & 255), change.applyAsInt(rgb >> 8 & 255),
                change.applyAsInt(rgb & 255));
    }
}
