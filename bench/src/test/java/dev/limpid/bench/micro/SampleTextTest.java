package dev.limpid.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SampleTextTest {
    private static final List<String> VOCABULARY = List.of("[PAD]", "a", "##ing", "the", "tower", "iron", "1889",
            "caf\u00e9");

    @Test
    void textsAreSentencesOfTheWordsAndTheSameEachTime() {
        List<String> texts = new SampleText(VOCABULARY).texts(3, 200);
        assertThat(texts).hasSize(3).doesNotHaveDuplicates().isEqualTo(new SampleText(VOCABULARY).texts(3, 200));
        assertThat(texts).allSatisfy(text -> {
            assertThat(text).hasSizeGreaterThan(190).matches("[A-Z].*\\.");
            assertThat(text.toLowerCase(Locale.ROOT).split("[ ,.]+"))
                    .allMatch(word -> word.matches("(the|tower|iron){1,2}"));
        });
    }
}
