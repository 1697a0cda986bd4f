package dev.limpid.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;

/** A JSON object of one of the tokenizer's files, read with the type of every field checked. */
record JsonFile(Path file, String path, JsonNode node) {
    // A vocabulary's tokens are names of fields, each of them met once: nothing is won by making equal names one object.
    private static final ObjectMapper MAPPER = JsonMapper
            .builder(JsonFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build()).build();

    static JsonFile read(Path file) {
        JsonNode node;
        try {
            node = MAPPER.readTree(TextFile.read(file));
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new TokenizerException(file + " is not valid JSON (line " + at.getLineNr() + ", column "
                    + at.getColumnNr() + "): " + e.getOriginalMessage(), e);
        }
        return new JsonFile(file, "", node).requireObject();
    }

    /** What a file that is not there says: nothing. */
    static JsonFile empty(Path file) {
        return new JsonFile(file, "", MAPPER.createObjectNode());
    }

    private JsonFile requireObject() {
        if (!node.isObject()) {
            throw wrong("an object");
        }
        return this;
    }

    /** Whether the field is there and not null. */
    boolean has(String field) {
        return node.hasNonNull(field);
    }

    /** Whether the field is there, be it null. */
    boolean mentions(String field) {
        return node.has(field);
    }

    /** The field as an object, refused where it is something else. */
    JsonFile object(String field) {
        return field(field).requireObject();
    }

    /** The field whatever it is; missing and null alike are a null node. */
    JsonFile field(String field) {
        JsonNode child = node.get(field);
        return new JsonFile(file, path.isEmpty() ? field : path + "." + field,
                child == null ? MAPPER.nullNode() : child);
    }

    /** The element of an array. */
    JsonFile element(int index) {
        return new JsonFile(file, path + "[" + index + "]", node.get(index));
    }

    /** The number of elements of this array, refused where it is no array. */
    int elements() {
        if (!node.isArray()) {
            throw wrong("an array");
        }
        return node.size();
    }

    String string(String field) {
        JsonFile value = field(field);
        if (!value.node.isTextual()) {
            throw value.wrong("a string");
        }
        return value.node.textValue();
    }

    boolean bool(String field) {
        JsonFile value = field(field);
        if (!value.node.isBoolean()) {
            throw value.wrong("true or false");
        }
        return value.node.booleanValue();
    }

    int natural(String field) {
        return field(field).natural();
    }

    int natural() {
        if (!isNatural(node)) {
            throw wrong("a whole number from 0 to " + Integer.MAX_VALUE);
        }
        return node.intValue();
    }

    /** The {@code value} of a {@code field}, for whoever visits all fields anyway. */
    int natural(String field, JsonNode value) {
        return isNatural(value) ? value.intValue() : natural(field);
    }

    private static boolean isNatural(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= 0;
    }

    /** An error that says what was expected here and what there is. */
    TokenizerException wrong(String expected) {
        String found = node.toString();
        String shown = found.length() > 60 ? found.substring(0, 60) + "..." : found;
        String where = path.isEmpty() ? "the whole" : "\"" + path + "\"";
        return new TokenizerException(file + ": " + where + " should be " + expected + ", but is " + shown);
    }
}
