package dev.limpid.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code tokenizer_config.json} says, and for older models {@code special_tokens_map.json}.
 *
 * <p>Neither file needs to be there, nor any of their fields.
 */
final class TokenizerConfig {
    private static final String CONFIG = "tokenizer_config.json";
    private static final String SPECIAL_MAP = "special_tokens_map.json";
    private static final String UNKNOWN = "unk_token";
    private static final String SEP = "sep_token";
    private static final String PAD = "pad_token";
    private static final String CLS = "cls_token";
    private static final String MASK = "mask_token";
    /** In the order in which the library's users add them. */
    private static final List<String> ROLES = List.of(UNKNOWN, SEP, PAD, CLS, MASK);
    private static final List<String> LISTS = List.of("additional_special_tokens", "extra_special_tokens");
    /** Tokenizer classes that are BERT's WordPiece by another name, without the suffix Fast. */
    private static final Set<String> WORD_PIECE_CLASSES = Set.of("BertTokenizer", "ConvBertTokenizer",
            "DistilBertTokenizer", "ElectraTokenizer", "LayoutLMTokenizer", "LxmertTokenizer", "MobileBertTokenizer",
            "SqueezeBertTokenizer");
    /** Classes that take the normaliser from {@code tokenizer.json}, whatever the configuration says beside it. */
    private static final Set<String> GENERIC_CLASSES = Set.of("PreTrainedTokenizerFast", "TokenizersBackend");

    private final JsonFile config;
    private final List<AddedToken> listed = new ArrayList<>();
    private final Map<String, AddedToken> roles = new LinkedHashMap<>();
    private final List<AddedToken> others = new ArrayList<>();

    private TokenizerConfig(JsonFile config) {
        this.config = config;
    }

    static TokenizerConfig read(Path directory) {
        TokenizerConfig config = new TokenizerConfig(readOrEmpty(directory.resolve(CONFIG)));
        config.readSpecialTokens(config.config);
        if (config.config.has("added_tokens_decoder")) {
            config.readListed(config.config.object("added_tokens_decoder"));
        } else {
            config.readSpecialTokens(readOrEmpty(directory.resolve(SPECIAL_MAP)));
        }
        return config;
    }

    private static JsonFile readOrEmpty(Path file) {
        return Files.exists(file) ? JsonFile.read(file) : JsonFile.empty(file);
    }

    private void readListed(JsonFile decoder) {
        Map<Integer, AddedToken> byId = new LinkedHashMap<>();
        for (var entry : decoder.node().properties()) {
            try {
                byId.put(Integer.valueOf(entry.getKey()), token(decoder.object(entry.getKey()), false));
            } catch (NumberFormatException e) {
                throw decoder.wrong("an object whose keys are ids");
            }
        }
        byId.values().removeIf(token -> token.content().isEmpty());
        byId.entrySet().stream().sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
                .forEach(entry -> listed.add(entry.getValue()));
    }

    private void readSpecialTokens(JsonFile from) {
        for (String role : ROLES) {
            if (from.has(role)) {
                roles.put(role, stringOrToken(from.field(role)));
            }
        }
        for (String list : LISTS) {
            if (from.has(list) && from.field(list).node().isArray()) {
                JsonFile tokens = from.field(list);
                for (int i = 0; i < tokens.elements(); i++) {
                    others.add(stringOrToken(tokens.element(i)));
                }
            }
        }
    }

    private static AddedToken stringOrToken(JsonFile value) {
        if (value.node().isTextual()) {
            return AddedToken.special(value.node().textValue());
        }
        if (!value.node().isObject()) {
            throw value.wrong("a token, as a string or as an object with \"content\"");
        }
        return token(value, true);
    }

    private static AddedToken token(JsonFile object, boolean special) {
        boolean isSpecial = special || flag(object, "special", false);
        return new AddedToken(object.string("content"), flag(object, "single_word", false),
                flag(object, "lstrip", false), flag(object, "rstrip", false), flag(object, "normalized", !isSpecial),
                isSpecial);
    }

