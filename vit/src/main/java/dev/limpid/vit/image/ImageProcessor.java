package dev.limpid.vit.image;

import dev.limpid.nn.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * From a decoded image to the numbers a vision model takes in: resize, cut out the middle, rescale, normalise, as a model's
 * {@code preprocessor_config.json} says.
 *
 * <p>
 * The bytes before rescaling are those of {@code ViTImageProcessorPil} and {@code DeiTImageProcessorPil} of transformers 5.18, which resize with Pillow; the
 * numbers are computed as there, {@code (float) (byte · factor)} in double precision and {@code (value − mean) / std} in single. Safe for use by many threads.
 */
public final class ImageProcessor {
    private final ImageProcessorConfig config;
    private final int channels;
    private final ImageLimits limits;
    /** The normalised value of every byte, channel after channel: nothing else enters into it. */
    private final float[][] values;

    /**
     * What {@link #process} gives.
     *
     * @param resized the image after resizing and cropping, before rescaling; grey in all three channels for a model of one
     * @param values (C, H, W)
     */
    public record Processed(RgbImage resized, PixelValues values) {}

    /**
     * A processor for models of {@code channels} channels.
     *
     * @param channels 3, or 1 for grey
     * @throws ModelException if mean or standard deviation have another number of channels
     */
    public ImageProcessor(ImageProcessorConfig config, int channels) {
        this(config, channels, "the configuration");
    }

    private ImageProcessor(ImageProcessorConfig config, int channels, String file) {
        config.requireChannels(channels, file);
        this.config = config;
        this.channels = channels;
        this.limits = ImageLimits.DEFAULT;
        this.values = new float[channels][];
        for (int c = 0; c < channels; c++) {
            values[c] = table(config, c);
        }
    }

    /**
     * Reads {@code preprocessor_config.json} of a model directory, for a model of red, green and blue.
     *
     * @throws ModelException if the file is missing, malformed, or asks for what is not supported
     */
    public static ImageProcessor read(Path directory) {
        return read(directory, 3);
    }

    /**
     * Reads {@code preprocessor_config.json} of a model directory.
     *
     * @param channels {@code num_channels} of the model: 3, or 1 for grey, which images are converted to as by {@code convert("L")} of Pillow
     * @throws ModelException if the file is missing, malformed, or asks for what is not supported
     */
    public static ImageProcessor read(Path directory, int channels) {
        if (!Files.isDirectory(directory)) {
            throw new ModelException(directory + " is not a directory; give the folder of a Hugging Face checkpoint");
        }
        return new ImageProcessor(ImageProcessorConfigReader.read(directory), channels, directory.toString());
    }

    private static float[] table(ImageProcessorConfig config, int channel) {
        float[] table = new float[256];
        for (int sample = 0; sample < table.length; sample++) {
            float value = config.rescale() == null ? sample : (float) (sample * config.rescale());
            if (config.normalisation() != null) {
                double[] mean = config.normalisation().mean();
                double[] std = config.normalisation().std();
                value = (value - (float) mean[mean.length == 1 ? 0 : channel])
                        / (float) std[std.length == 1 ? 0 : channel];
            }
            table[sample] = value;
        }
        return table;
    }

    /** The steps and their numbers. */
    public ImageProcessorConfig config() {
        return config;
    }

    /** How many channels its results have. */
    public int channels() {
        return channels;
    }

    /**
     * All steps.
     *
     * @throws ImageException if the image is so elongated that its resized form is beyond {@link ImageLimits#DEFAULT}
     */
    public Processed process(RgbImage image) {
        RgbImage resized = crop(resize(channels == 1 ? image.grey() : image));
        return new Processed(resized, normalise(resized));
    }

    /** Rescales and normalises an image that has its size already, as a baseline has it that was made from {@link Processed#resized}. */
    public PixelValues normalise(RgbImage image) {
        RgbImage samples = channels == 1 ? image.grey() : image;
        int pixels = image.width() * image.height();
        float[] result = new float[channels * pixels];
        for (int c = 0; c < channels; c++) {
            float[] table = values[c];
            for (int pixel = 0; pixel < pixels; pixel++) {
                result[c * pixels + pixel] = table[samples.rgb()[3 * pixel + c] & 0xFF];
            }
        }
        return new PixelValues(channels, image.height(), image.width(), result);
    }

    /**
     * The normalised values of one colour, as many as there are channels.
     *
     * @param red 0..255, and so the others
     */
    public float[] normalise(int red, int green, int blue) {
        return normalise(new RgbImage(1, 1, new byte[]{(byte) red, (byte) green, (byte) blue})).values();
    }

    private RgbImage resize(RgbImage image) {
        if (config.size() == null) {
            return image;
        }
        TargetSize.Extent size = config.size().of(image.height(), image.width());
        limits.checkSize("the image of " + image.width() + "×" + image.height() + " pixels, resized as " + config.type()
                + " is to do it,", size.width(), size.height());
        return config.resampling().resize(image, (int) size.width(), (int) size.height());
    }

    /** The middle of an image, black where it is smaller; one pixel more is left out (or black) at the bottom or right than at the top or left. */
    private RgbImage crop(RgbImage image) {
        if (config.crop() == null) {
            return image;
        }
        int height = config.crop().height();
        int width = config.crop().width();
        limits.checkSize("crop_size", width, height);
        int top = Math.floorDiv(image.height() - height, 2);
        int left = Math.floorDiv(image.width() - width, 2);
        byte[] rgb = new byte[3 * width * height];
        int from = Math.max(left, 0);
        int count = Math.min(left + width, image.width()) - from;
        for (int y = Math.max(-top, 0); y < Math.min(height, image.height() - top); y++) {
            System.arraycopy(image.rgb(), 3 * ((y + top) * image.width() + from), rgb, 3 * (y * width + from - left),
                    3 * count);
        }
        return new RgbImage(width, height, rgb);
    }
}
