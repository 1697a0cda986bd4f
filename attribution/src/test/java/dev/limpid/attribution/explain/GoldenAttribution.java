package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Compares an attribution with one that transformers-interpret or captum computed. */
final class GoldenAttribution {
    /** What a normalised attribution may differ by. */
    static final double TOLERANCE = 1e-5;

    private GoldenAttribution() {}

    /**
     * Compares scores, delta, sum, and every token.
     *
     * @param expected a record of a golden file, with {@code score}, {@code baselineScore}, {@code delta}, {@code attributionSum}, {@code raw} and
     *        {@code attribution}
     * @param pair the golden pair with its {@code tokens}
     * @param tolerance what a normalised attribution may differ by; scores and raw attributions may by as much, relative to their size
     */
    static void compare(TargetAttribution actual, JsonNode expected, JsonNode pair, double tolerance,
            String what) {
        double scale = Math.max(1, Math.abs(expected.path("score").asDouble()));
        assertThat(actual.score()).as("score, %s", what).isCloseTo(expected.path("score").asDouble(),
                within(tolerance * scale));
        assertThat(actual.baselineScore()).as("baseline score, %s", what)
                .isCloseTo(expected.path("baselineScore").asDouble(), within(tolerance * scale));
        double norm = Math.sqrt(actual.tokens().stream().mapToDouble(t -> t.raw() * t.raw()).sum());
        assertThat(actual.delta()).as("delta, %s", what).isCloseTo(expected.path("delta").asDouble(),
                within(2 * tolerance * Math.max(scale, norm)));
        assertThat(actual.attributionSum()).as("sum, %s", what).isCloseTo(expected.path("attributionSum").asDouble(),
                within(tolerance * actual.tokens().size()));
        List<TokenAttribution> tokens = actual.tokens();
        assertThat(tokens).hasSameSizeAs(pair.path("tokens"));
        for (int t = 0; t < tokens.size(); t++) {
            assertThat(tokens.get(t).text()).isEqualTo(pair.path("tokens").get(t).asText());
            assertThat(tokens.get(t).attribution()).as("token %s, %s", t, what)
                    .isCloseTo(expected.path("attribution").get(t).asDouble(), within(tolerance));
            assertThat(tokens.get(t).raw()).as("raw token %s, %s", t, what)
                    .isCloseTo(expected.path("raw").get(t).asDouble(), within(2 * tolerance * Math.max(1, norm)));
        }
    }
}
