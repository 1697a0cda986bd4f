package dev.limpid.attribution.render;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextWidthTest {
    @ParameterizedTest(name = "{0} takes {1} columns")
    @CsvSource({"word, 4", "'', 0", "naïve, 5", "nai\u0308ve, 5", "日本語, 6", "한국, 4", "カナ, 4", "ｶﾅ, 2", "😀, 2", "Ａ, 2",
            "�, 1",
            "שלום, 4", "a\u200db, 2"})
    void countsColumns(String text, int columns) {
        assertThat(TextWidth.of(text)).isEqualTo(columns);
    }

    @Test
    void splitsBetweenCharacters() {
        assertThat(TextWidth.split("日本語text", 5)).containsExactly("日本", "語tex", "t");
        assertThat(TextWidth.split("😀😀", 1)).containsExactly("😀", "😀");
        assertThat(TextWidth.split("abc", 3)).containsExactly("abc");
        assertThat(TextWidth.split("", 3)).containsExactly("");
    }
}
