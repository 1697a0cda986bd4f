package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The numbers printed in transformers-interpret's question-answering notebook, where the checkpoint is at hand: the folder that the environment
 * variable {@code LIMPID_MODELS} names must hold {@code bert-large-uncased-whole-word-masking-finetuned-squad}.
 */
class PublishedNumbersTest {
    private static final String NAME = "bert-large-uncased-whole-word-masking-finetuned-squad";
    private static final double TOLERANCE = 5e-3;
    private static final String CONTEXT = """

            In Artificial Intelligence and machine learning, Natural Language Processing relates to the usage of machines to \
            process and understand human language.
            Many researchers currently work in this space.
            """;

    @Test
    void theNotebooksQuestionAboutNaturalLanguageProcessing() {
        Path checkpoint = PublishedCheckpoints.find(NAME, "the notebook's numbers");
        try (LimpidModel model = Limpid.load(checkpoint)) {
            QuestionAnsweringExplanation e = model.questionAnswering().explain("What is natural language processing ?",
                    CONTEXT, QaOptions.DEFAULT.withConvention(Convention.TRANSFORMERS_INTERPRET));
            assertThat(e.answer().text()).isEqualTo("usage of machines to process and understand human language");
            assertThat(e.start().tokens()).hasSize(40);
            assertThat(e.start().label()).isEqualTo("usage");
            assertThat(e.start().index()).isEqualTo(21);
            assertThat(e.start().score()).isCloseTo(5.54, within(TOLERANCE));
            assertThat(e.start().attributionSum()).isCloseTo(1.683992, within(TOLERANCE));
            assertThat(e.start().tokens().get(1).attribution()).isCloseTo(0.9177170660377296, within(TOLERANCE));
            assertThat(e.end().label()).isEqualTo("language");
            assertThat(e.end().index()).isEqualTo(29);
            assertThat(e.end().score()).isCloseTo(5.40, within(TOLERANCE));
            assertThat(e.end().attributionSum()).isCloseTo(1.672659, within(TOLERANCE));
        }
    }
}
