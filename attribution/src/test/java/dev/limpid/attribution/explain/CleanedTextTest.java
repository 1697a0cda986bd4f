package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.tokenizer.Span;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cleaning of texts against transformers-interpret's two regular expressions. */
class CleanedTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
            "I love you, I like you|I love you , I like you",
            "as soon as possible!!|as soon as possible ! ! ",
            "3,520.5|3 , 520 . 5",
            "(a)?| ( a ) ? ",
            "a  b|a b",
            "a; b|a; b"})
    void becomesWhatTheirsBecomes(String text, String cleaned) {
        assertThat(CleanedText.of(text).text()).isEqualTo(cleaned);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void isWhatTheRegularExpressionsMakeAndKnowsWhereItComesFrom(long seed) {
        Random random = new Random(seed);
        String alphabet = "ab.,!?() \t\n\u000b\f\r\u001c\u001f\u0085\u00a0\u1680\u2003\u2028\u202f\u3000\u200b\u180e😀é-";
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder();
            int[] letters = alphabet.codePoints().toArray();
            random.ints(random.nextInt(20), 0, letters.length).forEach(c -> text.appendCodePoint(letters[c]));
            CleanedText cleaned = CleanedText.of(text.toString());
            String expected = text.toString().replaceAll("([.,!?()])", " $1 ")
                    .replaceAll("(?U)[\\s\\u001c-\\u001f]{2,}", " ");
            assertThat(cleaned.text()).as("%s", text).isEqualTo(expected);
            for (int at = 0; at < expected.length(); at++) {
                if (expected.charAt(at) != ' ') {
                    assertThat(cleaned.original(new Span(at, at + 1)).of(text.toString()))
                            .isEqualTo(expected.substring(at, at + 1));
                }
            }
        }
    }
}
