package dev.limpid.cli.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An object a line (jsonlines.org); fields that are not asked for are passed over. */
final class JsonLines implements BatchInput {
    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build().readerFor(JsonNode.class);

    private final NumberedLines lines;
    private final List<String> fields;

    JsonLines(NumberedLines lines, List<String> fields) {
        this.lines = lines;
        this.fields = fields;
    }

    @Override
    public BatchRecord next() throws IOException {
        NumberedLines.Line line = lines.next();
        if (line == null) {
            return null;
        }
        if (line.problem() != null) {
            return BatchRecord.bad(line.number(), line.problem());
        }
        if (line.text().isBlank()) {
            return BatchRecord.bad(line.number(), "the line is empty");
        }
        try {
            return read(line.number(), READER.readTree(line.text()));
        } catch (JsonProcessingException e) {
            return BatchRecord.bad(line.number(), "the line is no JSON: " + where(e));
        }
    }

    private static String where(JsonProcessingException e) {
        String column = e.getLocation() == null ? "" : " at column " + e.getLocation().getColumnNr();
        return e.getOriginalMessage().lines().findFirst().orElse("") + column;
    }

    private BatchRecord read(long number, JsonNode object) {
        if (!object.isObject()) {
            return BatchRecord.bad(number, "the line is no JSON object; write " + example());
        }
        Map<String, String> found = new LinkedHashMap<>();
        for (String field : fields) {
            JsonNode value = object.get(field);
            if (value == null) {
                return BatchRecord.bad(number, "the field " + field + " is missing; write " + example());
            }
            if (!value.isTextual()) {
                return BatchRecord.bad(number, "the field " + field + " is no string; write " + example());
            }
            if (value.textValue().isBlank()) {
                return BatchRecord.bad(number, "the field " + field + " is empty");
            }
            found.put(field, value.textValue());
        }
        return BatchRecord.of(number, found);
    }

    private String example() {
        return "{" + String.join(", ", fields.stream().map(field -> "\"" + field + "\": \"…\"").toList()) + "}";
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
