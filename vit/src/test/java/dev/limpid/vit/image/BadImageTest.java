package dev.limpid.vit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are no images, not whole, or too large: one sentence with name, finding and remedy. */
class BadImageTest {
    private static RgbImage read(byte[] bytes) {
        return ImageFile.read(bytes, "photo", ImageLimits.DEFAULT);
    }

    private static void refused(byte[] bytes, String message) {
        assertThatThrownBy(() -> read(bytes)).isInstanceOf(ImageException.class).hasMessage(message);
    }

    private static byte[] file(String name) {
        return ImageFixtures.bytes("decoding/" + name);
    }

    private static byte[] cut(byte[] bytes, int less) {
        return Arrays.copyOf(bytes, bytes.length - less);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A PNG whose header says another size, with the checksum right. */
    private static byte[] png(int width, int height) {
        byte[] bytes = file("rgb.png");
        ByteBuffer.wrap(bytes).putInt(16, width).putInt(20, height);
        CRC32 crc = new CRC32();
        crc.update(bytes, 12, 17);
        ByteBuffer.wrap(bytes).putInt(29, (int) crc.getValue());
        return bytes;
    }

    private static byte[] jpeg(int width, int height) {
        byte[] bytes = file("444.jpg");
        int frame = indexOf(bytes, new byte[]{(byte) 0xFF, (byte) 0xC0});
        ByteBuffer.wrap(bytes).putShort(frame + 5, (short) height).putShort(frame + 7, (short) width);
        return bytes;
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        return IntStream.range(0, bytes.length - part.length)
                .filter(at -> Arrays.equals(bytes, at, at + part.length, part, 0, part.length)).findFirst()
                .orElseThrow();
    }

    private static byte[] little(String file, int at, int value, boolean wide) {
        byte[] bytes = file(file);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (wide) {
            buffer.putInt(at, value);
        } else {
            buffer.putShort(at, (short) value);
        }
        return bytes;
    }

    @Test
    void aFileThatIsNotThere(@TempDir Path folder) {
        assertThatThrownBy(() -> ImageFile.read(folder.resolve("cat.png"))).isInstanceOf(ImageException.class)
                .hasMessage(folder.resolve("cat.png") + " does not exist; check the path");
        assertThatThrownBy(() -> ImageFile.read(folder)).isInstanceOf(ImageException.class)
                .hasMessage(folder + " is a directory; name an image in it");
    }

    @Test
    void anEmptyFile(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("cat.png"));
        assertThatThrownBy(() -> ImageFile.read(file)).isInstanceOf(ImageException.class)
                .hasMessage(file + " is empty; get the file again");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {"hello world | is not an image: it begins with 'hell'",
            "x | is not an image: it begins with 'x'",
            "<svg xmlns> | is an SVG, HTML or XML file, which is not supported; convert it",
            "%PDF-1.7 | is a PDF file, which is not supported; convert it",
            "II*\0.... | is a TIFF file, which is not supported; convert it",
            "....ftypavif | is a HEIF, AVIF or MP4 file, which is not supported; convert it",
            "RIFF....WAVE | is not an image: it begins with 'RIFF'"})
    void notAnImage(String start, String finding) {
        String separator = finding.endsWith("it") ? ": " : "; ";
        refused(latin(start), "photo " + finding + separator + "PNG, JPEG, GIF, BMP and WebP are read");
    }

    @Test
    void bytesThatNobodyKnows() {
        refused(new byte[]{(byte) 0xFE, 1, 2, 3, 4}, "photo is not an image: it begins with the bytes fe 01 02 03;"
                + " PNG, JPEG, GIF, BMP and WebP are read");
    }

    static Stream<byte[]> bombs() {
        return Stream.of(png(20_000, 20_000), jpeg(20_000, 20_000),
                little("smaller-than-screen.gif", 6, 20_000 << 16 | 20_000, true), bmp(20_000, 20_000),
                bmp(20_000, -20_000));
    }

