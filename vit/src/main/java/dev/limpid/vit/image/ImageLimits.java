package dev.limpid.vit.image;

import java.util.Locale;

/**
 * How large an image may be, asked before memory is taken for it.
 *
 * @param pixels the most pixels, width times height, of a file's image and of one that a resize makes
 * @param bytes the most bytes of a file
 */
public record ImageLimits(long pixels, long bytes) {
    /** 178,956,970 pixels, from where on Pillow refuses to open a file (twice its {@code MAX_IMAGE_PIXELS}), and 512 MiB. */
    public static final ImageLimits DEFAULT = new ImageLimits(178_956_970L, 512L << 20);

    /** The most pixels whose three bytes each fit one Java array. */
    private static final long ARRAY_PIXELS = (Integer.MAX_VALUE - 8) / 3;

    public ImageLimits {
        if (pixels < 1 || pixels > ARRAY_PIXELS || bytes < 1) {
            throw new IllegalArgumentException("limits of " + pixels + " pixels and " + bytes
                    + " bytes: both must be positive, and pixels at most " + ARRAY_PIXELS);
        }
    }

    /**
     * Refuses a size that is empty or beyond the limit.
     *
     * @param what what is that large, named at the beginning of the message
     * @throws ImageException if {@code width · height} is 0 or more than {@link #pixels}
     */
    void checkSize(String what, long width, long height) {
        if (width < 1 || height < 1) {
            throw new ImageException(
                    what + " has no pixels (" + width + "×" + height + "); give an image of at least one pixel");
        }
        if (height > pixels / width) {
            throw new ImageException(String.format(Locale.ROOT,
                    "%s has %d×%d pixels, more than the limit of %,d in all; scale it down first", what, width, height,
                    pixels));
        }
    }
}
