package dev.limpid.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random texts, unpaired surrogates among them: nothing crashes, and what must hold for every text holds. */
class RandomTextTest {
    private static final String[] MODELS = {"uncased", "cased", "bare", "added", "odd"};
    private static final String[] FRAGMENTS = {"[SEP]", "[MASK]", "<left>", " <both> ", "<word>", "the", "unaffable",
            "Über", "中文", "각", "e\u0301\u0323", "\u302e\u0301", "\ud83d\ude00", "\ud83d", "\ude00", "İ", "\u0344",
            " ", "\n", "\u0000", "\ufffd", ".", "'s", "\u0f73\u0f71"};
    private static final List<Tokenizer> TOKENIZERS = new ArrayList<>();

    @BeforeAll
    static void load(@TempDir Path directory) {
        TOKENIZERS.clear();
        for (String model : MODELS) {
            TOKENIZERS.add(Fixtures.load(model, directory));
        }
    }

    static IntStream seeds() {
        return IntStream.range(0, 20);
    }

    private static String text(Random random, int fragments) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < fragments; i++) {
            switch (random.nextInt(4)) {
                case 0 -> text.append(FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
                case 1 -> text.append((char) random.nextInt(0x10000));
                case 2 -> text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
                default -> text.append((char) (' ' + random.nextInt(95)));
            }
        }
        return text.toString();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void spansLieInTheTextInOrderAndTokensAreOfTheVocabulary(int seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 25; round++) {
            String text = text(random, random.nextInt(60));
            for (Tokenizer tokenizer : TOKENIZERS) {
                Encoding encoding = tokenizer.encode(text, EncodeOptions.DEFAULT.withSpecialTokens(false));
                int start = 0;
                int end = 0;
                int word = 0;
                for (int i = 0; i < encoding.length(); i++) {
                    Span span = encoding.span(i);
                    assertThat(span.start()).as("token %d of %s", i, text).isBetween(start, span.end() - 1);
                    assertThat(span.end()).as("token %d of %s", i, text).isBetween(end, text.length());
                    assertThat(encoding.words()[i]).isBetween(word, word + 1);
                    assertThat(tokenizer.token(encoding.id(i))).isNotEmpty();
                    start = span.start();
                    end = span.end();
                    word = encoding.words()[i];
                }
                assertThat(tokenizer.decode(encoding.ids(), false)).isNotNull();
                assertThat(tokenizer.encode(text, EncodeOptions.DEFAULT.withSpecialTokens(false))).isEqualTo(encoding);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aPairIsItsTwoTextsAndWindowsAreItsParts(int seed) {
        Random random = new Random(seed);
        EncodeOptions plain = EncodeOptions.DEFAULT.withSpecialTokens(false);
        for (int round = 0; round < 20; round++) {
            String text = text(random, 1 + random.nextInt(20));
            String pair = text(random, 30 + random.nextInt(60));
            Tokenizer tokenizer = TOKENIZERS.get(random.nextInt(4));
            Encoding first = tokenizer.encode(text, plain);
            Encoding second = tokenizer.encode(pair, plain);
            Encoding both = tokenizer.encode(text, pair);
            assertThat(both.length()).isEqualTo(first.length() + second.length() + 3);
            assertThat(both.spans().subList(1, 1 + first.length())).isEqualTo(first.spans());
            assertThat(both.spans().subList(2 + first.length(), both.length() - 1)).isEqualTo(second.spans());

            int room = 5 + random.nextInt(20);
            int stride = random.nextInt(5);
            EncodeOptions options = EncodeOptions.DEFAULT
                    .withTruncation(Truncation.ONLY_SECOND, first.length() + 3 + room).withStride(stride);
            int from = 0;
            for (Encoding window : tokenizer.windows(text, pair, options)) {
                List<Span> spans = window.spans().subList(2 + first.length(), window.length() - 1);
                assertThat(spans).isEqualTo(second.spans().subList(from, from + spans.size()));
                assertThat(window.length()).isLessThanOrEqualTo(options.maxLength());
                from += room - stride;
            }
            assertThat(from + stride).as("tokens covered").isGreaterThanOrEqualTo(second.length());
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void decodingOrdinaryWordsGivesThemBack(int seed) {
        Random random = new Random(seed);
        Tokenizer tokenizer = TOKENIZERS.getFirst();
        String[] words = {"the", "language", "unbelievable", "tokenizers", "spoke", "27", "yesterday", "syzygy"};
        List<String> chosen = random.ints(1 + random.nextInt(12), 0, words.length).mapToObj(i -> words[i]).toList();
        String text = String.join(" ", chosen);
        assertThat(tokenizer.decode(tokenizer.encode(text).ids(), true)).isEqualTo(text);
    }
}
