package dev.limpid.tokenizer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tokens on top of the model's vocabulary and how a text is taken apart at them. */
final class AddedTokens {
    private final Normalizer normalizer;
    private final AddedTokenMatcher inGivenText = new AddedTokenMatcher();
    private final AddedTokenMatcher inNormalizedText = new AddedTokenMatcher();
    private final Set<Integer> specialIds = new HashSet<>();

    /** A part of a text: a token found in it (then {@code id} is not negative), or normalised text to be split. */
    record Section(AlignedText text, int from, int to, int id) {}

    /**
     * Registers the tokens; one that {@code vocabulary} lacks is put into it with the next free id.
     *
     * @param tokens none of them empty; where two have the same content, the later replaces the earlier
     */
    AddedTokens(List<AddedToken> tokens, Vocabulary vocabulary, Normalizer normalizer) {
        this.normalizer = normalizer;
        Map<String, AddedToken> byContent = new LinkedHashMap<>();
        tokens.forEach(token -> byContent.put(token.content(), token));
        for (AddedToken token : byContent.values()) {
            int id = vocabulary.add(token.content());
            if (token.special()) {
                specialIds.add(id);
            }
            if (token.normalized()) {
                inNormalizedText.add(pattern(token), token, id);
            } else {
                inGivenText.add(token.content(), token, id);
            }
        }
    }

    private String pattern(AddedToken token) {
        AlignedText content = AlignedText.of(token.content());
        AlignedText normalized = normalizer.normalize(content, 0, content.length());
        if (normalized.length() == 0) {
            throw new TokenizerException("added token \"" + token.content()
                    + "\" is nothing once it is normalised; set its \"normalized\" to false or remove it");
        }
        return normalized.substring(0, normalized.length());
    }

    /** Finds the tokens of the given text, normalises what lies between, and finds the normalised tokens there. */
    List<Section> sections(AlignedText text) {
        List<Section> sections = new ArrayList<>();
        for (var given : inGivenText.split(text, 0, text.length())) {
            if (!given.isText()) {
                sections.add(new Section(text, given.from(), given.to(), given.id()));
                continue;
            }
            AlignedText normalized = normalizer.normalize(text, given.from(), given.to());
            for (var part : inNormalizedText.split(normalized, 0, normalized.length())) {
                sections.add(new Section(normalized, part.from(), part.to(), part.id()));
            }
        }
        return sections;
    }

    boolean isSpecial(int id) {
        return specialIds.contains(id);
    }
}
