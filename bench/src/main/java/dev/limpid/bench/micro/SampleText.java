package dev.limpid.bench.micro;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Texts that tokenizers find as hard as English prose: sentences of words of a vocabulary with commas and capitals.
 *
 * <p>Vocabularies of BERT list their words from the most frequent to the rarest, so that drawing the logarithm of a word's place gives them about the frequencies
 * they have in texts (Zipf's law). One word in twelve is two words in one, so that words of several pieces are as frequent as in Wikipedia.
 */
final class SampleText {
    private static final int COMPOUND = 12;
    private static final int COMMA = 12;

    private final List<String> words;
    private final SplittableRandom random = new SplittableRandom(6);

    /** Texts of the words of a vocabulary, given in its order. */
    SampleText(List<String> vocabulary) {
        words = vocabulary.stream().filter(word -> word.length() > 1 && isWord(word)).toList();
    }

    private static boolean isWord(String word) {
        return word.chars().allMatch(c -> c >= 'a' && c <= 'z');
    }

    /** So many texts of at least so many characters. */
    List<String> texts(int count, int characters) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            while (text.length() < characters) {
                sentence(text);
            }
            texts.add(text.toString().strip());
        }
        return texts;
    }

    private void sentence(StringBuilder text) {
        int length = 8 + random.nextInt(20);
        for (int i = 0; i < length; i++) {
            String word = word();
            text.append(i == 0 ? Character.toUpperCase(word.charAt(0)) : word.charAt(0)).append(word.substring(1));
            if (random.nextInt(COMPOUND) == 0) {
                text.append(words.get(random.nextInt(words.size())));
            }
            text.append(i == length - 1 ? ". " : random.nextInt(COMMA) == 0 ? ", " : " ");
        }
    }

    private String word() {
        return words.get((int) Math.min(words.size() - 1, Math.pow(words.size(), random.nextDouble()) - 1));
    }
}
