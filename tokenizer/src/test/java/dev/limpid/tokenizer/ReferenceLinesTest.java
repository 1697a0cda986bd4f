package dev.limpid.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every committed line: ids, spans, segments, words and tokens equal those of the reference library. */
class ReferenceLinesTest {
    private static final String LINES = "lines.jsonl.gz";
    private static final String WINDOWS = "windows.jsonl.gz";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"uncased", "uncased-accents", "cased", "cased-stripped", "unclean", "bare", "added",
            "added-cased", "odd"})
    void everyLineOfTheModelIsEqual(String model) {
        Tokenizer tokenizer = Fixtures.load(model, directory);
        List<JsonNode> rows = Fixtures.rows(LINES).stream().filter(row -> row.get("model").asText().equals(model))
                .toList();
        assertThat(rows).hasSizeGreaterThan(30);
        for (JsonNode row : rows) {
            String text = row.get("text").textValue();
            String pair = row.path("pair").textValue();
            EncodeOptions options = EncodeOptions.DEFAULT.withSpecialTokens(row.get("special").booleanValue());
            Encoding encoding = pair == null ? tokenizer.encode(text, options) : tokenizer.encode(text, pair, options);
            assertThat(ReferenceRow.of(encoding, text, pair)).as("%s: %s", model, row)
                    .isEqualTo(ReferenceRow.of(row.get("encodings").get(0), tokenizer));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncased", "cased"})
    void idsAreDecodedAlike(String model) {
        Tokenizer tokenizer = Fixtures.load(model, directory);
        List<JsonNode> rows = Fixtures.rows(LINES).stream()
                .filter(row -> row.get("model").asText().equals(model) && row.has("decoded")).toList();
        assertThat(rows).hasSizeGreaterThan(40);
        for (JsonNode row : rows) {
            int[] ids = tokenizer.encode(row.get("text").textValue()).ids();
            assertThat(tokenizer.decode(ids, false)).isEqualTo(row.get("decoded").get(0).textValue());
            assertThat(tokenizer.decode(ids, true)).isEqualTo(row.get("decoded").get(1).textValue());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncased", "cased", "added"})
    void everyWindowIsEqual(String model) {
        Tokenizer tokenizer = Fixtures.load(model, directory);
        List<JsonNode> rows = Fixtures.rows(WINDOWS).stream().filter(row -> row.get("model").asText().equals(model))
                .toList();
        assertThat(rows).hasSizeGreaterThan(30);
        for (JsonNode row : rows) {
            String text = row.get("text").textValue();
            String pair = row.path("pair").textValue();
            EncodeOptions options = EncodeOptions.DEFAULT.withSpecialTokens(row.get("special").booleanValue())
                    .withTruncation(Truncation.valueOf(row.get("strategy").textValue().toUpperCase(Locale.ROOT)),
                            row.get("length").intValue())
                    .withStride(row.get("stride").intValue());
            List<ReferenceRow> expected = new ArrayList<>();
            row.get("encodings").forEach(encoding -> expected.add(ReferenceRow.of(encoding, tokenizer)));
            List<Encoding> windows = pair == null
                    ? tokenizer.windows(text, options)
                    : tokenizer.windows(text, pair, options);
            assertThat(windows).as("%s: %s", model, row)
                    .extracting(window -> ReferenceRow.of(window, text, pair)).isEqualTo(expected);
            Encoding first = pair == null ? tokenizer.encode(text, options) : tokenizer.encode(text, pair, options);
            assertThat(first).isEqualTo(windows.getFirst());
        }
    }

    @Test
    void thereAreAFewThousandLines() {
        assertThat(Fixtures.lines(LINES)).hasSizeGreaterThan(2900);
        assertThat(Fixtures.lines(WINDOWS)).hasSizeGreaterThan(250);
    }
}
