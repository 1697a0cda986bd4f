package dev.limpid.attribution.render.picture;

/**
 * How large a model's patches are.
 *
 * @param height rows of pixels
 * @param width columns of pixels
 */
public record PatchSize(int height, int width) {
    /** @throws IllegalArgumentException unless both are positive */
    public PatchSize {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("a patch of " + width + " × " + height + " has no pixel");
        }
    }

    /** Patches as high as wide, as nearly all models have them. */
    public static PatchSize square(int side) {
        return new PatchSize(side, side);
    }

    /** Patches, whole ones or cut off, across an image. */
    int across(int imageWidth) {
        return Math.ceilDiv(imageWidth, width);
    }

    /** Patches, whole ones or cut off, down an image. */
    int down(int imageHeight) {
        return Math.ceilDiv(imageHeight, height);
    }

    /** The patch, counted by rows, that pixel {@code i} of an image lies in. */
    int of(int i, int imageWidth) {
        return i / imageWidth / height * across(imageWidth) + i % imageWidth / width;
    }
}
