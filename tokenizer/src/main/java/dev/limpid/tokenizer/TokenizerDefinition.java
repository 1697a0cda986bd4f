package dev.limpid.tokenizer;

import dev.limpid.tokenizer.Template.SpecialPart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Everything that a tokenizer is made of, as a model directory's files say.
 *
 * @param vocabulary the model's own tokens and their ids
 * @param continuingPrefix what the pieces that continue a word begin with, {@code ##}
 * @param maxCharsPerWord longer words are unknown, in code points
 * @param normalizer what happens to the text first
 * @param addedTokens tokens found in the text itself, in the order in which they are added
 * @param single where special tokens stand around one sequence
 * @param pair where special tokens stand around two sequences
 * @param special the tokens with a role
 * @param modelMaxLength longest input of the model in tokens, or 0 where the files do not say
 */
record TokenizerDefinition(Map<String, Integer> vocabulary, String continuingPrefix, int maxCharsPerWord,
        Normalizer normalizer, List<AddedToken> addedTokens, Template single, Template pair, SpecialTokens special,
        int modelMaxLength) {
    private static final String JSON = "tokenizer.json";
    private static final String VOCABULARY = "vocab.txt";
    private static final String CUSTOMARY_PREFIX = "##";
    private static final int CUSTOMARY_MAX_CHARS = 100;

    static TokenizerDefinition read(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new TokenizerException(directory + " is not a directory; give the folder of a model, with "
                    + VOCABULARY + " or " + JSON + " in it");
        }
        TokenizerConfig config = TokenizerConfig.read(directory);
        Path json = directory.resolve(JSON);
        if (Files.exists(json)) {
            return fromJson(TokenizerJson.read(json, config), config, json);
        }
        Path vocabulary = directory.resolve(VOCABULARY);
        if (Files.exists(vocabulary)) {
            return fromVocabulary(vocabulary, config);
        }
        throw new TokenizerException(directory + " has neither " + JSON + " nor " + VOCABULARY
                + "; copy one of them from where the model comes from");
    }

    private static TokenizerDefinition fromJson(TokenizerJson json, TokenizerConfig config, Path file) {
        SpecialTokens special = config.special(json.unknown(), json.cls(), json.sep());
        List<AddedToken> added = new ArrayList<>(json.addedTokens());
        added.addAll(config.addedTokens(added, false));
        List<AddedToken> declared = new ArrayList<>(json.addedTokens());
        declared.addAll(config.listed());
        SpecialParts parts = SpecialParts.find(special, json.vocabulary(), declared, file);
        return new TokenizerDefinition(json.vocabulary(), json.continuingPrefix(), json.maxCharsPerWord(),
                json.normalizer(), added, json.single() == null ? parts.single() : json.single(),
                json.pair() == null ? parts.pair() : json.pair(), special, config.modelMaxLength());
    }

    private static TokenizerDefinition fromVocabulary(Path file, TokenizerConfig config) {
        config.requireWordPieceClass();
        Map<String, Integer> vocabulary = VocabularyFile.read(file);
        SpecialTokens special = config.special("[UNK]", "[CLS]", "[SEP]");
        SpecialParts parts = SpecialParts.find(special, vocabulary, config.listed(), file);
        return new TokenizerDefinition(vocabulary, CUSTOMARY_PREFIX, CUSTOMARY_MAX_CHARS, config.normalizer(),
                config.addedTokens(List.of(), true), parts.single(), parts.pair(), special, config.modelMaxLength());
    }

    /** The two tokens that BERT's templates are made of. */
    private record SpecialParts(SpecialPart cls, SpecialPart sep) {

        /**
         * Refuses a vocabulary without one of the tokens that no BERT model does without.
         *
         * @param declared the added tokens that the files give an id; the unknown token cannot be one of them
         */
        static SpecialParts find(SpecialTokens special, Map<String, Integer> vocabulary, List<AddedToken> declared,
                Path file) {
            require(special.unknown(), "unk_token", vocabulary, List.of(), file);
            require(special.pad(), "pad_token", vocabulary, declared, file);
            int cls = require(special.cls(), "cls_token", vocabulary, declared, file);
            int sep = require(special.sep(), "sep_token", vocabulary, declared, file);
            return new SpecialParts(new SpecialPart(cls, special.cls(), 0), new SpecialPart(sep, special.sep(), 0));
        }

        private static int require(String token, String role, Map<String, Integer> vocabulary,
                List<AddedToken> declared, Path file) {
            if (vocabulary.containsKey(token)) {
                return vocabulary.get(token);
            }
            Vocabulary all = new Vocabulary(vocabulary);
            declared.forEach(added -> all.add(added.content()));
            return all.id(token).orElseThrow(() -> new TokenizerException(file + " has no token " + token
                    + " among its " + vocabulary.size() + "; use the model's own file, or name its " + role
                    + " in tokenizer_config.json"));
        }

        Template single() {
            return Template.single(cls, sep);
        }

        Template pair() {
            return Template.pair(cls, sep);
        }
    }
}
