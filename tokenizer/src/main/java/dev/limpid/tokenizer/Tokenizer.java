package dev.limpid.tokenizer;

import dev.limpid.tokenizer.Template.Range;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * BERT's WordPiece tokenizer, equal to Hugging Face's fast one in ids and spans; immutable, for any number of threads.
 *
 * <p>A text is searched for added tokens (such as {@code [SEP]} typed by a user), normalised, split at white space and
 * around punctuation, and each word is cut into the longest pieces of the vocabulary. All of it takes time linear in the
 * length of the text. Source: {@code tokenizers} 0.23.2, whose tables this module carries.
 *
 * <p>Unpaired surrogates, which no UTF-8 text can hold, read as U+FFFD.
 */
public final class Tokenizer {
    private static final CharacterTables TABLES = CharacterTables.INSTANCE;

    private final Vocabulary vocabulary;
    private final WordPiece wordPiece;
    private final AddedTokens addedTokens;
    private final Template single;
    private final Template pair;
    private final SpecialTokens special;
    private final String continuingPrefix;
    private final int modelMaxLength;

    Tokenizer(TokenizerDefinition definition) {
        vocabulary = new Vocabulary(definition.vocabulary());
        special = definition.special();
        continuingPrefix = definition.continuingPrefix();
        wordPiece = new WordPiece(vocabulary, special.unknown(), continuingPrefix, definition.maxCharsPerWord());
        addedTokens = new AddedTokens(definition.addedTokens(), vocabulary, definition.normalizer());
        single = definition.single();
        pair = definition.pair();
        modelMaxLength = definition.modelMaxLength();
    }

    /**
     * Reads the tokenizer of a model directory: {@code tokenizer.json} if there is one, else {@code vocab.txt}, both with
     * {@code tokenizer_config.json} and {@code special_tokens_map.json} where these exist.
     *
     * @throws TokenizerException when files are missing or malformed, or describe another kind of tokenizer
     */
    public static Tokenizer load(Path directory) {
        return new Tokenizer(TokenizerDefinition.read(directory));
    }

    /** The encoding of one text with special tokens, nothing cut or padded. */
    public Encoding encode(String text) {
        return encode(text, EncodeOptions.DEFAULT);
    }

    /** The encoding of a pair of texts, such as question and context, with special tokens, nothing cut or padded. */
    public Encoding encode(String text, String pairText) {
        return encode(text, pairText, EncodeOptions.DEFAULT);
    }

    /**
     * The encoding of one text; where it is cut, what is left of it.
     *
     * @throws TokenizerException when {@code options} cannot be met for this text
     */
    public Encoding encode(String text, EncodeOptions options) {
        return first(List.of(pieces(text)), options);
    }

    /**
     * The encoding of a pair of texts; where they are cut, what is left of them.
     *
     * @throws TokenizerException when {@code options} cannot be met for these texts
     */
    public Encoding encode(String text, String pairText, EncodeOptions options) {
        return first(List.of(pieces(text), pieces(pairText)), options);
    }

    /** The encodings of several texts, each as {@link #encode(String, EncodeOptions)} gives it. */
    public List<Encoding> encodeAll(List<String> texts, EncodeOptions options) {
        return texts.stream().map(text -> encode(text, options)).toList();
    }

    /**
     * All of a long text as encodings of at most {@code maxLength} tokens, in text order, each repeating {@code stride}
     * tokens of the one before.
     *
     * @throws TokenizerException when {@code options} cannot be met for this text
     */
    public List<Encoding> windows(String text, EncodeOptions options) {
        return all(List.of(pieces(text)), options);
    }

    /**
     * All of a pair of texts as encodings of at most {@code maxLength} tokens, each repeating {@code stride} tokens of
     * the one before in a text that is cut.
     *
     * <p>The first is what {@link #encode(String, String, EncodeOptions)} gives. Where both texts are cut, there follow
     * the further windows of the first text, each with all windows of the second, and at last the first window of the
     * first text with the further ones of the second: the order of Hugging Face's overflowing tokens.
     *
     * @throws TokenizerException when {@code options} cannot be met for these texts
     */
    public List<Encoding> windows(String text, String pairText, EncodeOptions options) {
        return all(List.of(pieces(text), pieces(pairText)), options);
    }

    private Encoding first(List<Pieces> sequences, EncodeOptions options) {
        Template template = sequences.size() == 1 ? single : pair;
        List<Range> ranges = cut(sequences, template, options).stream().map(List::getFirst).toList();
        return finish(ranges, template, options);
    }

