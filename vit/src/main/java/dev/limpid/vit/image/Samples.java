package dev.limpid.vit.image;

import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.PackedColorModel;
import java.awt.image.Raster;

/**
 * Red, green and blue bytes from the samples of a raster, whatever its layout.
 *
 * <p>
 * The samples are taken as they are stored: {@link java.awt.image.BufferedImage#getRGB} would convert between the colour spaces of the file and of the
 * screen, which Pillow does not do.
 */
final class Samples {
    private Samples() {}

    /** The samples of {@code raster}, which {@code model} describes; alpha is dropped. */
    static RgbImage rgb(Raster raster, ColorModel model, String name) {
        if (model instanceof IndexColorModel palette) {
            int[] colours = new int[palette.getMapSize()];
            palette.getRGBs(colours);
            return indexed(raster, colours, raster.getWidth(), raster.getHeight(), 0, 0, 0);
        }
        int bands = model.getNumColorComponents();
        if (bands != 1 && bands != 3) {
            throw new ImageException(
                    name + " has " + bands + " colour channels; convert it to grey or to red, green and blue");
        }
        int[] size = model.getComponentSize();
        int type = raster.getTransferType();
        if (!(model instanceof PackedColorModel) && type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT) {
            throw new ImageException(name + " has samples that are not whole numbers of 8 or 16 bits; convert it to 8");
        }
        int width = raster.getWidth();
        byte[] rgb = new byte[3 * width * raster.getHeight()];
        int[] row = new int[raster.getNumBands() * width];
        for (int y = 0, at = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++, at++) {
                    int band = bands == 1 ? 0 : c;
                    rgb[at] = (byte) eightBits(row[x * raster.getNumBands() + band], size[band]);
                }
            }
        }
        return new RgbImage(width, raster.getHeight(), rgb);
    }

    /**
     * A canvas filled with one entry of a palette, and a raster of indices laid on it.
     *
     * @param colours {@code 0xRRGGBB} each; an index beyond them is black, as in Pillow
     */
    static RgbImage indexed(Raster raster, int[] colours, int width, int height, int left, int top, int background) {
        byte[] rgb = new byte[3 * width * height];
        int fill = colour(colours, background);
        boolean covered = raster.getWidth() == width && raster.getHeight() == height;
        for (int at = 0; !covered && fill != 0 && at < rgb.length; at += 3) {
            put(rgb, at, fill);
        }
        int[] row = new int[raster.getWidth()];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, 0, row);
            for (int x = 0, at = 3 * ((top + y) * width + left); x < row.length; x++, at += 3) {
                put(rgb, at, colour(colours, row[x]));
            }
        }
        return new RgbImage(width, height, rgb);
    }

    private static int colour(int[] colours, int index) {
        return index < colours.length ? colours[index] : 0;
    }

    private static void put(byte[] rgb, int at, int colour) {
        rgb[at] = (byte) (colour >> 16);
        rgb[at + 1] = (byte) (colour >> 8);
        rgb[at + 2] = (byte) colour;
    }

    private static int eightBits(int sample, int bits) {
        return bits == 8 ? sample : bits > 8 ? sample >> (bits - 8) : sample * 255 / ((1 << bits) - 1);
    }
}
