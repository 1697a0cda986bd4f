package dev.limpid.attribution.explain;

import dev.limpid.vit.image.ImageProcessor;
import dev.limpid.vit.image.PixelValues;
import dev.limpid.vit.image.RgbImage;
import java.util.Locale;

/** What the path of an image starts from: an image that shows nothing of what is to be explained. */
public sealed interface ImageBaseline {
    /** Zero in normalised values: the mean colour that the processor subtracts. What captum and transformers-interpret take. */
    ImageBaseline ZERO = new Zero();
    /** All pixels black. */
    ImageBaseline BLACK = new Colour("black", 0, 0, 0);
    /** All pixels white. */
    ImageBaseline WHITE = new Colour("white", 255, 255, 255);
    /** All pixels of the middle grey, 128. */
    ImageBaseline GREY = new Colour("grey", 128, 128, 128);

    /** The image blurred, with a standard deviation of a tenth of its longer side. */
    ImageBaseline BLURRED = new Blurred(0);

    /** Its name in options and documents. */
    String id();

    /**
     * The baseline of an image.
     *
     * @param processor the model's
     * @param image the processed image
     * @return (C, H, W), normalised
     */
    double[] values(ImageProcessor processor, PixelValues image);

    /** The baseline of one of the constants' names. */
    static ImageBaseline named(String id) {
        return switch (id) {
            case "zero" -> ZERO;
            case "black" -> BLACK;
            case "white" -> WHITE;
            case "grey" -> GREY;
            case "blurred" -> BLURRED;
            default -> throw new IllegalArgumentException("there is no baseline '" + id
                    + "'; known are zero, black, white, grey, blurred, and any image file");
        };
    }

    /** Another image, resized as the model's processor does. */
    static ImageBaseline of(RgbImage image, String name) {
        return new Picture(image, name);
    }

    /** The image blurred with a standard deviation of {@code sigma} pixels of the model's input. */
    static ImageBaseline blurred(double sigma) {
        if (!(sigma > 0) || sigma == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("a blur needs a standard deviation above 0, not " + sigma);
        }
        return new Blurred(sigma);
    }

    /** See {@link #ZERO}. */
    record Zero() implements ImageBaseline {
        @Override
        public String id() {
            return "zero";
        }

        @Override
        public double[] values(ImageProcessor processor, PixelValues image) {
            return new double[image.values().length];
        }
    }

    /** One colour everywhere. */
    record Colour(String id, int red, int green, int blue) implements ImageBaseline {
        @Override
        public double[] values(ImageProcessor processor, PixelValues image) {
            float[] colour = processor.normalise(red, green, blue);
            double[] values = new double[image.values().length];
            for (int i = 0; i < values.length; i++) {
                values[i] = colour[i / (image.height() * image.width())];
            }
            return values;
        }
    }

    /** See {@link #of}. */
    record Picture(RgbImage image, String name) implements ImageBaseline {
        @Override
        public String id() {
            return name;
        }

        @Override
        public double[] values(ImageProcessor processor, PixelValues of) {
            return doubles(processor.process(image).values().values());
        }
    }

    /**
     * See {@link #blurred(double)}.
     *
     * @param sigma in pixels; 0 for a tenth of the longer side
     */
    record Blurred(double sigma) implements ImageBaseline {
        @Override
        public String id() {
            return sigma == 0 ? "blurred" : String.format(Locale.ROOT, "blurred(%s)", sigma);
        }

        @Override
        public double[] values(ImageProcessor processor, PixelValues image) {
            double spread = sigma == 0 ? Math.max(image.height(), image.width()) / 10.0 : sigma;
            double[] x = doubles(image.values());
            for (int c = 0; c < image.channels(); c++) {
                int from = c * image.height() * image.width();
                for (int y = 0; y < image.height(); y++) {
                    blurLine(x, from + y * image.width(), 1, image.width(), spread);
                }
                for (int column = 0; column < image.width(); column++) {
                    blurLine(x, from + column, image.width(), image.height(), spread);
                }
            }
            return x;
        }

        /** One line of a separable Gaussian filter; beyond the ends the last pixel goes on. */
        private static void blurLine(double[] x, int from, int step, int count, double sigma) {
            int reach = (int) Math.ceil(3 * sigma);
            double[] kernel = new double[reach + 1];
            double sum = 0;
            for (int d = 0; d <= reach; d++) {
                kernel[d] = Math.exp(-d * d / (2 * sigma * sigma));
                sum += d == 0 ? 1 : 2 * kernel[d];
            }
            double[] line = new double[count];
            for (int i = 0; i < count; i++) {
                for (int d = -reach; d <= reach; d++) {
                    line[i] += kernel[Math.abs(d)] / sum * x[from + Math.clamp(i + d, 0, count - 1) * step];
                }
            }
            for (int i = 0; i < count; i++) {
                x[from + i * step] = line[i];
            }
        }
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }
}
