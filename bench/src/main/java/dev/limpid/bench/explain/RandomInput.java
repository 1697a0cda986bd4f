package dev.limpid.bench.explain;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Inputs made from a seed. */
final class RandomInput {
    private static final int CLS = 101;
    private static final int SEP = 102;
    private static final int FIRST_WORD = 200;

    private RandomInput() {}

    /**
     * A question and a context: {@code [CLS] question [SEP] context [SEP]}, a quarter of it the question.
     *
     * @param ids T token ids
     * @param baselineIds the same with [PAD] for every word
     * @param typeIds 0 for the question, 1 for the context
     * @param start position of the start that is explained
     * @param end position of the end that is explained
     */
    record Pair(int[] ids, int[] baselineIds, int[] typeIds, int start, int end) {}

    static Pair pair(int tokens, int vocabSize) {
        int[] ids = new SplittableRandom(tokens).ints(tokens, FIRST_WORD, vocabSize).toArray();
        int question = tokens / 4;
        ids[0] = CLS;
        ids[question] = SEP;
        ids[tokens - 1] = SEP;
        int[] typeIds = new int[tokens];
        Arrays.fill(typeIds, question + 1, tokens, 1);
        int[] baselineIds = Arrays.stream(ids).map(id -> id < FIRST_WORD ? id : 0).toArray();
        return new Pair(ids, baselineIds, typeIds, tokens / 2, tokens / 2 + 2);
    }

    /** Normalised pixels, uniform between -1 and 1. */
    static float[] pixels(int count) {
        SplittableRandom random = new SplittableRandom(1);
        float[] pixels = new float[count];
        for (int i = 0; i < count; i++) {
            pixels[i] = (float) (2 * random.nextDouble() - 1);
        }
        return pixels;
    }
}
