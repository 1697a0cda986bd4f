package dev.limpid.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Reads what {@code reference/tokenizer} wrote. */
final class Fixtures {
    static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private Fixtures() {}

    /** The lines of a compressed resource. */
    static List<String> lines(String resource) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Fixtures.class.getResourceAsStream(resource)), StandardCharsets.UTF_8))) {
            return lines.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JSON value on each line of a compressed resource. */
    static List<JsonNode> rows(String resource) {
        return lines(resource).stream().map(Fixtures::json).toList();
    }

    /** Loads one of the fixtures' models by way of a {@code tokenizer.json} in {@code directory}. */
    static Tokenizer load(String model, Path directory) {
        write(model, directory);
        return Tokenizer.load(directory);
    }

    /** Writes the files of one of the fixtures' models, the vocabulary put into {@code tokenizer.json}. */
    static Path write(String model, Path directory) {
        JsonNode definition = json(String.join("\n", lines("models.json.gz"))).get(model);
        ObjectNode tokenizer = (ObjectNode) definition.get("tokenizer");
        ObjectNode vocabulary = ((ObjectNode) tokenizer.get("model")).putObject("vocab");
        int id = 0;
        for (String token : lines("vocab-" + definition.get("vocabulary").textValue() + ".txt.gz")) {
            vocabulary.put(token, id++);
        }
        try {
            Files.writeString(directory.resolve("tokenizer_config.json"),
                    MAPPER.writeValueAsString(definition.get("config")));
            return Files.writeString(directory.resolve("tokenizer.json"), MAPPER.writeValueAsString(tokenizer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
