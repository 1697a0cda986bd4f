package dev.limpid.tokenizer;

/**
 * How {@link Tokenizer} builds an {@link Encoding}.
 *
 * @param addSpecialTokens whether [CLS] and [SEP] (or what the tokenizer's template says) are added
 * @param maxLength most tokens an encoding may have, special tokens included; 0 for no limit
 * @param truncation which sequence is cut where {@code maxLength} is exceeded
 * @param stride tokens of a cut sequence that each window repeats from the one before
 * @param padTo length to which shorter encodings are filled with [PAD] at the end; 0 for none
 */
public record EncodeOptions(boolean addSpecialTokens, int maxLength, Truncation truncation, int stride, int padTo) {

    /** Special tokens added, nothing cut, nothing padded. */
    public static final EncodeOptions DEFAULT = new EncodeOptions(true, 0, Truncation.NONE, 0, 0);

    /**
     * Checks the options that can be judged without a text.
     *
     * @throws TokenizerException when a number is negative
     */
    public EncodeOptions {
        requireNotNegative("maxLength", maxLength);
        requireNotNegative("stride", stride);
        requireNotNegative("padTo", padTo);
        if (truncation == null) {
            throw new TokenizerException("truncation is null; use Truncation.NONE to cut nothing");
        }
    }

    private static void requireNotNegative(String option, int value) {
        if (value < 0) {
            throw new TokenizerException(option + " is " + value + "; use 0 for none, or a positive number");
        }
    }

    /** The same with special tokens added or not. */
    public EncodeOptions withSpecialTokens(boolean add) {
        return new EncodeOptions(add, maxLength, truncation, stride, padTo);
    }

    /** The same with encodings cut to {@code length} tokens in the way of {@code how}. */
    public EncodeOptions withTruncation(Truncation how, int length) {
        return new EncodeOptions(addSpecialTokens, length, how, stride, padTo);
    }

    /** The same with windows that overlap by {@code tokens} tokens of the cut sequence. */
    public EncodeOptions withStride(int tokens) {
        return new EncodeOptions(addSpecialTokens, maxLength, truncation, tokens, padTo);
    }

    /** The same with encodings filled up to {@code length} tokens. */
    public EncodeOptions withPadding(int length) {
        return new EncodeOptions(addSpecialTokens, maxLength, truncation, stride, length);
    }
}
