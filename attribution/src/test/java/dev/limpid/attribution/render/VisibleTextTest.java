package dev.limpid.attribution.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class VisibleTextTest {
    @Test
    void ordinaryTextStaysAsItIs() {
        String text = "naïve 日本語 😀 e\u0301 \u2028 \ufeff \u200d\ttab\nline";
        assertThat(VisibleText.forMarkup(text)).isSameAs(VisibleText.forMarkup(VisibleText.forMarkup(text)))
                .isEqualTo(text);
        assertThat(VisibleText.wellFormed(text)).isSameAs(text);
    }

    @Test
    void whatHtmlCannotHoldIsReplaced() {
        assertThat(VisibleText.forMarkup("a\u0000b\u001b[1mc\u007fd\u0085e\u000cf")).isEqualTo("a�b�[1mc�d�e�f");
        assertThat(VisibleText.forMarkup("\ud800a\udc00\ufdd0\ufdef\ufffe\uffff\ud83f\udffe")).isEqualTo("�a������");
        assertThat(VisibleText.forMarkup("a\r\nb\rc")).isEqualTo("a\nb\nc");
    }

    @Test
    void everyCodePointThatIsNotAllowedInHtmlIsReplaced() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            String out = VisibleText.forMarkup("x" + Character.toString(c) + "y");
            boolean kept = out.equals("x" + Character.toString(c) + "y");
            assertThat(kept).as("U+%04X", c).isEqualTo(isAllowed(c));
        }
    }

    /** HTML standard, 13.1.4 and 13.2.3.5: no surrogates, no noncharacters, no controls but tab, line feed, form feed and carriage return. */
    private static boolean isAllowed(int c) {
        boolean noncharacter = (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFF) == 0xFFFE || (c & 0xFFFF) == 0xFFFF;
        boolean control = c <= 0x1F || (c >= 0x7F && c <= 0x9F);
        boolean surrogate = c >= 0xD800 && c <= 0xDFFF;
        return c == '\t' || c == '\n' || !(noncharacter || control || surrogate);
    }

    @Test
    void positionsStayWhereSurrogatesAreReplaced() {
        assertThat(VisibleText.wellFormed("\ud800😀\udc00\u0000")).isEqualTo("�😀�\u0000");
    }

    @ParameterizedTest(name = "hostile text {index}")
    @FieldSource("dev.limpid.attribution.render.Examples#HOSTILE")
    void nothingATerminalObeysGetsThrough(String text) throws CharacterCodingException {
        String shown = VisibleText.forTerminal(text);
        assertThat(shown.codePoints()).noneMatch(Character::isISOControl)
                .noneMatch(c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE)
                .noneMatch(c -> c == 0x2028 || c == 0x2029 || c == 0x2066);
        assertThat(StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(shown)).hasRemaining()).isTrue();
    }
}
