package dev.limpid.vit.image;

import java.awt.image.Raster;
import java.util.Arrays;

/** A JPEG file: segments that a marker begins. */
final class JpegFile {
    private static final int START_OF_FRAME = 0xC0;
    private static final int START_OF_SCAN = 0xDA;
    private static final int END_OF_IMAGE = 0xD9;
    private static final int NO_TRANSFORM = -1;

    private final Content content;
    private final Parts image = new Parts();
    private int frame = -1;
    private boolean jfif;
    private int adobeTransform = NO_TRANSFORM;
    private byte[] exif;
    private byte[] xmp;

    JpegFile(Content content) {
        this.content = content;
    }

    RgbImage read(ImageLimits limits) {
        image.add(content.bytes(), 0, 2);
        int at = 2;
        for (int marker = marker(at); marker != END_OF_IMAGE; marker = marker(at)) {
            at = segment(at + 2, marker, limits);
            while (content.unsigned8(at) == 0xFF && content.unsigned8(at + 1) == 0xFF) {
                at++;
            }
        }
        if (frame < 0) {
            throw content.damaged("JPEG file (it has no image)");
        }
        image.add(content.bytes(), at, 2);
        Raster raster = Decoder.raster(Decoder.ofJdk("com.sun.imageio.plugins.jpeg.JPEGImageReader"), image, content,
                "JPEG");
        return Orientation.apply(colours(raster), Orientation.of(exif, xmp));
    }

    private int marker(int at) {
        if (content.unsigned8(at) != 0xFF) {
            throw content.damaged("JPEG file (no marker after byte " + at + ")");
        }
        return content.unsigned8(at + 1);
    }

