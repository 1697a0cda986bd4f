package dev.limpid.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An encoding as the fixtures write it: columns of numbers, {@code -} for none, spans in code points.
 *
 * @param ids vocabulary ids
 * @param spans {@code start,end} in code points, {@code -} for special tokens
 * @param words word numbers
 * @param typeIds segments
 * @param sequences text numbers
 * @param tokens token strings
 */
record ReferenceRow(String ids, String spans, String words, String typeIds, String sequences, List<String> tokens) {

    /** What was expected; segments and texts that are not written are 0, tokens that are not are the vocabulary's. */
    static ReferenceRow of(JsonNode row, Tokenizer tokenizer) {
        String ids = row.get("ids").textValue();
        String zeros = ids.isEmpty()
                ? ""
                : String.join(" ", IntStream.range(0, ids.split(" ").length)
                        .mapToObj(i -> "0").toList());
        List<String> tokens = new ArrayList<>();
        if (row.has("tokens")) {
            row.get("tokens").forEach(token -> tokens.add(token.textValue()));
        } else if (!ids.isEmpty()) {
            Arrays.stream(ids.split(" ")).mapToInt(Integer::parseInt).mapToObj(tokenizer::token).forEach(tokens::add);
        }
        return new ReferenceRow(ids, row.get("spans").textValue(), row.get("words").textValue(),
                row.path("types").asText(zeros), row.path("sequences").asText(zeros), tokens);
    }

    /** What was found for these texts; {@code pair} is null for one text. */
    static ReferenceRow of(Encoding encoding, String text, String pair) {
        CodePointIndex[] indexes = {CodePointIndex.of(text), pair == null ? null : CodePointIndex.of(pair)};
        List<String> spans = new ArrayList<>();
        for (int i = 0; i < encoding.length(); i++) {
            Span span = encoding.span(i);
            Span inCodePoints = span == null ? null : indexes[encoding.sequence(i)].codePoints(span);
            spans.add(span == null ? "-" : inCodePoints.start() + "," + inCodePoints.end());
        }
        return new ReferenceRow(column(encoding.ids()), String.join(" ", spans), column(encoding.words()),
                column(encoding.typeIds()), column(encoding.sequences()), encoding.tokens());
    }

    private static String column(int[] values) {
        return Arrays.stream(values).mapToObj(value -> value < 0 ? "-" : String.valueOf(value))
                .collect(Collectors.joining(" "));
    }
}
