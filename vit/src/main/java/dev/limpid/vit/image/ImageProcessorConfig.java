package dev.limpid.vit.image;

import dev.limpid.nn.ModelException;

/**
 * What {@code preprocessor_config.json} asks for, in the order it is done; a step that is off has {@code null}.
 *
 * @param type the processor's class in transformers, without the ending that names its implementation
 * @param size what {@code do_resize} resizes to, or null
 * @param resampling how
 * @param crop the middle that {@code do_center_crop} cuts out, or null
 * @param rescale the factor of {@code do_rescale}, or null
 * @param normalisation mean and standard deviation of {@code do_normalize}, or null
 */
public record ImageProcessorConfig(String type, TargetSize size, Resampling resampling, TargetSize.Exact crop,
        Double rescale, Normalisation normalisation) {
    /**
     * {@code (value − mean) / std}, both after rescaling.
     *
     * @param mean one number for all channels or one for each
     * @param std the same, none of them 0
     */
    public record Normalisation(double[] mean, double[] std) {}

    /**
     * Refuses numbers of channels the mean or the standard deviation are not made for.
     *
     * @param file what the message calls the configuration
     */
    void requireChannels(int channels, String file) {
        if (channels != 1 && channels != 3) {
            throw new ModelException(
                    file + ": images have 1 or 3 channels, but the model's num_channels is " + channels);
        }
        if (normalisation != null) {
            requireLength("image_mean", normalisation.mean.length, channels, file);
            requireLength("image_std", normalisation.std.length, channels, file);
        }
    }

    private static void requireLength(String field, int length, int channels, String file) {
        if (length != 1 && length != channels) {
            throw new ModelException(file + ": " + field + " has " + length + " numbers, but the model has " + channels
                    + " channels; give one number, or one for each");
        }
    }
}
