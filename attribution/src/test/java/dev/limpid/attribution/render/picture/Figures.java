package dev.limpid.attribution.render.picture;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Made-up figures whose attributions are the same in single and double precision. */
final class Figures {
    /** Of every figure here; oblong, so that nothing takes one side for the other. */
    static final PatchSize PATCH = new PatchSize(4, 6);

    private Figures() {}

    /** One of this size with random pixels and attributions, three channels. */
    static ImageFigure random(int height, int width, long seed) {
        Random random = new Random(seed);
        double[] values = random.doubles(3L * height * width, -1, 1).map(v -> (float) (v * v * v * 1e-3)).toArray();
        int[] rgb = random.ints((long) height * width, 0, 1 << 24).toArray();
        return of("photo.png", "cat", new AttributionMap(3, height, width, values),
                new RgbPixels(height, width, rgb), null);
    }

    /** One with everything given that changes the layout. */
    static ImageFigure of(String name, String label, AttributionMap map, RgbPixels image,
            RgbPixels photo) {
        return new ImageFigure(name, "tiny-vit", "cpu", "f32",
                List.of(new Prediction(3, "cat", 4.5, 0.875), new Prediction(5, "dog", 2.25, 0.0625)),
                new Explained(label, "integrated-gradients", "black", 50, 4.5, -0.25, -0.0021,
                        List.of(new Explained.Fact("Quadrature", "gauss-legendre"))),
                map, image, PATCH, photo);
    }

    /** An image of one colour. */
    static RgbPixels plain(int height, int width, int colour) {
        int[] rgb = new int[height * width];
        Arrays.fill(rgb, colour);
        return new RgbPixels(height, width, rgb);
    }
}
