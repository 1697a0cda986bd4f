package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.ImageAttribution;
import dev.limpid.attribution.explain.ImageExplanation;
import dev.limpid.vit.image.PixelValues;

/** What each patch of an image added to the score. */
final class PatchSums {
    private PatchSums() {}

    /** The sum of the attributions of a patch's pixels, by rows and columns of patches; those at the right and lower border may be cut off. */
    static double[][] of(ImageExplanation explanation, ImageAttribution attribution) {
        PixelValues pixels = explanation.pixels();
        int patchHeight = explanation.patchHeight();
        int patchWidth = explanation.patchWidth();
        double[][] sums = new double[Math.ceilDiv(pixels.height(), patchHeight)][Math.ceilDiv(pixels.width(),
                patchWidth)];
        for (int i = 0; i < attribution.values().length; i++) {
            int y = i / pixels.width() % pixels.height();
            sums[y / patchHeight][i % pixels.width() / patchWidth] += attribution.values()[i];
        }
        return sums;
    }
}
