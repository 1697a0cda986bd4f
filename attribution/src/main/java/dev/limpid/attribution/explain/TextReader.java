package dev.limpid.attribution.explain;

import dev.limpid.attribution.explain.TextInput.Part;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.tokenizer.EncodeOptions;
import dev.limpid.tokenizer.Encoding;
import dev.limpid.tokenizer.Tokenizer;
import dev.limpid.tokenizer.Truncation;
import java.util.function.Supplier;

/** Turns one text, or two, into a row for the model, in either convention; refuses what has no words or does not fit. */
final class TextReader {
    static final EncodeOptions BARE = EncodeOptions.DEFAULT.withSpecialTokens(false);

    private final Tokenizer tokenizer;
    private final int longest;

    TextReader(LimpidModel model) {
        tokenizer = model.tokenizer();
        longest = Math.min(model.bert().config().maxPositions(),
                tokenizer.modelMaxLength().orElse(Integer.MAX_VALUE));
    }

    /**
     * A row.
     *
     * @param input what the model reads
     * @param tokensLeftOut how many tokens of the texts were cut off
     */
    record Row(TextInput input, int tokensLeftOut) {}

    /** A text as the model was trained to read it. */
    Row read(String what, String text, Source source, boolean truncate) {
        requireWords(what, text);
        Encoding whole = tokenizer.encode(text);
        return whole.length() <= longest
                ? new Row(TextInput.of(whole, source), 0)
                : cut(whole.length(), "the " + what + " has", truncate, () -> tokenizer.encode(text,
                        EncodeOptions.DEFAULT.withTruncation(Truncation.ONLY_FIRST, longest)), source);
    }

    /** Two texts as the model was trained to read them; {@code how} says which of them may be cut. */
    Row read(String what, String text, Source source, String whatOther, String other, Source otherSource,
            Truncation how, boolean truncate) {
        requireWords(what, text);
        requireWords(whatOther, other);
        Encoding whole = tokenizer.encode(text, other);
        if (whole.length() <= longest) {
            return new Row(TextInput.of(whole, source, otherSource), 0);
        }
        int unshortened = how == Truncation.ONLY_FIRST ? tokenizer.encode(other, BARE).length() : 0;
        if (truncate && unshortened > longest - 4) {
            throw new InputException(
                    "the " + whatOther + " has " + unshortened + " tokens, which leaves no room for the "
                            + what + " in the model's window of " + longest + " tokens; shorten the " + whatOther);
        }
        return cut(whole.length(), "the " + what + " and the " + whatOther + " have", truncate,
                () -> tokenizer.encode(text, other, EncodeOptions.DEFAULT.withTruncation(how, longest)), source,
                otherSource);
    }

    private Row cut(int length, String have, boolean truncate, Supplier<Encoding> shorter,
            Source... sources) {
        if (!truncate) {
            throw new InputException(have + " " + length + " tokens, more than the model's window of " + longest
                    + "; shorten the text, or allow its end to be cut off (--truncate)");
        }
        return new Row(TextInput.of(shorter.get(), sources), length - longest);
    }

    /** A text as transformers-interpret reads it: cleaned, and its last [SEP] in segment 1 unless {@code oneSegment}. */
    Row transformersInterpret(String what, String text, Source source, boolean oneSegment) {
        requireWords(what, text);
        CleanedText cleaned = CleanedText.of(text);
        Encoding bare = tokenizer.encode(cleaned.text(), BARE);
        TextInput input = TextInput.transformersInterpret(tokenizer, oneSegment ? bare.length() + 1 : bare.length(),
                new Part(bare, source));
        return fitting(input.withSpans(source, cleaned::original));
    }

    /** Two texts as transformers-interpret reads them, cleaned where their explainer cleans the first; {@code lastOfFirst} added to the first one's length. */
    Row transformersInterpret(String text, Source source, String other, Source otherSource, boolean cleans,
            int lastOfFirst) {
        requireWords("text", text);
        CleanedText cleaned = CleanedText.of(text);
        Encoding bare = tokenizer.encode(cleans ? cleaned.text() : text, BARE);
        TextInput input = TextInput.transformersInterpret(tokenizer, bare.length() + lastOfFirst,
                new Part(bare, source), new Part(tokenizer.encode(other, BARE), otherSource));
        return fitting(cleans ? input.withSpans(source, cleaned::original) : input);
    }

    private Row fitting(TextInput input) {
        if (input.length() > longest) {
            throw new InputException("the text has " + input.length() + " tokens, more than the model's window of "
                    + longest + ", and the transformers-interpret convention cuts nothing off; shorten the text or use"
                    + " the default convention");
        }
        return new Row(input, 0);
    }

    private void requireWords(String what, String text) {
        if (text.isBlank()) {
            throw new InputException("the " + what + " is empty; give a text with at least one word");
        }
        if (tokenizer.encode(text, BARE).length() == 0) {
            throw new InputException("the " + what + " has no words that the tokenizer keeps; give a text with one");
        }
    }
}
