package dev.limpid.vit.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.InflaterInputStream;

/** A PNG file: chunks of length, name, data and checksum. */
final class PngFile {
    private static final int SIGNATURE = 8;
    /** Length and name before, checksum after the data. */
    private static final int FRAME = 12;
    private static final int PALETTE = 3;
    /** The most bytes of an unpacked profile: EXIF data come from a JPEG segment of 64 KiB, twice that in hexadecimal. */
    private static final int MAX_PROFILE = 1 << 18;

    private final Content content;
    private final Parts image = new Parts();
    private int[] palette = {};
    private byte[] exif;
    private byte[] rawExif;
    private byte[] xmp;

    PngFile(Content content) {
        this.content = content;
    }

    RgbImage read(ImageLimits limits) {
        if (!content.startsWith(SIGNATURE + 4, "IHDR")) {
            content.require(SIGNATURE, FRAME + 13);
            throw content.damaged("PNG file (it does not begin with IHDR)");
        }
        content.require(SIGNATURE, FRAME + 13);
        limits.checkSize(content.name(), content.unsigned32(SIGNATURE + 8), content.unsigned32(SIGNATURE + 12));
        image.add(content.bytes(), 0, SIGNATURE);
        walk();
        BufferedImage decoded = Decoder.image(Decoder.ofJdk("com.sun.imageio.plugins.png.PNGImageReader"), image,
                content, "PNG");
        RgbImage rgb = content.unsigned8(SIGNATURE + 17) == PALETTE
                ? Samples.indexed(decoded.getRaster(), palette, decoded.getWidth(), decoded.getHeight(), 0, 0, 0)
                : Samples.rgb(decoded.getRaster(), decoded.getColorModel(), content.name());
        return Orientation.apply(rgb, Orientation.of(exif != null ? exif : rawExif, xmp));
    }

    /** Keeps header, palette and data for the decoder, and the orientation; a missing end is no harm, as in Pillow. */
    private void walk() {
        for (int at = SIGNATURE; at < content.length();) {
            long length = content.unsigned32(at);
            content.require(at, FRAME + length);
            int data = at + 8;
            String name = new String(content.bytes(), at + 4, 4, StandardCharsets.ISO_8859_1);
            switch (name) {
                case "IHDR", "IDAT", "IEND" -> keep(at, (int) length);
                case "PLTE" -> {
                    keep(at, (int) length);
                    palette = colours(data, (int) length / 3);
                }
                case "eXIf" -> exif = content.part(data, (int) length);
                case "iTXt" -> international(content.part(data, (int) length));
                case "tEXt", "zTXt" -> text(content.part(data, (int) length), name.equals("zTXt"));
                default -> {
                }
            }
            if (name.equals("IEND")) {
                return;
            }
            at += FRAME + (int) length;
        }
        image.add(new byte[]{0, 0, 0, 0, 'I', 'E', 'N', 'D', (byte) 0xAE, 0x42, 0x60, (byte) 0x82});
    }

    private void keep(int at, int length) {
        CRC32 crc = new CRC32();
        crc.update(content.bytes(), at + 4, 4 + length);
        if (crc.getValue() != content.unsigned32(at + 8 + length)) {
            throw content.damaged("PNG file (a checksum is wrong)");
        }
        image.add(content.bytes(), at, FRAME + length);
    }

    private int[] colours(int at, int count) {
        int[] colours = new int[count];
        for (int i = 0; i < count; i++) {
            colours[i] = content.unsigned16(at + 3 * i) << 8 | content.unsigned8(at + 3 * i + 2);
        }
        return colours;
    }

    private void international(byte[] text) {
        String keyword = "XML:com.adobe.xmp\0\0";
        if (new Content(text, "iTXt").startsWith(0, keyword)) {
            xmp = text;
        }
    }

    /** Where ImageMagick and exiftool put EXIF data into a PNG: hexadecimal, after three lines. */
    private void text(byte[] text, boolean packed) {
        String keyword = "Raw profile type exif\0";
        if (!new Content(text, "text").startsWith(0, keyword)) {
            return;
        }
        int from = keyword.length() + (packed ? 1 : 0);
        if (from > text.length) {
            return;
        }
        try (ByteArrayInputStream rest = new ByteArrayInputStream(text, from, text.length - from)) {
            byte[] profile = (packed ? new InflaterInputStream(rest) : rest).readNBytes(MAX_PROFILE);
            String[] lines = new String(profile, StandardCharsets.ISO_8859_1).split("\n", 4);
            rawExif = HexFormat.of().parseHex(lines.length == 4 ? lines[3].replaceAll("\\s", "") : "");
        } catch (IOException | IllegalArgumentException e) {
            rawExif = null;
        }
    }
}
