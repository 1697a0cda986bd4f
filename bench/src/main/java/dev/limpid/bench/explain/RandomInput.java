package dev.limpid.bench.explain;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Inputs made from a seed. */
public final class RandomInput {
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
    public record Pair(int[] ids, int[] baselineIds, int[] typeIds, int start, int end) {
        /** The words of {@link #vocabulary} before the first [SEP]. */
        public String question() {
            return words(1, separator());
        }

        /** The words between the two [SEP]. */
        public String context() {
            return words(separator() + 1, ids.length - 1);
        }

        private int separator() {
            int at = 0;
            while (ids[at] != SEP) {
                at++;
            }
            return at;
        }

        private String words(int from, int to) {
            return Arrays.stream(ids, from, to).mapToObj(RandomInput::word).collect(Collectors.joining(" "));
        }
    }

    /** A token for each id: the special ones of BERT, else a word of its own. */
    static List<String> vocabulary(int size) {
        return IntStream.range(0, size).mapToObj(RandomInput::word).toList();
    }

    private static String word(int id) {
        return switch (id) {
            case 0 -> "[PAD]";
            case 100 -> "[UNK]";
            case CLS -> "[CLS]";
            case SEP -> "[SEP]";
            case 103 -> "[MASK]";
            default -> "w" + id;
        };
    }

    /** One of so many tokens, the same each time. */
    public static Pair pair(int tokens, int vocabSize) {
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
