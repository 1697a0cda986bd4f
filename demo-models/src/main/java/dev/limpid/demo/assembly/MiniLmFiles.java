package dev.limpid.demo.assembly;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes the files beside the weights: {@code config.json} and the tokenizer's. */
final class MiniLmFiles {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private MiniLmFiles() {}

    /**
     * The encoder's configuration.
     *
     * <p>No head is in the checkpoint: the architecture is that of the first adapter that is put on it, which brings its
     * head along.
     */
    static void writeConfig(Path directory) throws IOException {
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add("BertForQuestionAnswering");
        config.put("model_type", "bert").put("vocab_size", 30522).put("hidden_size", 384).put("num_hidden_layers", 6)
                .put("num_attention_heads", 12).put("intermediate_size", 1536).put("hidden_act", "gelu")
                .put("hidden_dropout_prob", 0.1).put("attention_probs_dropout_prob", 0.1)
                .put("max_position_embeddings", 512).put("type_vocab_size", 2).put("initializer_range", 0.02)
                .put("layer_norm_eps", 1e-12).put("pad_token_id", 0).put("position_embedding_type", "absolute")
                .put("torch_dtype", "float16");
        writePretty(directory.resolve("config.json"), config);
    }

    /** The tokenizer as {@code vocab.txt} and its options, which are read in half the time that {@code tokenizer.json} takes. */
    static void writeTokenizer(Path directory, byte[] source) throws IOException {
        writeVocabulary(directory, JSON.readTree(source).path("model").path("vocab"));
        ObjectNode config = JSON.createObjectNode();
        config.put("tokenizer_class", "BertTokenizer").put("do_lower_case", true).put("tokenize_chinese_chars", true)
                .putNull("strip_accents").put("model_max_length", 512).put("clean_up_tokenization_spaces", true)
                .put("unk_token", "[UNK]").put("sep_token", "[SEP]").put("pad_token", "[PAD]").put("cls_token", "[CLS]")
                .put("mask_token", "[MASK]");
        writePretty(directory.resolve("tokenizer_config.json"), config);
    }

    private static void writeVocabulary(Path directory, JsonNode vocabulary) throws IOException {
        String[] tokens = new String[vocabulary.size()];
        for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
            int id = entry.getValue().intValue();
            if (tokens[id] != null || entry.getKey().contains("\n")) {
                throw new IllegalStateException("token " + id + " cannot be a line of vocab.txt");
            }
            tokens[id] = entry.getKey();
        }
        Files.writeString(directory.resolve("vocab.txt"), String.join("\n", tokens) + "\n");
    }

    private static void writePretty(Path file, JsonNode json) throws IOException {
        Files.writeString(file, json.toPrettyString() + "\n");
    }
}
