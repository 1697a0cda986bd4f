package dev.limpid.vit.image;

import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.metadata.CompoundDirectory;
import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** How a camera was held, as EXIF or XMP say it, and the image turned upright ({@code ImageOps.exif_transpose} of Pillow). */
final class Orientation {
    /** Stored as it is to be seen. */
    static final int UPRIGHT = 1;

    private static final Pattern XMP = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

    private Orientation() {}

    /**
     * The orientation, 1..8; upright where neither says anything that can be understood.
     *
     * @param exif a TIFF structure, with or without {@code Exif\0\0} before it, or null
     * @param xmp an XML text, asked where {@code exif} has no orientation, or null
     */
    static int of(byte[] exif, byte[] xmp) {
        int orientation = exif == null ? 0 : ofExif(exif);
        if (orientation == 0 && xmp != null) {
            Matcher matcher = XMP.matcher(new String(xmp, StandardCharsets.ISO_8859_1));
            orientation = matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
        }
        return orientation < 1 || orientation > 8 ? UPRIGHT : orientation;
    }

    private static int ofExif(byte[] exif) {
        int skip = new Content(exif, "EXIF").startsWith(0, "Exif\0\0") ? 6 : 0;
        try (MemoryCacheImageInputStream stream = new MemoryCacheImageInputStream(
                new ByteArrayInputStream(exif, skip, exif.length - skip))) {
            Directory directory = new TIFFReader().read(stream);
            // What follows the first directory describes the thumbnail.
            Directory first = directory instanceof CompoundDirectory compound ? compound.getDirectory(0) : directory;
            Entry entry = first.getEntryById(TIFF.TAG_ORIENTATION);
            return entry != null && entry.getValue() instanceof Number number ? number.intValue() : 0;
        } catch (IOException | RuntimeException e) {
            // Pillow too reads an image whose EXIF data are broken.
            return 0;
        }
    }

    /**
     * The image upright.
     *
     * @param orientation 1..8: mirrored for 2, 4, 5, 7; sides exchanged for 5..8
     */
    static RgbImage apply(RgbImage image, int orientation) {
        if (orientation == UPRIGHT) {
            return image;
        }
        int width = orientation >= 5 ? image.height() : image.width();
        int height = orientation >= 5 ? image.width() : image.height();
        boolean fromRight = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean fromBottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        byte[] rgb = new byte[image.rgb().length];
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0; x < width; x++, at += 3) {
                int column = orientation >= 5 ? y : x;
                int row = orientation >= 5 ? x : y;
                int inX = fromRight ? image.width() - 1 - column : column;
                int inY = fromBottom ? image.height() - 1 - row : row;
                System.arraycopy(image.rgb(), 3 * (inY * image.width() + inX), rgb, at, 3);
            }
        }
        return new RgbImage(width, height, rgb);
    }
}
