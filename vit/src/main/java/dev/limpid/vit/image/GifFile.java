package dev.limpid.vit.image;

import java.awt.image.BufferedImage;

/** A GIF file: a screen with palette, then blocks, of which the first image counts. */
final class GifFile {
    private static final int HEADER = 13;

    private final Content content;
    private int[] palette;
    private int transparent;

    GifFile(Content content) {
        this.content = content;
    }

    RgbImage read(ImageLimits limits) {
        content.require(0, HEADER);
        int first = HEADER + palette(content.unsigned8(10), HEADER);
        int at = first;
        for (; content.unsigned8(at) != 0x2C; at = extension(at)) {
            if (content.unsigned8(at) != 0x21) {
                throw content.damaged("GIF file (it has no image)");
            }
        }
        int left = content.unsigned16Little(at + 1);
        int top = content.unsigned16Little(at + 3);
        int width = content.unsigned16Little(at + 5);
        int height = content.unsigned16Little(at + 7);
        limits.checkSize(content.name(), width, height);
        // An image that is larger than the screen enlarges it.
        int screenWidth = Math.max(content.unsigned16Little(6), left + width);
        int screenHeight = Math.max(content.unsigned16Little(8), top + height);
        limits.checkSize(content.name(), screenWidth, screenHeight);
        int data = at + 10 + palette(content.unsigned8(at + 9), at + 10);
        int end = endOfBlocks(data + 1);
        Parts image = new Parts().add(content.bytes(), 0, first).add(content.bytes(), at, end - at)
                .add(new byte[]{0x3B});
        BufferedImage decoded = Decoder.image(Decoder.ofJdk("com.sun.imageio.plugins.gif.GIFImageReader"), image,
                content, "GIF");
        return Samples.indexed(decoded.getRaster(), palette == null ? greys() : palette, screenWidth, screenHeight,
                left, top, transparent);
    }

    /** Reads the palette that {@code flags} announce at {@code at}, and returns its length. */
    private int palette(int flags, int at) {
        if ((flags & 0x80) == 0) {
            return 0;
        }
        palette = new int[2 << (flags & 7)];
        for (int i = 0; i < palette.length; i++) {
            palette[i] = content.unsigned16(at + 3 * i) << 8 | content.unsigned8(at + 3 * i + 2);
        }
        return 3 * palette.length;
    }

    private int extension(int at) {
        if (content.unsigned8(at + 1) == 0xF9 && (content.unsigned8(at + 3) & 1) != 0) {
            transparent = content.unsigned8(at + 6);
        }
        return endOfBlocks(at + 2);
    }

    /** Where a row of blocks ends, each with its length before it, the last one empty. */
    private int endOfBlocks(int from) {
        int at = from;
        while (content.unsigned8(at) != 0) {
            at += 1 + content.unsigned8(at);
        }
        return at + 1;
    }

    private static int[] greys() {
        int[] greys = new int[256];
        for (int i = 0; i < greys.length; i++) {
            greys[i] = 0x010101 * i;
        }
        return greys;
    }
}
