package dev.limpid.tokenizer;

/**
 * A token that is found in the text itself, before the text is split into words.
 *
 * @param content what the token looks like
 * @param singleWord matches only where no word character stands beside it
 * @param lstrip takes the white space before it along
 * @param rstrip takes the white space after it along
 * @param normalized is looked for, in its normalised form, in the normalised text rather than in the text as given
 * @param special is left out when decoding
 */
record AddedToken(String content, boolean singleWord, boolean lstrip, boolean rstrip, boolean normalized,
        boolean special) {

    /** A special token without further rules. */
    static AddedToken special(String content) {
        return new AddedToken(content, false, false, false, false, true);
    }
}
