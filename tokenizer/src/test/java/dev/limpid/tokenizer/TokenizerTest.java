package dev.limpid.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
    private static final List<String> TOKENS = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "what", "is",
            "natural", "language", "##s", "?", "cafe", "中", ".", "un", "##know", "##n");

    @TempDir
    private Path directory;
    private Tokenizer tokenizer;

    @BeforeEach
    void load() throws IOException {
        Files.write(directory.resolve("vocab.txt"), TOKENS);
        tokenizer = Tokenizer.load(directory);
    }

    @Test
    void aPairHasSegmentsSpansAndSequences() {
        Encoding encoding = tokenizer.encode("What is?", "Natural languages.");
        assertThat(encoding.tokens()).containsExactly("[CLS]", "what", "is", "?", "[SEP]", "natural", "language", "##s",
                ".", "[SEP]");
        assertThat(encoding.ids()).containsExactly(2, 5, 6, 10, 3, 7, 8, 9, 13, 3);
        assertThat(encoding.typeIds()).containsExactly(0, 0, 0, 0, 0, 1, 1, 1, 1, 1);
        assertThat(encoding.attentionMask()).containsOnly(1);
        assertThat(encoding.specialTokensMask()).containsExactly(1, 0, 0, 0, 1, 0, 0, 0, 0, 1);
        assertThat(encoding.sequences()).containsExactly(-1, 0, 0, 0, -1, 1, 1, 1, 1, -1);
        assertThat(encoding.words()).containsExactly(-1, 0, 1, 2, -1, 0, 1, 1, 2, -1);
        assertThat(encoding.spans()).containsExactly(null, new Span(0, 4), new Span(5, 7), new Span(7, 8), null,
                new Span(0, 7), new Span(8, 16), new Span(16, 17), new Span(17, 18), null);
    }

    @Test
    void spansCountUtf16UnitsAndTurnIntoCodePoints() {
        String text = "😀 Café\u0000 中";
        Encoding encoding = tokenizer.encode(text);
        assertThat(encoding.tokens()).containsExactly("[CLS]", "[UNK]", "cafe", "中", "[SEP]");
        assertThat(encoding.span(2)).isEqualTo(new Span(3, 7));
        assertThat(encoding.span(2).of(text)).isEqualTo("Café");
        assertThat(encoding.span(2).inCodePoints(text)).isEqualTo(new Span(2, 6));
        assertThat(CodePointIndex.of(text).codePoints(encoding.span(3))).isEqualTo(new Span(8, 9));
    }

    @Test
    void specialTokensTypedByAUserAreFoundAsWritten() {
        Encoding encoding = tokenizer.encode("is[SEP][sep]", EncodeOptions.DEFAULT.withSpecialTokens(false));
        assertThat(encoding.tokens()).containsExactly("is", "[SEP]", "[UNK]", "[UNK]", "[UNK]");
        assertThat(encoding.isSpecial(1)).isFalse();
        assertThat(encoding.span(1)).isEqualTo(new Span(2, 7));
    }

    @Test
    void aWordWithAnUnknownPartIsOneUnknownToken() {
        assertThat(tokenizer.encode("unknown unknowx").tokens()).containsExactly("[CLS]", "un", "##know", "##n",
                "[UNK]", "[SEP]");
        assertThat(tokenizer.encode("un" + "n".repeat(98)).length()).isEqualTo(101);
        assertThat(tokenizer.encode("un" + "n".repeat(99)).tokens()).containsExactly("[CLS]", "[UNK]", "[SEP]");
    }

    @Test
    void nothingIsLeftOfBlankTexts() {
        for (String blank : List.of("", " ", "\t\r\n\u3000", "\u0000\u200b\ufffd", "\ud800")) {
            assertThat(tokenizer.encode(blank).tokens()).as(blank).containsExactly("[CLS]", "[SEP]");
            assertThat(tokenizer.encode(blank, blank).typeIds()).as(blank).containsExactly(0, 0, 1);
        }
    }

    @Test
    void windowsCoverTheWholeContextAndOverlapByTheStride() {
        EncodeOptions options = EncodeOptions.DEFAULT.withTruncation(Truncation.ONLY_SECOND, 8).withStride(1);
        List<Encoding> windows = tokenizer.windows("what is", "natural language is natural ?", options);
        assertThat(windows).extracting(Encoding::tokens).containsExactly(
                List.of("[CLS]", "what", "is", "[SEP]", "natural", "language", "is", "[SEP]"),
                List.of("[CLS]", "what", "is", "[SEP]", "is", "natural", "?", "[SEP]"));
        assertThat(windows.getFirst())
                .isEqualTo(tokenizer.encode("what is", "natural language is natural ?", options));
    }

    @Test
    void paddingIsMaskedOut() {
        Encoding encoding = tokenizer.encode("what", EncodeOptions.DEFAULT.withPadding(5));
        assertThat(encoding.ids()).containsExactly(2, 5, 3, 0, 0);
        assertThat(encoding.attentionMask()).containsExactly(1, 1, 1, 0, 0);
        assertThat(encoding.specialTokensMask()).containsExactly(1, 0, 1, 1, 1);
        assertThat(encoding.spans()).containsExactly(null, new Span(0, 4), null, null, null);
    }

    @Test
    void anEncodingCannotBeChangedThroughItsArrays() {
        Encoding encoding = tokenizer.encode("what");
        Arrays.fill(encoding.ids(), 7);
        assertThat(encoding.id(1)).isEqualTo(5);
    }

    @Test
    void roomThatIsTooSmallIsRefusedInOneSentence() {
        EncodeOptions tooSmall = EncodeOptions.DEFAULT.withTruncation(Truncation.LONGEST_FIRST, 2);
        assertThatThrownBy(() -> tokenizer.encode("what", "is", tooSmall)).isInstanceOf(TokenizerException.class)
                .hasMessage("maxLength is 2, but 3 special tokens are added; use at least 3");
        EncodeOptions second = EncodeOptions.DEFAULT.withTruncation(Truncation.ONLY_SECOND, 5);
        assertThatThrownBy(() -> tokenizer.encode("what is ?", "is", second)).isInstanceOf(TokenizerException.class)
                .hasMessageContaining("maxLength is 5, but without the second text there are already 6 tokens");
        assertThatThrownBy(() -> tokenizer.encode("what is ? . . . .", second)).isInstanceOf(TokenizerException.class)
                .hasMessageContaining("needs a second text");
        EncodeOptions stride = EncodeOptions.DEFAULT.withTruncation(Truncation.ONLY_FIRST, 4).withStride(2);
        assertThatThrownBy(() -> tokenizer.encode("what is ?", stride)).isInstanceOf(TokenizerException.class)
                .hasMessageContaining("use a stride below 2");
    }

    @Test
    void manyThreadsMayUseOneTokenizer() {
        List<String> texts = List.of("What is natural language?", "unknown [MASK] 中 Café", "is ".repeat(300));
        List<Encoding> expected = tokenizer.encodeAll(texts, EncodeOptions.DEFAULT);
        assertThat(IntStream.range(0, 64).parallel()
                .mapToObj(i -> tokenizer.encodeAll(texts, EncodeOptions.DEFAULT))).containsOnly(expected);
    }
}
