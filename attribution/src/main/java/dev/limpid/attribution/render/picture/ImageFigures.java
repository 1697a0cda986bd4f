package dev.limpid.attribution.render.picture;

import dev.limpid.attribution.explain.ClassPrediction;
import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.ImageAttribution;
import dev.limpid.attribution.explain.ImageExplanation;
import dev.limpid.attribution.render.picture.Explained.Fact;
import dev.limpid.vit.image.PixelValues;
import dev.limpid.vit.image.RgbImage;
import java.util.ArrayList;
import java.util.List;

/** Makes figures of explanations, one for each target: the first step to a {@link Picture} or an {@link ImagePage}. */
public final class ImageFigures {
    private static final int TOP = 5;

    private ImageFigures() {}

    /**
     * The figures of an explained image, with the photo as it was given.
     *
     * @param name of the image, its file for instance
     * @throws IllegalArgumentException if an attribution is not finite
     */
    public static List<ImageFigure> of(ImageExplanation explanation, String name) {
        return of(explanation, name, true);
    }

    /** As {@link #of(ImageExplanation, String)}; {@code withPhoto} says whether to keep the photo, which may be large, and which pictures do not show. */
    public static List<ImageFigure> of(ImageExplanation explanation, String name, boolean withPhoto) {
        RgbPixels seen = pixels(explanation.resized());
        RgbPixels photo = withPhoto ? pixels(explanation.original()) : null;
        return explanation.explanations().stream().map(target -> figure(explanation, target, name, seen, photo))
                .toList();
    }

    private static ImageFigure figure(ImageExplanation explanation, ImageAttribution target, String name,
            RgbPixels seen, RgbPixels photo) {
        PixelValues pixels = explanation.pixels();
        AttributionMap map = new AttributionMap(pixels.channels(), pixels.height(), pixels.width(), target.values());
        return new ImageFigure(name, explanation.model(), explanation.device(), explanation.precision(),
                predictions(explanation, target), explained(explanation, target), map, seen,
                new PatchSize(explanation.patchHeight(), explanation.patchWidth()),
                photo);
    }

    private static RgbPixels pixels(RgbImage image) {
        return RgbPixels.of(image.height(), image.width(), image.rgb());
    }

    /** The likeliest, and the class explained where it is not among them. */
    private static List<Prediction> predictions(ImageExplanation explanation, ImageAttribution target) {
        List<Prediction> shown = new ArrayList<>();
        for (ClassPrediction p : explanation.predictions()) {
            if (shown.size() < TOP || p.index() == target.index()) {
                shown.add(new Prediction(p.index(), p.label(), p.logit(), p.probability()));
            }
        }
        return shown;
    }

    private static Explained explained(ImageExplanation explanation, ImageAttribution target) {
        boolean compares = !Double.isNaN(target.baselineScore());
        List<Fact> facts = new ArrayList<>();
        if (target.quadrature() != null) {
            facts.add(new Fact("Quadrature", target.quadrature()));
        }
        if (target.accuracy() != null && !target.accuracy().met()) {
            facts.add(new Fact("Not converged", "within a tolerance of " + target.accuracy().tolerance()));
        }
        if (explanation.convention() != Convention.DEFAULT) {
            facts.add(new Fact("Convention", explanation.convention().id()));
        }
        return new Explained(target.label(), target.method(), compares ? explanation.baseline() : null,
                target.steps() > 1 ? target.steps() : 0, target.score(), compares ? target.baselineScore() : null,
                Double.isNaN(target.delta()) ? null : target.delta(), facts);
    }
}
