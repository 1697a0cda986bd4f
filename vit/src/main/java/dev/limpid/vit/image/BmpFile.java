package dev.limpid.vit.image;

import java.awt.image.BufferedImage;

/** A BMP file of Windows or OS/2. */
final class BmpFile {
    private static final int OS2_HEADER = 12;

    private final Content content;

    BmpFile(Content content) {
        this.content = content;
    }

    RgbImage read(ImageLimits limits) {
        content.require(0, 26);
        long header = content.unsigned32Little(14);
        long width;
        long height;
        if (header == OS2_HEADER) {
            width = content.unsigned16Little(18);
            height = content.unsigned16Little(20);
        } else {
            content.require(0, 34);
            width = (int) content.unsigned32Little(18);
            // Negative where the rows go from the top down.
            height = Math.abs((long) (int) content.unsigned32Little(22));
            if (content.unsigned32Little(30) == 4 || content.unsigned32Little(30) == 5) {
                throw new ImageException(content.name()
                        + " is a BMP file with a JPEG or PNG image inside, which is not supported; save it as PNG");
            }
        }
        limits.checkSize(content.name(), width, height);
        BufferedImage decoded = Decoder.image(Decoder.ofJdk("com.sun.imageio.plugins.bmp.BMPImageReader"),
                new Parts().add(content.bytes()), content, "BMP");
        return Samples.rgb(decoded.getRaster(), decoded.getColorModel(), content.name());
    }
}
