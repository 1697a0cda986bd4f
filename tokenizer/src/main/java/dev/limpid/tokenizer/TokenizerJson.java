package dev.limpid.tokenizer;

import dev.limpid.tokenizer.Template.Part;
import dev.limpid.tokenizer.Template.SequencePart;
import dev.limpid.tokenizer.Template.SpecialPart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code tokenizer.json} says: the serialization of Hugging Face's {@code tokenizers}, of which only the parts that
 * BERT uses are understood and all others refused by name. Its truncation and padding are left to the caller.
 *
 * @param cls the token that begins every encoding, as far as the post-processor names it
 * @param sep the token that ends every sequence, likewise
 * @param single null where there is no post-processor
 * @param pair null where there is no post-processor
 */
record TokenizerJson(Map<String, Integer> vocabulary, String unknown, String continuingPrefix, int maxCharsPerWord,
        Normalizer normalizer, List<AddedToken> addedTokens, String cls, String sep, Template single, Template pair) {

    static TokenizerJson read(Path file, TokenizerConfig config) {
        JsonFile root = JsonFile.read(file);
        if (root.has("version") && !root.string("version").equals("1.0")) {
            throw root.field("version").wrong("\"1.0\"");
        }
        JsonFile model = root.object("model");
        if (model.has("type") || model.has("merges")) {
            requireType(model, "WordPiece");
        }
        requireType(root.object("pre_tokenizer"), "BertPreTokenizer");
        PostProcessor processor = PostProcessor.read(root);
        return new TokenizerJson(vocabulary(model), model.string("unk_token"),
                model.string("continuing_subword_prefix"), model.natural("max_input_chars_per_word"),
                normalizer(root.object("normalizer"), config), addedTokens(root), processor.cls(), processor.sep(),
                processor.single(), processor.pair());
    }

    private static void requireType(JsonFile part, String type) {
        if (!part.has("type") || !part.string("type").equals(type)) {
            throw part.field("type").wrong("\"" + type + "\", as BERT's tokenizers have it");
        }
    }

    private static Map<String, Integer> vocabulary(JsonFile model) {
        JsonFile vocab = model.object("vocab");
        Map<String, Integer> vocabulary = HashMap.newHashMap(vocab.node().size());
        for (var entry : vocab.node().properties()) {
            vocabulary.put(entry.getKey(), vocab.natural(entry.getKey(), entry.getValue()));
        }
        return vocabulary;
    }

    private static Normalizer normalizer(JsonFile part, TokenizerConfig config) {
        requireType(part, "BertNormalizer");
        Boolean stripAccents = part.has("strip_accents") ? (Boolean) part.bool("strip_accents") : null;
        return config.override(part.bool("clean_text"), part.bool("handle_chinese_chars"), stripAccents,
                part.bool("lowercase"));
    }

    private static List<AddedToken> addedTokens(JsonFile root) {
        List<AddedToken> tokens = new ArrayList<>();
        if (root.has("added_tokens")) {
            JsonFile list = root.field("added_tokens");
            for (int i = 0; i < list.elements(); i++) {
                JsonFile token = list.element(i);
                String content = token.string("content");
                if (content.isEmpty()) {
                    continue;
                }
                tokens.add(new AddedToken(content, token.bool("single_word"), token.bool("lstrip"),
                        token.bool("rstrip"), token.bool("normalized"), token.bool("special")));
            }
        }
        return tokens;
    }

    /** Where special tokens go. */
    private record PostProcessor(String cls, String sep, Template single, Template pair) {

        static PostProcessor read(JsonFile root) {
            if (!root.has("post_processor")) {
                return new PostProcessor("[CLS]", "[SEP]", null, null);
            }
            JsonFile part = root.object("post_processor");
            return switch (part.string("type")) {
                case "BertProcessing" -> bert(part);
                case "TemplateProcessing" -> new PostProcessor("[CLS]", "[SEP]", template(part, "single", 1),
                        template(part, "pair", 2));
                default -> throw part.field("type").wrong("\"BertProcessing\" or \"TemplateProcessing\"");
            };
        }

        private static PostProcessor bert(JsonFile part) {
            SpecialPart cls = bertToken(part.field("cls"));
            SpecialPart sep = bertToken(part.field("sep"));
            return new PostProcessor(cls.token(), sep.token(), Template.single(cls, sep), Template.pair(cls, sep));
        }

        private static SpecialPart bertToken(JsonFile token) {
            if (token.elements() != 2 || !token.element(0).node().isTextual()) {
                throw token.wrong("a token and its id");
            }
            return new SpecialPart(token.element(1).natural(), token.element(0).node().textValue(), 0);
        }

        private static Template template(JsonFile part, String name, int sequences) {
            JsonFile pieces = part.field(name);
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i < pieces.elements(); i++) {
                JsonFile piece = pieces.element(i);
                if (piece.has("Sequence")) {
                    parts.add(sequence(piece.object("Sequence")));
                } else if (piece.has("SpecialToken")) {
                    parts.addAll(special(piece.object("SpecialToken"), part.object("special_tokens")));
                } else {
                    throw piece.wrong("a \"Sequence\" or a \"SpecialToken\"");
                }
            }
            Template template = new Template(parts);
            int[] order = template.sequenceOrder();
            boolean valid = order.length == sequences && (sequences == 1 ? order[0] == 0 : order[0] + order[1] == 1);
            if (!valid) {
                throw pieces.wrong(sequences == 1
                        ? "a template with sequence A once and no other"
                        : "a template with the sequences A and B once each");
            }
            return template;
        }

        private static SequencePart sequence(JsonFile piece) {
            int sequence = switch (piece.string("id")) {
                case "A" -> 0;
                case "B" -> 1;
                default -> throw piece.field("id").wrong("\"A\" or \"B\"");
            };
            return new SequencePart(sequence, piece.natural("type_id"));
        }

        private static List<Part> special(JsonFile piece, JsonFile specialTokens) {
            JsonFile token = specialTokens.object(piece.string("id"));
            JsonFile ids = token.field("ids");
            JsonFile names = token.field("tokens");
            if (ids.elements() != names.elements()) {
                throw token.wrong("as many \"ids\" as \"tokens\"");
            }
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i < ids.elements(); i++) {
                if (!names.element(i).node().isTextual()) {
                    throw names.element(i).wrong("a string");
                }
                parts.add(new SpecialPart(ids.element(i).natural(), names.element(i).node().textValue(),
                        piece.natural("type_id")));
            }
            return parts;
        }
    }
}
