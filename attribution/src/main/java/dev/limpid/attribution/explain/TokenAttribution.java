package dev.limpid.attribution.explain;

import dev.limpid.tokenizer.Span;

/**
 * How much one token added to the explained score.
 *
 * @param text the token as the tokenizer has it: {@code [CLS]}, {@code machine}, {@code ##s}
 * @param source which of the texts it stands in
 * @param span where it stands in that text, in UTF-16 units; null for special tokens
 * @param raw its attribution a_t; over all tokens they sum to score − baselineScore, up to the delta
 * @param attribution {@code a_t/‖a‖₂}, or 0 where all are 0
 */
public record TokenAttribution(String text, Source source, Span span, double raw, double attribution) {
    /** The text a token stands in. */
    public enum Source {
        /** None: [CLS] and [SEP]. */
        SPECIAL("special"),
        /** The question. */
        QUESTION("question"),
        /** The question's context. */
        CONTEXT("context"),
        /** The text, or the first of two. */
        TEXT("text"),
        /** The second of two texts. */
        TEXT_PAIR("textPair"),
        /** What a label says of the text, in zero-shot classification. */
        HYPOTHESIS("hypothesis");

        private final String id;

        Source(String id) {
            this.id = id;
        }

        /** Its name in JSON. */
        public String id() {
            return id;
        }
    }
}
