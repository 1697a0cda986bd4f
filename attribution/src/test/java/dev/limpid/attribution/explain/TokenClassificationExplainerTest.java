package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Steps;
import dev.limpid.attribution.explain.TokenOptions.Explained;
import dev.limpid.tokenizer.Span;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for the explanation of tokens' labels in the default convention. */
class TokenClassificationExplainerTest {
    private static final String TEXT = "Alice lived in London, London in Europe; the the river";

    private static LimpidModel model;

    @BeforeAll
    static void load() {
        model = Limpid.load(Path.of("../bert/src/test/resources/golden/token"));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static double[] raw(TargetAttribution target) {
        return target.tokens().stream().mapToDouble(TokenAttribution::raw).toArray();
    }

    @Test
    void everyTokenIsKeptAlsoWhereTwoAreAlike() {
        TokenClassificationExplanation e = model.tokenClassification().explain(TEXT);
        int tokens = model.tokenizer().encode(TEXT).length();
        assertThat(e.predictions()).hasSize(tokens);
        assertThat(e.explanations()).extracting(TargetAttribution::index)
                .isEqualTo(IntStream.range(1, tokens - 1).boxed().toList());
        assertThat(e.explanations()).allSatisfy(target -> {
            TokenPrediction prediction = e.predictions().get(target.index());
            assertThat(target.label()).isEqualTo(prediction.label());
            assertThat(target.score()).isCloseTo(prediction.logit(), within(1e-5));
            assertThat(target.tokens()).hasSize(tokens);
        });
        RunOptions little = new RunOptions(0, 1, RunOptions.DEFAULT.progress());
        TokenClassificationExplanation grouped = model.tokenClassification().explain(TEXT,
                TokenOptions.DEFAULT.withText(TextOptions.DEFAULT.withRun(little)));
        for (int i = 0; i < e.explanations().size(); i++) {
            assertThat(raw(grouped.explanations().get(i))).containsExactly(raw(e.explanations().get(i)), within(1e-6));
        }
    }

    @Test
    void ignoredLabelsAndIndexesAreNotExplained() {
        TokenClassificationExplanation all = model.tokenClassification().explain(TEXT);
        String label = all.predictions().get(2).label();
        TokenClassificationExplanation e = model.tokenClassification().explain(TEXT,
                TokenOptions.DEFAULT.withIgnoredLabels(Set.of(label)).withIgnoredIndexes(Set.of(1, 4)));
        assertThat(e.predictions()).isEqualTo(all.predictions());
        assertThat(e.explanations()).extracting(TargetAttribution::index).isEqualTo(all.explanations().stream()
                .filter(t -> !t.label().equals(label)).map(TargetAttribution::index).filter(i -> i != 1 && i != 4)
                .toList()).isNotEmpty();
        TokenClassificationExplanation none = model.tokenClassification().explain(TEXT,
                TokenOptions.DEFAULT.withIgnoredLabels(Set.copyOf(model.bert().config().labels())));
        assertThat(none.explanations()).isEmpty();
        assertThatThrownBy(() -> model.tokenClassification().explain(TEXT,
                TokenOptions.DEFAULT.withIgnoredLabels(Set.of("B-DOG")))).isInstanceOf(InputException.class)
                .hasMessageStartingWith("the model has no label 'B-DOG' to ignore; it has O, B-PER");
    }

    @Test
    void anEntityIsExplainedByTheMeanOfItsTokens() {
        TokenOptions fifty = TokenOptions.DEFAULT.withText(TextOptions.DEFAULT
                .withMethod(TextMethod.of(new IntegratedGradients(Steps.FIFTY))));
        TokenClassificationExplanation tokens = model.tokenClassification().explain(TEXT, fifty);
        TokenClassificationExplanation e = model.tokenClassification().explain(TEXT,
                fifty.withExplained(Explained.ENTITIES));
        assertThat(e.explanations()).hasSameSizeAs(e.entities()).isNotEmpty();
        for (int i = 0; i < e.entities().size(); i++) {
            Entity entity = e.entities().get(i);
            TargetAttribution target = e.explanations().get(i);
            assertThat(target.target()).isEqualTo("entity");
            assertThat(target.label()).isEqualTo(entity.label());
            assertThat(entity.text()).isEqualTo(entity.span().of(TEXT));
            int count = entity.end() - entity.start() + 1;
            double[] mean = new double[target.tokens().size()];
            for (int t = entity.start(); t <= entity.end(); t++) {
                double[] one = raw(tokens.explanations().get(t - 1));
                for (int j = 0; j < mean.length; j++) {
                    mean[j] += one[j] / count;
                }
            }
            assertThat(raw(target)).containsExactly(mean, within(1e-5));
        }
    }

    @Test
    void entitiesAreGroupedAsHuggingFacesPipelineDoes() {
        assertThat(entities("O", "B-PER", "I-PER", "O", "B-LOC")).containsExactly("PER 1-2", "LOC 4-4");
        assertThat(entities("B-PER", "B-PER", "I-LOC", "I-LOC")).containsExactly("PER 0-0", "PER 1-1", "LOC 2-3");
        assertThat(entities("I-PER", "PER", "I-PER", "B-PER")).containsExactly("PER 0-2", "PER 3-3");
        assertThat(entities("O", "O")).isEmpty();
    }

    private static List<String> entities(String... labels) {
        String text = "word ".repeat(labels.length);
        List<TokenPrediction> predictions = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            predictions
                    .add(new TokenPrediction(i, "word", new Span(5 * i, 5 * i + 4), 0, labels[i], 1, 0.25 * (i + 1)));
        }
        List<Entity> entities = Entity.of(predictions, text);
        assertThat(entities).allSatisfy(e -> {
            assertThat(e.text()).isEqualTo(text.substring(5 * e.start(), 5 * e.end() + 4));
            assertThat(e.probability()).isCloseTo(0.25 * (1 + (e.start() + e.end()) / 2.0), within(1e-12));
        });
        return entities.stream().map(e -> e.label() + " " + e.start() + "-" + e.end()).toList();
    }

    @Test
    void entitiesAreNoneOfTheirConventions() {
        assertThatThrownBy(() -> TokenOptions.TRANSFORMERS_INTERPRET.withExplained(Explained.ENTITIES))
                .hasMessageContaining("explains tokens, not entities");
    }
}
