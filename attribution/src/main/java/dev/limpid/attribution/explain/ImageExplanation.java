package dev.limpid.attribution.explain;

import dev.limpid.vit.image.PixelValues;
import dev.limpid.vit.image.RgbImage;
import java.util.List;

/**
 * Why a model classified an image as it did.
 *
 * <p>The classes of {@code dev.limpid.attribution.render} make pictures, HTML and JSON of it.
 *
 * @param model the model's name
 * @param device the device it ran on
 * @param precision {@code f32} or {@code f64}
 * @param convention the rules followed
 * @param baseline what the path started from; several are joined by {@code +}
 * @param original the image as it was given
 * @param resized the part of it that the model saw, in the model's size
 * @param pixels the same, normalised: x
 * @param patchHeight rows of a patch
 * @param patchWidth columns of a patch
 * @param predictions all classes, the largest logit first
 * @param explanations one for each target
 */
public record ImageExplanation(String model, String device, String precision, Convention convention, String baseline,
        RgbImage original, RgbImage resized, PixelValues pixels, int patchHeight, int patchWidth,
        List<ClassPrediction> predictions, List<ImageAttribution> explanations) {
    public ImageExplanation {
        predictions = List.copyOf(predictions);
        explanations = List.copyOf(explanations);
    }

    /** The class with the largest logit. */
    public ClassPrediction prediction() {
        return predictions.getFirst();
    }
}
