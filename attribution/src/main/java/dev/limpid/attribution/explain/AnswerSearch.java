package dev.limpid.attribution.explain;

/**
 * The best answer of one window: the stretch of context tokens whose start and end logit sum highest, with start ≤ end and no more than a given
 * number of tokens; the first of equals.
 *
 * @param start position of the first token; 0, with {@code end} 0, for no answer
 * @param end position of the last token
 * @param startLogit start logit at {@code start}
 * @param endLogit end logit at {@code end}
 */
record AnswerSearch(int start, int end, double startLogit, double endLogit) {
    /** What answers are ranked by, within a window and across windows. */
    double score() {
        return startLogit + endLogit;
    }

    boolean isNoAnswer() {
        return start == 0;
    }

    /**
     * Searches a window.
     *
     * @param logits (T, 2): start and end logit of each token
     * @throws ArithmeticException if a logit of the context is not a number
     */
    static AnswerSearch best(TextInput input, double[] logits, int maxAnswerTokens) {
        AnswerSearch best = new AnswerSearch(-1, -1, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);
        for (int start = 0; start < input.length(); start++) {
            if (!input.isContext(start)) {
                continue;
            }
            for (int end = start; end < Math.min(input.length(), start + maxAnswerTokens)
                    && input.isContext(end); end++) {
                AnswerSearch candidate = new AnswerSearch(start, end, logits[2 * start], logits[2 * end + 1]);
                if (candidate.score() > best.score()) {
                    best = candidate;
                }
            }
        }
        if (best.start < 0) {
            throw new ArithmeticException("the model computes no finite score for any token of the context;"
                    + " the weights may be damaged or overflow in 32-bit floating point");
        }
        return best;
    }

    /** "No answer": both logits at [CLS]. */
    static AnswerSearch noAnswer(double[] logits) {
        return new AnswerSearch(0, 0, logits[0], logits[1]);
    }
}
