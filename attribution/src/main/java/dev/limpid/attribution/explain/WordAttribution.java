package dev.limpid.attribution.explain;

import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.tokenizer.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How much one word, or any other stretch of a text, added to the explained score: the sum of its tokens.
 *
 * @param text the substring of the text, untouched; of a special token the token
 * @param source which of the texts it stands in
 * @param span where it stands there, in UTF-16 units; null for special tokens
 * @param firstToken position of its first token; −1 where it has none
 * @param lastToken position of its last token; −1 where it has none
 * @param raw the sum of its tokens' attributions
 * @param attribution {@code raw} divided by the Euclidean length of those of all words, or 0 where all are 0
 */
public record WordAttribution(String text, Source source, Span span, int firstToken, int lastToken, double raw,
        double attribution) {
    private static final String PIECE = "##";

    /**
     * Tokens merged to words: a piece that continues ({@code ##s}) goes with what it continues; punctuation marks and special tokens are words by themselves. Every token is in one word, so the raw
     * attributions have the same sum.
     *
     * @param texts the text of each source
     */
    public static List<WordAttribution> words(List<TokenAttribution> tokens, Function<Source, String> texts) {
        List<WordAttribution> words = new ArrayList<>();
        for (int from = 0; from < tokens.size();) {
            int to = from + 1;
            while (to < tokens.size() && continues(tokens.get(to - 1), tokens.get(to))) {
                to++;
            }
            TokenAttribution first = tokens.get(from);
            Span span = first.span() == null
                    ? null
                    : new Span(first.span().start(), tokens.get(to - 1).span().end());
            words.add(new WordAttribution(span == null ? first.text() : span.of(texts.apply(first.source())),
                    first.source(), span, from, to - 1,
                    tokens.subList(from, to).stream().mapToDouble(TokenAttribution::raw).sum(), 0));
            from = to;
        }
        return normalised(words);
    }

    private static boolean continues(TokenAttribution before, TokenAttribution token) {
        return before.span() != null && token.span() != null && before.source() == token.source()
                && before.span().end() == token.span().start() && token.text().startsWith(PIECE)
                && token.text().length() > PIECE.length();
    }

    /**
     * Stretches of a text, each with the sum of the tokens that it touches; a token on a border belongs to the first of the two. Tokens outside all of them are left out.
     *
     * @param source the text they are of
     * @param spans in rising order, in UTF-16 units
     * @throws IllegalArgumentException if two of them overlap, are not in order, or reach beyond the text
     */
    public static List<WordAttribution> spans(List<TokenAttribution> tokens, Source source, String text,
            List<Span> spans) {
        List<WordAttribution> merged = new ArrayList<>();
        int next = 0;
        int end = 0;
        for (Span span : spans) {
            if (span.start() < end || span.end() > text.length()) {
                throw new IllegalArgumentException("the span [" + span.start() + ", " + span.end()
                        + ") overlaps the one before it or reaches beyond the text's " + text.length() + " units");
            }
            end = span.end();
            int first = -1;
            int last = -1;
            double raw = 0;
            for (int t = next; t < tokens.size(); t++) {
                TokenAttribution token = tokens.get(t);
                if (token.source() == source && token.span().start() < span.end()
                        && token.span().end() > span.start()) {
                    first = first < 0 ? t : first;
                    last = t;
                    raw += token.raw();
                    next = t + 1;
                }
            }
            merged.add(new WordAttribution(span.of(text), source, span, first, last, raw, 0));
        }
        return normalised(merged);
    }

    private static List<WordAttribution> normalised(List<WordAttribution> words) {
        double norm = Math.sqrt(words.stream().mapToDouble(word -> word.raw * word.raw).sum());
        return words.stream().map(word -> new WordAttribution(word.text, word.source, word.span, word.firstToken,
                word.lastToken, word.raw, norm == 0 ? 0 : word.raw / norm)).toList();
    }
}
