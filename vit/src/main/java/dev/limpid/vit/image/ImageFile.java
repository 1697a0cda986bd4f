package dev.limpid.vit.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Reads PNG, JPEG, GIF, BMP and WebP files as Pillow does in transformers: {@code Image.open}, {@code ImageOps.exif_transpose},
 * {@code convert("RGB")}.
 *
 * <p>
 * So alpha is dropped, not blended; palettes are expanded; colour profiles and gamma are ignored; the orientation of EXIF or XMP is followed; of an animation
 * the first picture counts. The one difference: grey of 16 bits gives its upper 8, where Pillow makes everything above 255 white.
 */
public final class ImageFile {
    private static final String FORMATS = "PNG, JPEG, GIF, BMP and WebP are read";

    private ImageFile() {}

    /**
     * Reads a file within {@link ImageLimits#DEFAULT}.
     *
     * @throws ImageException if there is no such file, or it is not a whole image of a format read here, or too large
     */
    public static RgbImage read(Path file) {
        return read(file, ImageLimits.DEFAULT);
    }

    /**
     * Reads a file.
     *
     * @throws ImageException if there is no such file, or it is not a whole image of a format read here, or beyond the limits
     */
    public static RgbImage read(Path file, ImageLimits limits) {
        if (Files.isDirectory(file)) {
            throw new ImageException(file + " is a directory; name an image in it");
        }
        if (!Files.exists(file)) {
            throw new ImageException(file + " does not exist; check the path");
        }
        try {
            checkBytes(file.toString(), Files.size(file), limits);
            return read(Files.readAllBytes(file), file.toString(), limits);
        } catch (IOException e) {
            throw new ImageException(file + " cannot be read (" + e + "); check its permissions", e);
        }
    }

    /**
     * Reads an image from memory.
     *
     * @param bytes a whole file
     * @param name what messages call it
     * @throws ImageException if it is not a whole image of a format read here, or beyond the limits
     */
    public static RgbImage read(byte[] bytes, String name, ImageLimits limits) {
        checkBytes(name, bytes.length, limits);
        if (bytes.length == 0) {
            throw new ImageException(name + " is empty; get the file again");
        }
        Content content = new Content(bytes, name);
        if (content.startsWith(0, "\u0089PNG\r\n\u001a\n")) {
            return new PngFile(content).read(limits);
        }
        if (content.startsWith(0, "\u00ff\u00d8\u00ff")) {
            return new JpegFile(content).read(limits);
        }
        if (content.startsWith(0, "GIF87a") || content.startsWith(0, "GIF89a")) {
            return new GifFile(content).read(limits);
        }
        if (content.startsWith(0, "RIFF") && content.startsWith(8, "WEBP")) {
            return new WebpFile(content).read(limits);
        }
        if (content.startsWith(0, "BM")) {
            return new BmpFile(content).read(limits);
        }
        throw notRead(content);
    }

    private static void checkBytes(String name, long bytes, ImageLimits limits) {
        if (bytes > limits.bytes()) {
            throw new ImageException(String.format(Locale.ROOT,
                    "%s has %,d bytes, more than the limit of %,d for an image; scale it down first", name, bytes,
                    limits.bytes()));
        }
    }

    private static ImageException notRead(Content content) {
        String known = null;
        if (content.startsWith(0, "II*\0") || content.startsWith(0, "MM\0*")) {
            known = "a TIFF file";
        } else if (content.startsWith(4, "ftyp")) {
            known = "a HEIF, AVIF or MP4 file";
        } else if (content.startsWith(0, "%PDF")) {
            known = "a PDF file";
        } else if (content.startsWith(0, "<")) {
            known = "an SVG, HTML or XML file";
        }
        if (known != null) {
            return new ImageException(
                    content.name() + " is " + known + ", which is not supported; convert it: " + FORMATS);
        }
        byte[] start = new byte[Math.min(4, content.length())];
        System.arraycopy(content.bytes(), 0, start, 0, start.length);
        boolean printable = new String(start, StandardCharsets.ISO_8859_1).chars().allMatch(c -> c >= ' ' && c <= '~');
        return new ImageException(content.name() + " is not an image: it begins with "
                + (printable
                        ? "'" + new String(start, StandardCharsets.US_ASCII) + "'"
                        : "the bytes " + HexFormat.ofDelimiter(" ").formatHex(start))
                + "; " + FORMATS);
    }
}
