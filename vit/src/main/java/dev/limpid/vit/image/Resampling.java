package dev.limpid.vit.image;

import java.util.Arrays;
import java.util.Optional;

/**
 * The ways of Pillow to compute an image of another size, with the numbers {@code preprocessor_config.json} has for them.
 *
 * <p>
 * All but {@link #NEAREST} weigh the input pixels under a kernel that is stretched by the scale when an image shrinks, so that no pixel is lost
 * (antialiasing). Kernels as in {@code libImaging/Resample.c} of Pillow 12.
 */
public enum Resampling {
    /** The pixel under the centre of the output pixel. */
    NEAREST(0, 0),
    /** {@code sinc(x) · sinc(x / 3)}. */
    LANCZOS(1, 3),
    /** {@code 1 − |x|}. */
    BILINEAR(2, 1),
    /** Keys' cubic convolution with a = −0.5. */
    BICUBIC(3, 2),
    /** 1: the mean of the pixels covered. */
    BOX(4, 0.5),
    /** {@code sinc(x) · (0.54 + 0.46 cos πx)}. */
    HAMMING(5, 1);

    private final int code;
    private final double support;

    Resampling(int code, double support) {
        this.code = code;
        this.support = support;
    }

    /** Pillow's number for it. */
    public int code() {
        return code;
    }

    /** The one with this number of Pillow's. */
    public static Optional<Resampling> ofCode(int code) {
        return Arrays.stream(values()).filter(resampling -> resampling.code == code).findFirst();
    }

    /**
     * The image in another size, byte for byte as {@code Image.resize((width, height), resample)} of Pillow gives it.
     *
     * @param width of the result, from 1 on
     * @param height of the result, from 1 on
     */
    public RgbImage resize(RgbImage image, int width, int height) {
        if (width == image.width() && height == image.height()) {
            return image;
        }
        return this == NEAREST ? Resizer.nearest(image, width, height) : Resizer.resample(image, width, height, this);
    }

    /** How far from the centre the kernel reaches, in output pixels where an image shrinks and in input pixels where it grows. */
    double support() {
        return support;
    }

    /** The kernel's value at distance {@code x} from its centre. */
    double weight(double x) {
        double distance = Math.abs(x);
        return switch (this) {
            case NEAREST -> throw new IllegalStateException("nearest has no kernel");
            case BOX -> x > -0.5 && x <= 0.5 ? 1 : 0;
            case BILINEAR -> distance < 1 ? 1 - distance : 0;
            case HAMMING -> hamming(distance);
            case BICUBIC -> bicubic(distance);
            case LANCZOS -> x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
        };
    }

    private static double hamming(double distance) {
        if (distance == 0) {
            return 1;
        }
        // Pillow has the two constants in single precision, and so they must be here.
        return distance >= 1 ? 0 : sinc(distance) * (0.54f + 0.46f * StrictMath.cos(distance * Math.PI));
    }

    private static double bicubic(double distance) {
        double a = -0.5;
        if (distance < 1) {
            return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
        }
        return distance < 2 ? (((distance - 5) * distance + 8) * distance - 4) * a : 0;
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : StrictMath.sin(x * Math.PI) / (x * Math.PI);
    }
}
