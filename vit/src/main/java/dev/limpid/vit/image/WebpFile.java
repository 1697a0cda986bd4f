package dev.limpid.vit.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A WebP file: RIFF chunks of name, length and data. */
final class WebpFile {
    private static final int RIFF_HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int ANIMATION_FRAME_HEADER = 16;

    private final Content content;
    /** Where the chunk with the first image begins. */
    private int image = -1;
    private int canvasWidth;
    private int canvasHeight;
    private int left;
    private int top;
    private byte[] exif;
    private byte[] xmp;

    WebpFile(Content content) {
        this.content = content;
    }

    RgbImage read(ImageLimits limits) {
        long end = CHUNK_HEADER + content.unsigned32Little(4);
        content.require(0, end);
        walk(RIFF_HEADER, (int) end);
        if (image < 0) {
            throw content.damaged("WebP file (it has no image)");
        }
        int data = image + CHUNK_HEADER;
        boolean lossless = content.startsWith(image, "VP8L");
        long bits = lossless ? content.unsigned32Little(data + 1) : 0;
        int width = lossless ? (int) (bits & 0x3FFF) + 1 : content.unsigned16Little(data + 6) & 0x3FFF;
        int height = lossless ? (int) (bits >> 14 & 0x3FFF) + 1 : content.unsigned16Little(data + 8) & 0x3FFF;
        limits.checkSize(content.name(), width, height);
        canvasWidth = Math.max(canvasWidth, left + width);
        canvasHeight = Math.max(canvasHeight, top + height);
        limits.checkSize(content.name(), canvasWidth, canvasHeight);
        RgbImage rgb = decode();
        return Orientation.apply(onCanvas(rgb), Orientation.of(exif, xmp));
    }

    private void walk(int from, int end) {
        for (int at = from; at + CHUNK_HEADER <= end;) {
            long length = content.unsigned32Little(at + 4);
            content.require(at, CHUNK_HEADER + length);
            int data = at + CHUNK_HEADER;
            switch (new String(content.bytes(), at, 4, StandardCharsets.ISO_8859_1)) {
                case "VP8X" -> {
                    canvasWidth = content.unsigned24Little(data + 4) + 1;
                    canvasHeight = content.unsigned24Little(data + 7) + 1;
                }
                case "VP8 ", "VP8L" -> image = image < 0 ? at : image;
                case "ANMF" -> {
                    if (image < 0) {
                        left = 2 * content.unsigned24Little(data);
                        top = 2 * content.unsigned24Little(data + 3);
                        walk(data + ANIMATION_FRAME_HEADER, data + (int) length);
                    }
                }
                case "EXIF" -> exif = content.part(data, (int) length);
                case "XMP " -> xmp = content.part(data, (int) length);
                default -> {
                }
            }
            at = data + (int) (length + (length & 1));
        }
    }

    /** Decodes a file of nothing but the image, without the alpha and the colour profile beside it. */
    private RgbImage decode() {
        int length = (int) content.unsigned32Little(image + 4);
        int padded = CHUNK_HEADER + length + (length & 1);
        byte[] riff = ByteBuffer.allocate(RIFF_HEADER).order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(4 + padded)
                .put("WEBP".getBytes(StandardCharsets.US_ASCII)).array();
        Parts parts = new Parts().add(riff).add(content.bytes(), image, CHUNK_HEADER + length)
                .add(new byte[length & 1]);
        BufferedImage decoded = Decoder.image(new WebPImageReaderSpi(), parts, content, "WebP");
        return Samples.rgb(decoded.getRaster(), decoded.getColorModel(), content.name());
    }

    private RgbImage onCanvas(RgbImage frame) {
        if (frame.width() == canvasWidth && frame.height() == canvasHeight) {
            return frame;
        }
        byte[] rgb = new byte[3 * canvasWidth * canvasHeight];
        for (int y = 0; y < frame.height(); y++) {
            System.arraycopy(frame.rgb(), 3 * y * frame.width(), rgb, 3 * ((top + y) * canvasWidth + left),
                    3 * frame.width());
        }
        return new RgbImage(canvasWidth, canvasHeight, rgb);
    }
}