    private static boolean flag(JsonFile object, String field, boolean otherwise) {
        return object.has(field) ? object.bool(field) : otherwise;
    }

    /** The tokens that the configuration lists with their ids, in the order of these. */
    List<AddedToken> listed() {
        return List.copyOf(listed);
    }

    /** The tokens with a role; the arguments name those that the configuration does not. */
    SpecialTokens special(String unknown, String cls, String sep) {
        return new SpecialTokens(name(UNKNOWN, unknown), name(CLS, cls), name(SEP, sep), name(PAD, "[PAD]"),
                name(MASK, "[MASK]"));
    }

    private String name(String role, String otherwise) {
        return roles.containsKey(role) ? roles.get(role).content() : otherwise;
    }

    /**
     * The tokens to look for in texts: those listed with ids, and the special ones that are not among {@code known} or
     * these.
     *
     * @param customary whether BERT's customary special tokens count even where the configuration does not name them
     */
    List<AddedToken> addedTokens(List<AddedToken> known, boolean customary) {
        List<AddedToken> added = new ArrayList<>(listed);
        Set<String> contents = new HashSet<>();
        known.forEach(token -> contents.add(token.content()));
        listed.forEach(token -> contents.add(token.content()));
        List<AddedToken> special = new ArrayList<>();
        for (String role : ROLES) {
            if (roles.containsKey(role)) {
                special.add(roles.get(role));
            } else if (customary) {
                special.add(AddedToken.special(customaryName(role)));
            }
        }
        special.addAll(others);
        special.stream().filter(token -> contents.add(token.content())).forEach(added::add);
        return added;
    }

    private static String customaryName(String role) {
        return switch (role) {
            case UNKNOWN -> "[UNK]";
            case SEP -> "[SEP]";
            case PAD -> "[PAD]";
            case CLS -> "[CLS]";
            default -> "[MASK]";
        };
    }

    /** BERT's normaliser with what the configuration says of it. */
    Normalizer normalizer() {
        return override(true, true, null, true);
    }

    /**
     * A normaliser that {@code tokenizer.json} describes, changed where the configuration says otherwise: the library's
     * BERT classes trust the configuration more, its generic ones do not read it.
     *
     * @param stripAccents null to strip them exactly when lower-casing
     */
    Normalizer override(boolean cleanText, boolean handleChineseChars, Boolean stripAccents, boolean lowercase) {
        boolean fixed = config.has("tokenizer_class") && GENERIC_CLASSES.contains(config.string("tokenizer_class"));
        if (fixed) {
            return Normalizer.of(cleanText, handleChineseChars, stripAccents, lowercase);
        }
        Boolean strip = stripAccents;
        if (config.mentions("strip_accents")) {
            strip = config.has("strip_accents") ? (Boolean) config.bool("strip_accents") : null;
        }
        return Normalizer.of(cleanText, flag(config, "tokenize_chinese_chars", handleChineseChars), strip,
                flag(config, "do_lower_case", lowercase));
    }

    /** Refuses the name of a tokenizer class that does not read {@code vocab.txt} as BERT does. */
    void requireWordPieceClass() {
        if (config.has("tokenizer_class")) {
            String name = config.string("tokenizer_class");
            String slow = name.endsWith("Fast") ? name.substring(0, name.length() - "Fast".length()) : name;
            if (!WORD_PIECE_CLASSES.contains(slow) && !GENERIC_CLASSES.contains(name)) {
                throw config.field("tokenizer_class").wrong("BertTokenizer or another class of BERT's WordPiece");
            }
        }
    }

    /** The model's longest input in tokens, or 0 where it is not said or has no practical bound. */
    int modelMaxLength() {
        JsonFile length = config.field("model_max_length");
        boolean unbounded = length.node().isNumber() && length.node().doubleValue() > Integer.MAX_VALUE;
        if (length.node().isNull() || unbounded) {
            return 0;
        }
        return length.natural();
    }
}
