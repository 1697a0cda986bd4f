package dev.limpid.attribution.render;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.limpid.attribution.Accuracy;
import dev.limpid.tokenizer.Span;

/** What the documents of all tasks have in common: the first keys, and how values are written. */
final class JsonParts {
    private static final ObjectWriter COMPACT = JsonMapper.builder().build().writer();
    private static final ObjectWriter WRITER = COMPACT.with(new JsonLayout(3));
    private static final ObjectWriter FLAT = COMPACT.with(new JsonLayout(2));

    private JsonParts() {}

    /** A document with the keys every task begins with. */
    static ObjectNode document(String task, String model, String device, String precision) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        put(document, "task", task);
        put(document, "model", model);
        put(document, "device", device);
        put(document, "precision", precision);
        return document;
    }

    static void put(ObjectNode node, String key, String text) {
        node.put(key, VisibleText.wellFormed(text));
    }

    /** @throws IllegalArgumentException if the value is not finite: JSON has no such number */
    static void put(ObjectNode node, String key, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    "the explanation's " + key + " is " + value + ", which JSON cannot hold; explain again with a model"
                            + " whose weights are finite");
        }
        node.put(key, value);
    }

    static void putOrNull(ObjectNode node, String key, String text) {
        node.put(key, text == null ? null : VisibleText.wellFormed(text));
    }

    /**
     * A number that there need not be: NaN becomes null.
     *
     * @throws IllegalArgumentException if the value is infinite
     */
    static void putOrNull(ObjectNode node, String key, double value) {
        if (Double.isNaN(value)) {
            node.putNull(key);
        } else {
            put(node, key, value);
        }
    }

    /** How exact the explanation was to be, where a method aims at something. */
    static void putAccuracy(ObjectNode node, Accuracy accuracy) {
        if (accuracy != null) {
            put(node, "tolerance", accuracy.tolerance());
            node.put("converged", accuracy.met());
        }
    }

    /** A row of numbers, which are finite. */
    static void addRow(ArrayNode rows, double[] row) {
        ArrayNode array = rows.addArray();
        for (double value : row) {
            array.add(value);
        }
    }

    /** {@code [from, to]}, or null. */
    static void put(ObjectNode node, String key, Span span) {
        if (span == null) {
            node.putNull(key);
        } else {
            node.putArray(key).add(span.start()).add(span.end());
        }
    }

    /** The document as text, laid out for people. */
    static String text(ObjectNode document) {
        return text(document, WRITER);
    }

    /** The document as text, laid out for people, where it lists its tokens itself. */
    static String flatText(ObjectNode document) {
        return text(document, FLAT);
    }

    /** The document as one line. */
    static String line(ObjectNode document) {
        return text(document, COMPACT);
    }

    private static String text(ObjectNode document, ObjectWriter writer) {
        try {
            return writer.writeValueAsString(document) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values could not be written as JSON", e);
        }
    }
}