    private static byte[] bmp(int width, int height) {
        byte[] bytes = little("rgb.bmp", 18, width, true);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(22, height);
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void twentyThousandSquared(byte[] bytes) {
        refused(bytes, "photo has 20000×20000 pixels, more than the limit of 178,956,970 in all; scale it down first");
    }

    @Test
    void webpCanvasAndImageAreBothLimited() {
        byte[] canvas = file("lossless-exif.webp");
        Arrays.fill(canvas, 24, 30, (byte) 0xFF);
        refused(canvas, "photo has 16777216×16777216 pixels, more than the limit of 178,956,970 in all;"
                + " scale it down first");
        byte[] image = file("lossless.webp");
        Arrays.fill(image, 21, 24, (byte) 0xFF);
        image[24] |= 0x0F;
        refused(image, "photo has 16384×16384 pixels, more than the limit of 178,956,970 in all; scale it down first");
    }

    @Test
    void theLimitIsExactAndCanBeChanged() {
        byte[] bytes = file("rgb.png");
        assertThat(ImageFile.read(bytes, "photo", new ImageLimits(61 * 47, 1 << 20)).width()).isEqualTo(61);
        assertThatThrownBy(() -> ImageFile.read(bytes, "photo", new ImageLimits(61 * 47 - 1, 1 << 20)))
                .hasMessage("photo has 61×47 pixels, more than the limit of 2,866 in all; scale it down first");
        assertThatThrownBy(() -> ImageFile.read(bytes, "photo", new ImageLimits(1 << 20, 100)))
                .isInstanceOf(ImageException.class)
                .hasMessage("photo has " + String.format(Locale.ROOT, "%,d", bytes.length)
                        + " bytes, more than the limit of 100 for an image; scale it down first");
        assertThatThrownBy(() -> new ImageLimits(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ImageLimits(1L << 31, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    static Stream<byte[]> empty() {
        return Stream.of(png(0, 47), jpeg(0, 47),
                little("plain.gif", indexOf(file("plain.gif"), latin(",\0\0\0\0")) + 5, 0, false),
                bmp(0, 47));
    }

    @ParameterizedTest
    @MethodSource("empty")
    void noPixels(byte[] bytes) {
        refused(bytes, "photo has no pixels (0×47); give an image of at least one pixel");
    }

    @Test
    void aNegativeWidthIsNoPixelsEither() {
        refused(bmp(-61, 47), "photo has no pixels (-61×47); give an image of at least one pixel");
    }

    static Stream<Arguments> cuts() {
        return Stream.of("rgb.png", "rgb-interlaced.png", "palette-4.png", "444.jpg", "progressive-420.jpg", "cmyk.jpg",
                "plain.gif", "rgb.bmp", "run-length.bmp", "lossless.webp", "lossy.webp").flatMap(
                        file -> Stream.of(0.02, 0.3, 0.6, 0.9).map(part -> Arguments.of(file, part)));
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void truncated(String name, double part) {
        byte[] bytes = file(name);
        int length = Math.max(12, (int) (bytes.length * part));
        refused(Arrays.copyOf(bytes, length), "photo ends after " + length
                + " bytes, in the middle of the image: it is truncated; get the file again");
    }

    @Test
    void aJpegWithoutItsLastByte() {
        byte[] bytes = file("420.jpg");
        refused(cut(bytes, 1), "photo ends after " + (bytes.length - 1)
                + " bytes, in the middle of the image: it is truncated; get the file again");
    }

    /** Cut and closed again, as by a program that hides the loss. */
    @ParameterizedTest
    @ValueSource(strings = {"444.jpg", "restarts.jpg"})
    void aJpegWhoseEndComesTooEarly(String name) {
        byte[] bytes = Arrays.copyOf(file(name), file(name).length * 2 / 3);
        bytes[bytes.length - 2] = (byte) 0xFF;
        bytes[bytes.length - 1] = (byte) 0xD9;
        refused(bytes, "photo ends after " + bytes.length
                + " bytes, in the middle of the image: it is truncated; get the file again");
    }

    @Test
    void aPngWithTooFewData() {
        byte[] bytes = png(61, 48);
        refused(bytes, "photo ends after " + bytes.length
                + " bytes, in the middle of the image: it is truncated; get the file again");
    }

    @Test
    void aPngWithAWrongChecksum() {
        byte[] bytes = file("rgb.png");
        bytes[bytes.length - 40] ^= 1;
        refused(bytes, "photo is a damaged PNG file (a checksum is wrong);"
                + " get the file again, or save it again as PNG");
    }

    @ParameterizedTest
    @CsvSource({"0xC3, lossless; hierarchical or arithmetic-coded", "0xC9, lossless; hierarchical or arithmetic-coded"})
    void aJpegOfAnotherProcess(String marker, String kind) {
        byte[] bytes = file("444.jpg");
        bytes[indexOf(bytes, new byte[]{(byte) 0xFF, (byte) 0xC0}) + 1] = Integer.decode(marker).byteValue();
        refused(bytes, "photo is a " + kind.replace(';', ',')
                + " JPEG file, which is not supported; save it as a baseline JPEG or as PNG");
    }

    @Test
    void aJpegOfTwelveBitsOrTwoChannels() {
        byte[] bytes = file("444.jpg");
        int frame = indexOf(bytes, new byte[]{(byte) 0xFF, (byte) 0xC0});
        bytes[frame + 9] = 2;
        refused(bytes, "photo is a 2-channel JPEG file, which is not supported; save it as a baseline JPEG or as PNG");
        bytes[frame + 4] = 12;
        refused(bytes, "photo is a 12-bit JPEG file, which is not supported; save it as a baseline JPEG or as PNG");
    }

    @Test
    void aGifWithoutImage() {
        byte[] bytes = file("plain.gif");
        bytes[indexOf(bytes, latin(",\0\0\0\0"))] = 0x3B;
        refused(bytes, "photo is a damaged GIF file (it has no image); get the file again, or save it again as PNG");
    }

    /** Whatever stands in a file: an image or one sentence, and no other exception. */
    @ParameterizedTest
    @ValueSource(strings = {"palette-4.png", "rgba16.png", "exif.png", "420.jpg", "progressive-444.jpg", "ycck.jpg",
            "exif-6.jpg",
            "own-colours.gif", "rgb.bmp", "run-length.bmp", "565.bmp", "lossless-alpha.webp", "lossy-alpha.webp",
            "animated.webp"})
    void damagedBytes(String name) {
        byte[] original = file(name);
        for (long seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            byte[] bytes = original.clone();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                bytes[random.nextInt(4, bytes.length)] = (byte) random.nextInt();
            }
            try {
                ImageFile.read(bytes, "photo", new ImageLimits(1 << 20, 1 << 20));
            } catch (ImageException e) {
                assertThat(e).as("seed %d", seed).hasMessageStartingWith("photo ").hasMessageContaining("; ");
            } catch (RuntimeException e) {
                throw new AssertionError(name + " with seed " + seed, e);
            }
        }
    }
}
