package dev.limpid.vit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RgbImageTest {
    private static RgbImage random(int width, int height, long seed) {
        byte[] rgb = new byte[3 * width * height];
        new Random(seed).nextBytes(rgb);
        return new RgbImage(width, height, rgb);
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_BGR, BufferedImage.TYPE_INT_ARGB,
            BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_4BYTE_ABGR})
    void thereAndBack(int type) {
        RgbImage image = random(7, 5, 1);
        BufferedImage java = image.toBufferedImage();
        BufferedImage other = new BufferedImage(7, 5, type);
        for (int y = 0; y < 5; y++) {
            for (int x = 0; x < 7; x++) {
                other.setRGB(x, y, java.getRGB(x, y));
            }
        }
        assertThat(RgbImage.of(java)).isEqualTo(image).hasSameHashCodeAs(image);
        assertThat(RgbImage.of(other)).isEqualTo(image);
        assertThat(image.packed(6, 4)).isEqualTo(java.getRGB(6, 4) & 0xFFFFFF);
    }

    @Test
    void partsOfImagesKeepTheirPlace() {
        RgbImage image = random(7, 5, 2);
        RgbImage part = RgbImage.of(image.toBufferedImage().getSubimage(2, 1, 4, 3));
        assertThat(part.packed(3, 2)).isEqualTo(image.packed(5, 3));
    }

    @Test
    void alphaIsDroppedAndTakenOutOfProducts() {
        BufferedImage straight = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
        straight.setRGB(0, 0, 0x20C86432);
        assertThat(RgbImage.of(straight).packed(0, 0)).isEqualTo(0xC86432);
        BufferedImage product = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB_PRE);
        product.setRGB(0, 0, 0x80C80000);
        assertThat(RgbImage.of(product).packed(0, 0) >> 16).isBetween(0xC6, 0xCA);
    }

    @Test
    void noColourSpaceIsConverted() {
        ColorModel linear = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB), false, false,
                Transparency.OPAQUE, DataBuffer.TYPE_BYTE);
        WritableRaster raster = linear.createCompatibleWritableRaster(1, 1);
        raster.setPixel(0, 0, new int[]{10, 100, 200});
        BufferedImage image = new BufferedImage(linear, raster, false, null);
        assertThat(image.getRGB(0, 0)).isNotEqualTo(0xFF0A64C8);
        assertThat(RgbImage.of(image).packed(0, 0)).isEqualTo(0x0A64C8);
        BufferedImage grey = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
        grey.getRaster().setSample(0, 0, 0, 0xABCD);
        assertThat(RgbImage.of(grey).packed(0, 0)).isEqualTo(0xABABAB);
        BufferedImage packed = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_565_RGB);
        packed.getRaster().setPixel(0, 0, new int[]{31, 32, 1});
        assertThat(RgbImage.of(packed).packed(0, 0)).isEqualTo(255 << 16 | 129 << 8 | 8);
    }

    @Test
    void imagesThatAreNeitherGreyNorColour() {
        ColorModel floats = new ComponentColorModel(
                new ICC_ColorSpace(ICC_Profile.getInstance(ColorSpace.CS_sRGB)), false, false, Transparency.OPAQUE,
                DataBuffer.TYPE_FLOAT);
        WritableRaster raster = Raster.createWritableRaster(floats.createCompatibleSampleModel(1, 1), null);
        assertThatThrownBy(() -> RgbImage.of(new BufferedImage(floats, raster, false, null)))
                .isInstanceOf(ImageException.class)
                .hasMessage("the image has samples that are not whole numbers of 8 or 16 bits; convert it to 8");
    }

    @Test
    void greyStaysGrey() {
        for (int level = 0; level < 256; level++) {
            byte sample = (byte) level;
            RgbImage grey = new RgbImage(1, 1, new byte[]{sample, sample, sample});
            assertThat(grey.grey()).isEqualTo(grey);
        }
        assertThat(new RgbImage(1, 1, new byte[]{(byte) 255, 0, 0}).grey().packed(0, 0)).isEqualTo(0x4C4C4C);
    }

    @Test
    void sizesMustFit() {
        assertThatThrownBy(() -> new RgbImage(2, 2, new byte[11])).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2×2 pixels of three bytes need 12 bytes, not 11");
        assertThatThrownBy(() -> new RgbImage(0, 2, new byte[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PixelValues(3, 1, 1, new float[2])).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("(3, 1, 1) needs 3 values, not 2");
    }
}
