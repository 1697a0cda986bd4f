package dev.limpid.attribution.render;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.limpid.attribution.explain.TargetAttribution;
import dev.limpid.attribution.explain.TokenAttribution;
import dev.limpid.tokenizer.CodePointIndex;
import dev.limpid.tokenizer.Span;
import java.util.List;
import java.util.function.Function;

/** What the documents of all tasks have in common: the first keys, the explanations with their tokens, and how values are written. */
final class JsonParts {
    private static final ObjectWriter COMPACT = JsonMapper.builder().build().writer();
    private static final ObjectWriter WRITER = COMPACT.with(new JsonLayout());

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

    /** The key {@code explanations}; {@code texts} finds the text that a token's span refers to. */
    static void putExplanations(ObjectNode document, List<TargetAttribution> explanations,
            Function<TokenAttribution.Source, CodePointIndex> texts) {
        ArrayNode array = document.putArray("explanations");
        explanations.forEach(explanation -> add(array, explanation, texts));
    }

    private static void add(ArrayNode array, TargetAttribution explanation,
            Function<TokenAttribution.Source, CodePointIndex> texts) {
        ObjectNode node = array.addObject();
        put(node, "target", explanation.target());
        node.put("index", explanation.index());
        put(node, "label", explanation.label());
        put(node, "score", explanation.score());
        put(node, "baselineScore", explanation.baselineScore());
        put(node, "delta", explanation.delta());
        put(node, "method", explanation.method());
        put(node, "quadrature", explanation.quadrature());
        node.put("steps", explanation.steps());
        put(node, "attributionSum", explanation.attributionSum());
        ArrayNode tokens = node.putArray("tokens");
        for (TokenAttribution token : explanation.tokens()) {
            ObjectNode entry = tokens.addObject();
            put(entry, "text", token.text());
            put(entry, "source", token.source().id());
            put(entry, "span", texts.apply(token.source()).codePoints(token.span()));
            put(entry, "raw", token.raw());
            put(entry, "attribution", token.attribution());
        }
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
