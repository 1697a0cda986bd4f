package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Numbers that the authors of transformers-interpret published for BERT models on the Hub, whose folder the environment variable {@code LIMPID_MODELS} names:
 * {@code ms-marco-MiniLM-L-6-v2} and {@code bert-base-NER}.
 */
class PublishedTextsTest {
    /** The weights may have been saved anew since, and another processor rounded otherwise. */
    private static final double TOLERANCE = 5e-3;

    private static JsonNode published;

    @BeforeAll
    static void read() throws IOException {
        published = new ObjectMapper()
                .readTree(Files.readAllBytes(Path.of("src/test/resources/golden/published-texts.json")));
    }

    private static void compare(TargetAttribution actual, JsonNode attributions) {
        List<TokenAttribution> tokens = actual.tokens();
        assertThat(tokens).hasSameSizeAs(attributions);
        for (int t = 0; t < tokens.size(); t++) {
            assertThat(tokens.get(t).text()).isEqualTo(attributions.get(t).get(0).asText());
            assertThat(tokens.get(t).attribution()).as("token %s", t)
                    .isCloseTo(attributions.get(t).get(1).asDouble(), within(TOLERANCE));
        }
    }

    @Test
    void theReadmesPairAboutBerlin() {
        JsonNode pair = published.path("pairwise");
        Path checkpoint = PublishedCheckpoints.find(pair.path("model").asText(), "the pair of the README");
        try (LimpidModel model = Limpid.load(checkpoint)) {
            TargetAttribution actual = model.pairClassification().explain(pair.path("text").asText(),
                    pair.path("textPair").asText(), ClassificationOptions.TRANSFORMERS_INTERPRET).explanations()
                    .getFirst();
            assertThat(actual.score()).isCloseTo(pair.path("probability").asDouble(), within(TOLERANCE));
            assertThat(actual.attributionSum()).isCloseTo(pair.path("attributionSum").asDouble(),
                    within(2 * TOLERANCE));
            compare(actual, pair.path("attributions"));
        }
    }

    @Test
    void theNotebooksNames() {
        JsonNode names = published.path("tokens");
        Path checkpoint = PublishedCheckpoints.find(names.path("model").asText(), "the names of the notebook");
        try (LimpidModel model = Limpid.load(checkpoint)) {
            Set<String> ignored = new HashSet<>();
            names.path("ignoredLabels").forEach(label -> ignored.add(label.asText()));
            TokenClassificationExplanation e = model.tokenClassification().explain(names.path("text").asText(),
                    TokenOptions.TRANSFORMERS_INTERPRET.withIgnoredLabels(ignored));
            JsonNode explanations = names.path("explanations");
            assertThat(e.explanations()).hasSameSizeAs(explanations);
            for (int i = 0; i < explanations.size(); i++) {
                TargetAttribution actual = e.explanations().get(i);
                assertThat(e.predictions().get(actual.index()).token())
                        .isEqualTo(explanations.get(i).path("token").asText());
                assertThat(actual.label()).isEqualTo(explanations.get(i).path("label").asText());
                compare(actual, explanations.get(i).path("attributions"));
            }
        }
    }
}
