package dev.limpid.attribution.render.attention;

import dev.limpid.attribution.attention.AttentionMaps;
import dev.limpid.attribution.attention.AttentionProjections;
import dev.limpid.attribution.render.picture.RgbPixels;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Figures of random queries and keys, with the attention that follows from them. */
final class AttentionFigures {
    private static final int HEAD_SIZE = 16;

    private AttentionFigures() {}

    /** Tokens named after their places. */
    static List<String> tokens(int length) {
        return IntStream.range(0, length).mapToObj(t -> "token" + t).toList();
    }

    /** A figure of random attention. */
    static AttentionFigure random(int layers, int heads, AttentionTokens tokens, long seed) {
        AttentionProjections projections = projections(layers, heads, tokens.texts().size(), seed);
        return AttentionFigure.of("Random attention", "a model of random numbers", "cpu, f32", "logit 1", tokens,
                maps(projections, seed), projections);
    }

    /** The same without queries and keys, as they are not needed for the head and model views. */
    static AttentionFigure withoutProjections(int layers, int heads, int length, long seed) {
        AttentionMaps maps = maps(projections(layers, heads, length, seed), seed);
        return AttentionFigure.of("Random attention", "a model of random numbers", "cpu, f32", "logit 1",
                AttentionTokens.of(tokens(length)), maps, null);
    }

    /** An image of coloured patches after [CLS]. */
    static AttentionTokens patches(int rows, int columns, int size) {
        SplittableRandom random = new SplittableRandom(9);
        int[] colours = IntStream.range(0, rows * columns).map(_ -> random.nextInt(1 << 24)).toArray();
        int[] rgb = new int[rows * columns * size * size];
        for (int i = 0; i < rgb.length; i++) {
            int y = i / (columns * size) / size;
            int x = i % (columns * size) / size;
            rgb[i] = colours[y * columns + x];
        }
        return AttentionTokens.of(new RgbPixels(rows * size, columns * size, rgb), rows, columns, List.of("[CLS]"));
    }

    private static AttentionProjections projections(int layers, int heads, int length, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<float[]> queries = new ArrayList<>();
        List<float[]> keys = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            queries.add(gaussian(random, heads * length * HEAD_SIZE, 1.5));
            keys.add(gaussian(random, heads * length * HEAD_SIZE, 1.5));
        }
        return new AttentionProjections(heads, length, HEAD_SIZE, queries, keys);
    }

    private static float[] gaussian(SplittableRandom random, int size, double deviation) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }

    private static AttentionMaps maps(AttentionProjections p, long seed) {
        SplittableRandom random = new SplittableRandom(seed + 1);
        List<float[]> probabilities = new ArrayList<>();
        List<float[]> gradients = new ArrayList<>();
        for (int layer = 0; layer < p.queries().size(); layer++) {
            float[] a = new float[p.heads() * p.length() * p.length()];
            for (int row = 0; row < p.heads() * p.length(); row++) {
                softmaxRow(p, layer, row, a);
            }
            probabilities.add(a);
            gradients.add(gaussian(random, a.length, 1));
        }
        return new AttentionMaps(p.heads(), p.length(), probabilities, gradients);
    }

    private static void softmaxRow(AttentionProjections p, int layer, int row, float[] a) {
        int first = row / p.length() * p.length();
        double[] e = new double[p.length()];
        double sum = 0;
        for (int j = 0; j < e.length; j++) {
            double score = 0;
            for (int d = 0; d < p.headSize(); d++) {
                score += p.queries().get(layer)[row * p.headSize() + d]
                        * p.keys().get(layer)[(first + j) * p.headSize() + d];
            }
            e[j] = Math.exp(score / Math.sqrt(p.headSize()));
            sum += e[j];
        }
        for (int j = 0; j < e.length; j++) {
            a[row * e.length + j] = (float) (e[j] / sum);
        }
    }
}
