package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.tokenizer.Encoding;
import dev.limpid.tokenizer.Span;
import dev.limpid.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens merged to words and to stretches of the text. */
class WordAttributionTest {
    private static final Tokenizer TOKENIZER = Tokenizer.load(Path.of("../bert/src/test/resources/golden/sequence-2"));

    private static List<TokenAttribution> tokens(String text, String pair, Random random) {
        Encoding encoding = pair == null ? TOKENIZER.encode(text) : TOKENIZER.encode(text, pair);
        List<TokenAttribution> tokens = new ArrayList<>();
        for (int t = 0; t < encoding.length(); t++) {
            Source source = switch (encoding.sequence(t)) {
                case 0 -> Source.TEXT;
                case 1 -> Source.TEXT_PAIR;
                default -> Source.SPECIAL;
            };
            tokens.add(new TokenAttribution(encoding.token(t), source, encoding.span(t), random.nextGaussian(), 0));
        }
        return tokens;
    }

    private static double sum(List<WordAttribution> words) {
        return words.stream().mapToDouble(WordAttribution::raw).sum();
    }

    @Test
    void piecesGoTogetherAndMarksStandAlone() {
        String text = "Naïvely unbuilt, the TOWERS; ##ing \u2603";
        List<TokenAttribution> tokens = tokens(text, "lings", new Random(1));
        List<WordAttribution> words = WordAttribution.words(tokens, s -> s == Source.TEXT ? text : "lings");
        assertThat(words).extracting(WordAttribution::text).containsExactly("[CLS]", "Naïvely", "unbuilt", ",", "the",
                "TOWERS", ";", "#", "#", "ing", "\u2603", "[SEP]", "lings", "[SEP]");
        assertThat(words.getFirst().span()).isNull();
        assertThat(words.get(5).span()).isEqualTo(new Span(21, 27));
        WordAttribution naive = words.get(1);
        assertThat(naive.lastToken()).isGreaterThan(naive.firstToken());
        assertThat(naive.raw()).isEqualTo(IntStream.rangeClosed(naive.firstToken(), naive.lastToken())
                .mapToDouble(t -> tokens.get(t).raw()).sum());
        assertThat(sum(words)).isCloseTo(tokens.stream().mapToDouble(TokenAttribution::raw).sum(), within(1e-12));
        assertThat(words.stream().mapToDouble(w -> w.attribution() * w.attribution()).sum())
                .isCloseTo(1, within(1e-12));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void wordsAreThoseOfTheTokenizer(long seed) {
        Random random = new Random(seed);
        String letters = "aBcé-.# \t中😀ing";
        int[] alphabet = letters.codePoints().toArray();
        for (int i = 0; i < 50; i++) {
            StringBuilder text = new StringBuilder("x");
            random.ints(random.nextInt(40), 0, alphabet.length).forEach(c -> text.appendCodePoint(alphabet[c]));
            Encoding encoding = TOKENIZER.encode(text.toString());
            List<WordAttribution> words = WordAttribution.words(tokens(text.toString(), null, random),
                    _ -> text.toString());
            int[] expected = encoding.words();
            int changes = 0;
            for (int t = 1; t < expected.length; t++) {
                changes += expected[t] != expected[t - 1] ? 1 : 0;
            }
            assertThat(words).as("%s", text).hasSize(changes + 1);
            for (WordAttribution word : words) {
                assertThat(IntStream.rangeClosed(word.firstToken(), word.lastToken()).map(t -> expected[t]).distinct()
                        .count()).isEqualTo(1);
            }
        }
    }

    @Test
    void spansHaveTheSumOfTheTokensTheyTouch() {
        String text = "Alice was born. Bob wasnt there.";
        List<TokenAttribution> tokens = tokens(text, "Bob", new Random(2));
        int second = text.indexOf("Bob");
        List<WordAttribution> sentences = WordAttribution.spans(tokens, Source.TEXT, text,
                List.of(new Span(0, second), new Span(second, text.length())));
        assertThat(sentences).extracting(WordAttribution::text).containsExactly("Alice was born. ", "Bob wasnt there.");
        assertThat(sum(sentences)).isCloseTo(tokens.stream().filter(t -> t.source() == Source.TEXT)
                .mapToDouble(TokenAttribution::raw).sum(), within(1e-12));
        int inside = text.indexOf("nt there");
        List<WordAttribution> cut = WordAttribution.spans(tokens, Source.TEXT, text,
                List.of(new Span(second, inside), new Span(inside, inside + 3),
                        new Span(text.length() - 1, text.length())));
        assertThat(cut.get(2).text()).isEqualTo(".");
        assertThat(cut.get(0).lastToken()).isLessThan(cut.get(2).firstToken());
        List<WordAttribution> blank = WordAttribution.spans(tokens, Source.TEXT, text, List.of(new Span(15, 16)));
        assertThat(blank.getFirst().firstToken()).isEqualTo(-1);
        assertThat(blank.getFirst().raw()).isZero();
        assertThat(blank.getFirst().attribution()).isZero();
    }

    @Test
    void spansThatOverlapOrReachBeyondTheTextAreRefused() {
        List<TokenAttribution> tokens = tokens("a b", null, new Random(3));
        for (List<Span> spans : List.of(List.of(new Span(0, 2), new Span(1, 3)), List.of(new Span(0, 4)),
                List.of(new Span(2, 3), new Span(0, 1)))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> WordAttribution.spans(tokens, Source.TEXT, "a b", spans))
                    .withMessageContaining("overlaps the one before it or reaches beyond");
        }
    }
}
