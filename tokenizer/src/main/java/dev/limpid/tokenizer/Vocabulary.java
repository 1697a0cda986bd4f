package dev.limpid.tokenizer;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** Token strings and their ids, both ways: the model's vocabulary and the tokens added on top of it. */
final class Vocabulary {
    private final Map<String, Integer> entries;
    private final Map<String, Integer> added = new HashMap<>();
    private final Map<Integer, String> tokens;
    private int nextId;

    /** The model's own vocabulary, a map that nobody changes any more. */
    Vocabulary(Map<String, Integer> entries) {
        this.entries = entries;
        tokens = HashMap.newHashMap(entries.size());
        entries.forEach((token, id) -> tokens.put(id, token));
        // As in the library: ids are numbered on from the number of entries, even where the vocabulary has gaps.
        nextId = entries.size();
    }

    /** The id of {@code token}, which gets the next number where it has none yet. */
    int add(String token) {
        OptionalInt id = id(token);
        if (id.isPresent()) {
            return id.getAsInt();
        }
        added.put(token, nextId);
        tokens.put(nextId, token);
        return nextId++;
    }

    int size() {
        return entries.size() + added.size();
    }

    OptionalInt id(String token) {
        Integer id = entries.get(token);
        if (id == null) {
            id = added.get(token);
        }
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** The token with this id, or null. */
    String token(int id) {
        return tokens.get(id);
    }

    /** Every token of the model's own with its id. */
    Map<String, Integer> entries() {
        return entries;
    }
}