    private List<Encoding> all(List<Pieces> sequences, EncodeOptions options) {
        Template template = sequences.size() == 1 ? single : pair;
        List<List<Range>> windows = cut(sequences, template, options);
        for (int i = 0; i < sequences.size(); i++) {
            if (windows.get(i).getFirst().length() == 0 && sequences.get(i).size() > 0) {
                throw new TokenizerException("maxLength is " + options.maxLength()
                        + ", which leaves no room for text in any window; use a greater maxLength");
            }
        }
        List<Encoding> encodings = new ArrayList<>();
        for (List<Range> ranges : Windows.combinations(windows, template.sequenceOrder())) {
            encodings.add(finish(ranges, template, options));
        }
        return encodings;
    }

    private static List<List<Range>> cut(List<Pieces> sequences, Template template, EncodeOptions options) {
        if (options.truncation() == Truncation.NONE || options.maxLength() == 0) {
            return sequences.stream().map(pieces -> List.of(Range.whole(pieces))).toList();
        }
        return new Windows(options, options.addSpecialTokens() ? template.specialTokens() : 0).cut(sequences);
    }

    private Encoding finish(List<Range> ranges, Template template, EncodeOptions options) {
        return template.apply(ranges, options.addSpecialTokens()).padded(options.padTo(), padId(), special.pad());
    }

    private Pieces pieces(String text) {
        Pieces pieces = new Pieces();
        int word = 0;
        for (AddedTokens.Section section : addedTokens.sections(AlignedText.of(text))) {
            AlignedText content = section.text();
            if (section.id() >= 0) {
                pieces.addFound(section.id(), content.substring(section.from(), section.to()),
                        content.start(section.from()),
                        content.end(section.to() - 1), word++);
            } else {
                word = splitWords(content, section.from(), section.to(), word, pieces);
            }
        }
        return pieces;
    }

    /** Splits at white space, which is dropped, and around punctuation marks, which are words by themselves. */
    private int splitWords(AlignedText text, int from, int to, int firstWord, Pieces pieces) {
        int word = firstWord;
        for (int i = from; i < to;) {
            int start = i;
            while (i < to && !TABLES.isWhitespace(text.codePoint(i)) && !TABLES.isPunctuation(text.codePoint(i))) {
                i++;
            }
            if (i > start) {
                wordPiece.tokenize(text, start, i, word++, pieces);
            }
            if (i < to) {
                if (TABLES.isPunctuation(text.codePoint(i))) {
                    wordPiece.tokenize(text, i, i + 1, word++, pieces);
                }
                i++;
            }
        }
        return word;
    }

    /**
     * Text for ids, as the library's WordPiece decoder writes it: pieces joined, words parted by spaces, and the spaces
     * before some English punctuation and contractions taken away. Not the original text; for that use spans.
     *
     * @param ids unknown ids are skipped
     * @param skipSpecialTokens whether [CLS], [SEP] and their like are left out
     */
    public String decode(int[] ids, boolean skipSpecialTokens) {
        List<String> tokens = new ArrayList<>();
        for (int id : ids) {
            String token = vocabulary.token(id);
            if (token != null && !(skipSpecialTokens && addedTokens.isSpecial(id))) {
                tokens.add(token);
            }
        }
        return Decoder.decode(tokens, continuingPrefix);
    }

    /** How many tokens there are, added ones included. */
    public int vocabularySize() {
        return vocabulary.size();
    }

    /** The id of a token, if there is such a token. */
    public OptionalInt id(String token) {
        return vocabulary.id(token);
    }

    /**
     * The token with an id.
     *
     * @throws TokenizerException when no token has this id
     */
    public String token(int id) {
        String token = vocabulary.token(id);
        if (token == null) {
            throw new TokenizerException(
                    "no token has id " + id + "; the vocabulary has " + vocabularySize() + " tokens");
        }
        return token;
    }

    /** The id that stands for words without pieces, [UNK]. */
    public int unknownId() {
        return vocabulary.id(special.unknown()).orElseThrow();
    }

    /** The id that begins every encoding, [CLS]. */
    public int clsId() {
        return vocabulary.id(special.cls()).orElseThrow();
    }

    /** The id that ends every sequence, [SEP]. */
    public int sepId() {
        return vocabulary.id(special.sep()).orElseThrow();
    }

    /** The id that fills encodings up, [PAD]. */
    public int padId() {
        return vocabulary.id(special.pad()).orElseThrow();
    }

    /** The id that stands for a word to be guessed, [MASK], if the model has one. */
    public OptionalInt maskId() {
        return vocabulary.id(special.mask());
    }

    /** The longest encoding that the model's files say it takes, special tokens included, if they say so. */
    public OptionalInt modelMaxLength() {
        return modelMaxLength > 0 ? OptionalInt.of(modelMaxLength) : OptionalInt.empty();
    }
}
