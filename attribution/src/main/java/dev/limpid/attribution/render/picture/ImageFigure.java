package dev.limpid.attribution.render.picture;

import java.util.List;
import java.util.Optional;

/**
 * An explained image, as pictures and pages show it.
 *
 * @param name of the image, its file for instance
 * @param model name of the model
 * @param device what it ran on
 * @param precision what it computed in
 * @param predictions the classes predicted, the likeliest first; at least one
 * @param explained what the map explains
 * @param map (C,H,W)
 * @param image (H,W), as the model saw it
 * @param patch size of the model's patches
 * @param photo the image before it was made to fit the model; null to show {@code image} instead
 */
public record ImageFigure(String name, String model, String device, String precision, List<Prediction> predictions,
        Explained explained, AttributionMap map, RgbPixels image, PatchSize patch, RgbPixels photo) {
    /** Images of the model with both sides below this are coarse. */
    private static final int FINE = 64;

    /** @throws IllegalArgumentException if image and map differ in size, or there is no prediction */
    public ImageFigure {
        predictions = List.copyOf(predictions);
        if (map.height() != image.height() || map.width() != image.width()) {
            throw new IllegalArgumentException("the map is " + map.width() + " × " + map.height() + ", the image "
                    + image.width() + " × " + image.height() + "; the image must be as the model saw it");
        }
        if (predictions.isEmpty()) {
            throw new IllegalArgumentException("a figure needs a prediction");
        }
    }

    /** A sentence that says how coarse the map is, where it is. */
    Optional<String> coarseness() {
        return Math.max(image.width(), image.height()) < FINE
                ? Optional.of(image.width() + " × " + image.height() + " pixels of the model, enlarged: the map is"
                        + " coarse.")
                : Optional.empty();
    }

    /** The class predicted. */
    String predicted() {
        return predictions.getFirst().label();
    }
}
