package dev.limpid.attribution.explain;

import java.util.Set;

/**
 * How the classification of tokens, such as the recognition of names, is to be explained.
 *
 * @param text what all text tasks have in common
 * @param ignoredLabels tokens that are predicted to have one of these labels are not explained
 * @param ignoredIndexes positions of tokens that are not explained
 * @param explained what an explanation is about
 */
public record TokenOptions(TextOptions text, Set<String> ignoredLabels, Set<Integer> ignoredIndexes,
        Explained explained) {
    /** The default convention: an explanation for every token of the text. */
    public static final TokenOptions DEFAULT = new TokenOptions(TextOptions.DEFAULT, Set.of(), Set.of(),
            Explained.TOKENS);

    /** What {@code TokenClassificationExplainer} does when asked for nothing special: an explanation for every token, special ones too. */
    public static final TokenOptions TRANSFORMERS_INTERPRET = DEFAULT.withText(TextOptions.TRANSFORMERS_INTERPRET);

    /** What an explanation is about. */
    public enum Explained {
        /** One token: the score of its predicted label. */
        TOKENS,
        /** One entity: the mean of its tokens' scores. */
        ENTITIES
    }

    public TokenOptions {
        ignoredLabels = Set.copyOf(ignoredLabels);
        ignoredIndexes = Set.copyOf(ignoredIndexes);
        if (explained == Explained.ENTITIES && text.convention() == Convention.TRANSFORMERS_INTERPRET) {
            throw new IllegalArgumentException("the transformers-interpret convention explains tokens, not entities;"
                    + " leave the convention out to use them");
        }
    }

    public TokenOptions withText(TextOptions value) {
        return new TokenOptions(value, ignoredLabels, ignoredIndexes, explained);
    }

    public TokenOptions withIgnoredLabels(Set<String> value) {
        return new TokenOptions(text, value, ignoredIndexes, explained);
    }

    public TokenOptions withIgnoredIndexes(Set<Integer> value) {
        return new TokenOptions(text, ignoredLabels, value, explained);
    }

    public TokenOptions withExplained(Explained value) {
        return new TokenOptions(text, ignoredLabels, ignoredIndexes, value);
    }
}