    /** Takes in the segment whose marker ends before {@code at}, and returns where the next one begins. */
    private int segment(int at, int marker, ImageLimits limits) {
        if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
            return at;
        }
        int length = content.unsigned16(at);
        if (length < 2) {
            throw content.damaged("JPEG file (a segment of " + length + " bytes)");
        }
        content.require(at, length);
        int end = at + length;
        if (marker == START_OF_SCAN) {
            end = endOfScan(end);
        } else if ((marker >= 0xE0 && marker <= 0xEF) || marker == 0xFE) {
            application(marker, at + 2, length - 2);
            return end;
        } else if (marker >= START_OF_FRAME && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
            frame(at, marker, limits);
        }
        image.add(content.bytes(), at - 2, end - at + 2);
        return end;
    }

    /** The first marker after the entropy-coded data, in which 0xFF stands before 0 or a restart marker only. */
    private int endOfScan(int from) {
        byte[] bytes = content.bytes();
        for (int at = from; at + 1 < bytes.length; at++) {
            int next = bytes[at + 1] & 0xFF;
            if (bytes[at] == (byte) 0xFF && next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) {
                return at;
            }
        }
        throw content.truncated();
    }

    private void frame(int at, int marker, ImageLimits limits) {
        int components = content.unsigned8(at + 7);
        int precision = content.unsigned8(at + 2);
        String kind = marker > START_OF_FRAME + 2
                ? "lossless, hierarchical or arithmetic-coded"
                : precision != 8
                        ? precision + "-bit"
                        : components != 1 && components != 3 && components != 4 ? components + "-channel" : null;
        if (kind != null) {
            throw new ImageException(content.name() + " is a " + kind
                    + " JPEG file, which is not supported; save it as a baseline JPEG or as PNG");
        }
        if (frame >= 0) {
            throw content.damaged("JPEG file (it has two images in one)");
        }
        content.require(at, 8 + 3L * components);
        limits.checkSize(content.name(), content.unsigned16(at + 5), content.unsigned16(at + 3));
        frame = at;
    }

    private void application(int marker, int at, int length) {
        if (marker == 0xE0 && length >= 14 && content.startsWith(at, "JFIF\0")) {
            jfif = true;
        } else if (marker == 0xEE && length >= 12 && content.startsWith(at, "Adobe")) {
            adobeTransform = content.unsigned8(at + 11);
        } else if (marker == 0xE1 && length >= 6 && content.startsWith(at, "Exif\0\0")) {
            byte[] part = content.part(at, length);
            if (exif == null) {
                exif = part;
            } else {
                // More than one segment holds goes on in the next, after the same name.
                byte[] joined = Arrays.copyOf(exif, exif.length + length - 6);
                System.arraycopy(part, 6, joined, exif.length, length - 6);
                exif = joined;
            }
        } else if (marker == 0xE1 && content.startsWith(at, "http://ns.adobe.com/xap/1.0/\0")) {
            xmp = content.part(at, length);
        }
    }

    private RgbImage colours(Raster raster) {
        int components = content.unsigned8(frame + 7);
        int width = raster.getWidth();
        byte[] rgb = new byte[3 * width * raster.getHeight()];
        boolean luma = components == 3 ? isYcc() : adobeTransform > 0;
        boolean[] tall = tallComponents(raster, components);
        int[] row = new int[components * width];
        int[] neighbour = new int[components * width];
        for (int y = 0, at = 0; y < raster.getHeight(); y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int c = 0; c < components; c++) {
                if (tall[c]) {
                    raster.getPixels(0, neighbouring(y, raster.getHeight()), width, 1, neighbour);
                    smooth(row, neighbour, c, components, 1 + y % 2);
                }
            }
            for (int x = 0; x < width; x++, at += 3) {
                switch (components) {
                    case 1 -> Arrays.fill(rgb, at, at + 3, (byte) row[x]);
                    case 3 -> three(row, 3 * x, luma, rgb, at);
                    default -> four(row, 4 * x, luma, rgb, at);
                }
            }
        }
        return new RgbImage(width, raster.getHeight(), rgb);
    }

    /**
     * Which components have all columns but only every second row, as a photo of 4:2:2 has that was turned without loss, and have had their rows repeated.
     *
     * <p>
     * Those alone the libjpeg of the JDK (6b) enlarges so, where the libjpeg-turbo of Pillow, and of a JDK that was built with it, interpolates.
     */
    private boolean[] tallComponents(Raster raster, int components) {
        int most = 0;
        for (int c = 0; c < components; c++) {
            most = Math.max(most, sampling(c) & 15);
        }
        boolean[] tall = new boolean[components];
        for (int c = 0; c < components; c++) {
            tall[c] = 2 * (sampling(c) & 15) == most && sampling(c) >> 4 == widest(components)
                    && rowsAreRepeated(raster, c);
        }
        return tall;
    }

    private static boolean rowsAreRepeated(Raster raster, int component) {
        int[] one = new int[raster.getWidth()];
        int[] other = new int[raster.getWidth()];
        for (int y = 0; y + 1 < raster.getHeight(); y += 2) {
            raster.getSamples(0, y, one.length, 1, component, one);
            raster.getSamples(0, y + 1, one.length, 1, component, other);
            if (!Arrays.equals(one, other)) {
                return false;
            }
        }
        return true;
    }

    private int widest(int components) {
        int most = 0;
        for (int c = 0; c < components; c++) {
            most = Math.max(most, sampling(c) >> 4);
        }
        return most;
    }

    /** Horizontal factor in the upper, vertical in the lower four bits. */
    private int sampling(int component) {
        return content.unsigned8(frame + 9 + 3 * component);
    }

    /** Where the sample stands that is next nearest to row {@code y}, of samples that have two rows each. */
    private static int neighbouring(int y, int height) {
        int other = y % 2 == 0 ? y / 2 - 1 : y / 2 + 1;
        return 2 * Math.clamp(other, 0, (height - 1) / 2);
    }

    private static void smooth(int[] row, int[] neighbour, int component, int components, int bias) {
        for (int i = component; i < row.length; i += components) {
            row[i] = (3 * row[i] + neighbour[i] + bias) >> 2;
        }
    }

    /** Whether three components are luma and chroma: what libjpeg makes of the markers and of the components' names. */
    private boolean isYcc() {
        if (jfif) {
            return true;
        }
        if (adobeTransform != NO_TRANSFORM) {
            return adobeTransform != 0;
        }
        return content.unsigned8(frame + 8) != 'R' || content.unsigned8(frame + 11) != 'G'
                || content.unsigned8(frame + 14) != 'B';
    }

    private static void three(int[] in, int from, boolean luma, byte[] rgb, int at) {
        if (luma) {
            fromYcc(in[from], in[from + 1] - 128, in[from + 2] - 128, rgb, at);
        } else {
            for (int c = 0; c < 3; c++) {
                rgb[at + c] = (byte) in[from + c];
            }
        }
    }

    /** Inks as Adobe stores them, 255 for none: {@code R = C K / 255}, and so on, rounded as Pillow's {@code cmyk2rgb} does it. */
    private static void four(int[] in, int from, boolean luma, byte[] rgb, int at) {
        three(in, from, luma, rgb, at);
        int paper = in[from + 3];
        for (int c = 0; c < 3; c++) {
            // The colours that YCCK stands for are those of the ink, the complement of what the file holds for CMYK.
            int ink = luma ? rgb[at + c] & 0xFF : 255 - (rgb[at + c] & 0xFF);
            int product = ink * paper + 128;
            rgb[at + c] = (byte) Math.clamp(paper - (((product >> 8) + product) >> 8), 0, 255);
        }
    }

    /** The conversion of JFIF with 16 bits after the point, each product rounded as in libjpeg's {@code jdcolor.c}. */
    private static void fromYcc(int y, int cb, int cr, byte[] rgb, int at) {
        rgb[at] = (byte) Math.clamp(y + ((91881 * cr + 32768) >> 16), 0, 255);
        rgb[at + 1] = (byte) Math.clamp(y + ((-46802 * cr - 22554 * cb + 32768) >> 16), 0, 255);
        rgb[at + 2] = (byte) Math.clamp(y + ((116130 * cb + 32768) >> 16), 0, 255);
    }
}
