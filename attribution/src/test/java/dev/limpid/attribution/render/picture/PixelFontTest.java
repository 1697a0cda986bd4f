package dev.limpid.attribution.render.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PixelFontTest {
    private static String drawn(int character) {
        StringBuilder dots = new StringBuilder();
        for (int row = 0; row < PixelFont.HEIGHT; row++) {
            for (int column = 0; column < PixelFont.ADVANCE; column++) {
                dots.append(PixelFont.isSet(character, row, column) ? '#' : '.');
            }
            dots.append('\n');
        }
        return dots.toString();
    }

    @Test
    void everyCharacterOfAsciiIsItsOwn() {
        Set<String> shapes = new HashSet<>();
        for (char c = ' '; c <= '~'; c++) {
            assertThat(drawn(c)).as("%s", c).isNotEqualTo(drawn('日'));
            shapes.add(drawn(c));
        }
        assertThat(shapes).hasSize(95);
        assertThat(drawn(' ')).doesNotContain("#");
    }

    @Test
    void shapesAreTheOnesOfTheFile() {
        assertThat(drawn('L')).isEqualTo("#.....\n".repeat(6) + "#####.\n" + "......\n".repeat(2));
        assertThat(drawn('_')).isEqualTo("......\n".repeat(7) + "#####.\n......\n");
    }

    @Test
    void whatIsNotInItIsABoxOrItsLikeness() {
        assertThat(drawn(0x1F600)).isEqualTo("#####.\n" + "#...#.\n".repeat(5) + "#####.\n" + "......\n".repeat(2));
        assertThat(PixelFont.drawable(" Löwe\n“à–la”\tÅ ")).isEqualTo("Lowe \"a-la\" A");
        assertThat(PixelFont.drawable("日本\u0000")).isEqualTo("日本\u0000");
    }

    @Test
    void linesBreakAtBlanks() {
        int ten = 10 * PixelFont.ADVANCE - 1;
        assertThat(PixelFont.width("0123456789")).isEqualTo(ten);
        assertThat(PixelFont.lines("one two three", ten, 3)).containsExactly("one two", "three");
        assertThat(PixelFont.lines("0123456789", ten, 3)).containsExactly("0123456789");
        assertThat(PixelFont.lines("0123456789 abc", ten, 3)).containsExactly("0123456789", "abc");
        assertThat(PixelFont.lines("0123456789abc", ten, 3)).containsExactly("0123456789", "abc");
        assertThat(PixelFont.lines("", ten, 3)).isEmpty();
        assertThat(PixelFont.lines("  ", ten, 3)).isEmpty();
    }

    @Test
    void whatDoesNotFitEndsInAnEllipsis() {
        int ten = 10 * PixelFont.ADVANCE - 1;
        List<String> lines = PixelFont.lines("one two three four five six", ten, 2);
        assertThat(lines).containsExactly("one two", "three fou…");
        assertThat(PixelFont.lines("x".repeat(100), ten, 3)).containsExactly("x".repeat(10), "x".repeat(10),
                "x".repeat(9) + "…");
        assertThat(PixelFont.lines("abc", 1, 1)).containsExactly("…");
    }
}
