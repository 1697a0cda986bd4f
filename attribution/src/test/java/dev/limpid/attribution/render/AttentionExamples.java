package dev.limpid.attribution.render;

import dev.limpid.attribution.attention.AttentionMaps;
import dev.limpid.attribution.attention.AttentionProjections;
import dev.limpid.attribution.explain.AttentionExplanation;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.tokenizer.Span;
import dev.limpid.vit.image.RgbImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Explanations of two layers of three heads with random attention. */
final class AttentionExamples {
    private static final int LAYERS = 2;
    private static final int HEADS = 3;
    /** Two letters of two UTF-16 units each. */
    static final String TEXT = "𝒳 is 𝒴";

    private AttentionExamples() {}

    /** {@code [CLS] 𝒳 is 𝒴 [SEP]}, and {@code no [SEP]} where there is a pair. */
    static AttentionExplanation text(long seed, String word, boolean pair, String target) {
        List<String> tokens = new ArrayList<>(List.of("[CLS]", word, "is", "𝒴", "[SEP]"));
        List<Source> sources = new ArrayList<>(List.of(Source.SPECIAL, Source.TEXT, Source.TEXT, Source.TEXT,
                Source.SPECIAL));
        List<Span> spans = new ArrayList<>(Arrays.asList(null, new Span(0, 2), new Span(3, 5), new Span(6, 8), null));
        List<Integer> segments = new ArrayList<>(List.of(0, 0, 0, 0, 0));
        if (pair) {
            tokens.addAll(List.of("no", "[SEP]"));
            sources.addAll(List.of(Source.TEXT_PAIR, Source.SPECIAL));
            spans.addAll(Arrays.asList(new Span(0, 2), null));
            segments.addAll(List.of(1, 1));
        }
        return new AttentionExplanation("tiny", "cpu", "f32", TEXT, pair ? "no" : null, null, 0, 0, tokens, segments,
                sources, spans, pair ? 2 : 0, target, target == null ? Double.NaN : 1.5, new double[]{1.5, -1},
                maps(seed, tokens.size(), target != null), projections(tokens.size()));
    }

    /** 6 × 4 pixels in 2 rows of 3 patches. */
    static AttentionExplanation image(long seed, String target) {
        List<String> tokens = new ArrayList<>(List.of("[CLS]"));
        for (int patch = 0; patch < 6; patch++) {
            tokens.add("row " + patch / 3 + ", column " + patch % 3);
        }
        return new AttentionExplanation("tiny", "cpu", "f32", null, null, new RgbImage(6, 4, new byte[72]), 2, 3,
                tokens, Collections.nCopies(7, 0), List.of(), List.of(), 0, target,
                target == null ? Double.NaN : 1.5, new double[]{1.5, -1}, maps(seed, 7, target != null),
                projections(7));
    }

    private static AttentionMaps maps(long seed, int length, boolean gradients) {
        Random random = new Random(seed);
        List<float[]> probabilities = new ArrayList<>();
        List<float[]> slopes = new ArrayList<>();
        for (int layer = 0; layer < LAYERS; layer++) {
            float[] a = new float[HEADS * length * length];
            float[] slope = new float[a.length];
            for (int row = 0; row < HEADS * length; row++) {
                float sum = 0;
                for (int j = 0; j < length; j++) {
                    a[row * length + j] = random.nextFloat();
                    slope[row * length + j] = (float) random.nextGaussian();
                    sum += a[row * length + j];
                }
                for (int j = 0; j < length; j++) {
                    a[row * length + j] /= sum;
                }
            }
            probabilities.add(a);
            slopes.add(slope);
        }
        return new AttentionMaps(HEADS, length, probabilities, gradients ? slopes : List.of());
    }

    private static AttentionProjections projections(int length) {
        List<float[]> zeros = Collections.nCopies(LAYERS, new float[HEADS * length * 4]);
        return new AttentionProjections(HEADS, length, 4, zeros, zeros);
    }
}
