package dev.limpid.attribution.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.attribution.render.CaptumTable.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** Numbers and tables that the authors of transformers-interpret published, and what captum draws from some of them. */
final class Published {
    static final JsonNode ALL = read();

    private Published() {}

    private static JsonNode read() {
        try (InputStream in = Published.class.getResourceAsStream("published.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The elements of an array. */
    static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    /** Tokens of an array of {@code [token, attribution]}. */
    static List<String> tokens(JsonNode pairs) {
        return list(pairs).stream().map(pair -> pair.get(0).asText()).toList();
    }

    /** Attributions of an array of {@code [token, attribution]}. */
    static List<Double> attributions(JsonNode pairs) {
        return list(pairs).stream().map(pair -> pair.get(1).asDouble()).toList();
    }

    /** The rows of the published table of named entities, each with a probability that it shows as {@code 1.00}. */
    static List<Row> entityRows() {
        return ALL.at("/ner/expected").properties().stream().map(Published::entityRow).toList();
    }

    private static Row entityRow(Map.Entry<String, JsonNode> entity) {
        JsonNode pairs = entity.getValue().get("attribution_scores");
        String label = entity.getValue().get("label").asText();
        double sum = attributions(pairs).stream().mapToDouble(Double::doubleValue).sum();
        return new Row(label, label, 0.999, entity.getKey(), sum, tokens(pairs), attributions(pairs));
    }
}
