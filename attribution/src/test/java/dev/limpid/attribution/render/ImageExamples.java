package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.ClassPrediction;
import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.ImageAttribution;
import dev.limpid.attribution.explain.ImageExplanation;
import dev.limpid.vit.image.PixelValues;
import dev.limpid.vit.image.RgbImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Explanations of images to render, made up: an image of 20 × 10 pixels, seen as 6 × 4 in patches of 3 × 2, of six classes. */
public final class ImageExamples {
    static final int HEIGHT = 4;
    static final int WIDTH = 6;
    static final int CHANNELS = 3;

    private ImageExamples() {}

    /** One target of each label, whose attributions come from the seed. */
    public static ImageExplanation of(long seed, String... labels) {
        Random random = new Random(seed);
        List<ImageAttribution> targets = new ArrayList<>();
        for (int t = 0; t < labels.length; t++) {
            double[] values = random.doubles((long) CHANNELS * HEIGHT * WIDTH, -1, 1).toArray();
            targets.add(new ImageAttribution("class", t, labels[t], 2.5, -0.5, 1e-3, "integrated-gradients",
                    "gauss-legendre", 50, values));
        }
        return of(seed, targets, labels);
    }

    static ImageExplanation of(long seed, List<ImageAttribution> targets, String... labels) {
        Random random = new Random(seed + 1);
        List<ClassPrediction> predictions = IntStream.range(0, 6).mapToObj(i -> new ClassPrediction(i,
                i < labels.length ? labels[i] : "class " + i, 3.0 - i, Math.pow(2, -i - 1))).toList();
        float[] pixels = new float[CHANNELS * HEIGHT * WIDTH];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextFloat() - 0.5f;
        }
        return new ImageExplanation("tiny", "cpu", "f32", Convention.DEFAULT, "zero", image(random, 20, 10),
                image(random, WIDTH, HEIGHT), new PixelValues(CHANNELS, HEIGHT, WIDTH, pixels), 2, 3, predictions,
                targets);
    }

    private static RgbImage image(Random random, int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        random.nextBytes(rgb);
        return new RgbImage(width, height, rgb);
    }

    /** A target of a method without baseline, sum and quadrature. */
    static ImageAttribution withoutBaseline() {
        return new ImageAttribution("contrast", 1, "a − b", 0.25, Double.NaN, Double.NaN, "saliency", null, 1,
                new double[CHANNELS * HEIGHT * WIDTH]);
    }
}
