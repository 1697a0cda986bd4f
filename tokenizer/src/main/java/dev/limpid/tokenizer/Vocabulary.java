package dev.limpid.tokenizer;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** Token strings and their ids, both ways: the model's vocabulary and the tokens added on top of it. */
final class Vocabulary {
    private final Map<String, Integer> ids;
    private final Map<Integer, String> tokens = new HashMap<>();
    private int nextId;

    /** The model's own vocabulary. */
    Vocabulary(Map<String, Integer> entries) {
        ids = new HashMap<>(entries);
        entries.forEach((token, id) -> tokens.put(id, token));
        // As in the library: ids are numbered on from the number of entries, even where the vocabulary has gaps.
        nextId = entries.size();
    }

    /** The id of {@code token}, which gets the next number where it has none yet. */
    int add(String token) {
        Integer id = ids.putIfAbsent(token, nextId);
        if (id != null) {
            return id;
        }
        tokens.put(nextId, token);
        return nextId++;
    }

    int size() {
        return ids.size();
    }

    OptionalInt id(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** The token with this id, or null. */
    String token(int id) {
        return tokens.get(id);
    }

    /** Every token with its id. */
    Map<String, Integer> entries() {
        return ids;
    }
}
