package dev.limpid.bert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.tensor.Activation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code config.json} says of a BERT checkpoint. Nothing is guessed: a value that is not supported is refused by name.
 *
 * @param architecture the first that the file lists, or {@code BertModel} where none is named
 * @param vocabSize V
 * @param hiddenSize C
 * @param layers number of encoder layers
 * @param heads H
 * @param intermediateSize size between the two dense layers of a block
 * @param maxPositions longest sequence the position embeddings reach
 * @param typeVocabSize number of segments
 * @param layerNormEpsilon added to variances
 * @param activation of the block
 * @param padTokenId id of the padding token
 * @param labels label of each class, by id
 * @param problemType {@code problem_type}, or null
 */
public record BertConfig(String architecture, int vocabSize, int hiddenSize, int layers, int heads,
        int intermediateSize,
        int maxPositions, int typeVocabSize, double layerNormEpsilon, Activation activation, int padTokenId,
        List<String> labels, String problemType) {
    public BertConfig {
        labels = List.copyOf(labels);
        if (hiddenSize % heads != 0) {
            throw new ModelException(
                    "hidden_size " + hiddenSize + " is not a multiple of num_attention_heads " + heads);
        }
    }

    /** Size D of a head. */
    public int headSize() {
        return hiddenSize / heads;
    }

    /**
     * Reads {@code config.json} in a model directory.
     *
     * @throws ModelException if it is missing, is not JSON, lacks a field, or asks for something that is not supported
     */
    public static BertConfig read(Path directory) {
        Path file = directory.resolve("config.json");
        if (!Files.isDirectory(directory)) {
            throw new ModelException(directory + " is not a directory; give the folder of a Hugging Face checkpoint");
        }
        if (!Files.isRegularFile(file)) {
            throw new ModelException(directory + " has no config.json; give the folder of a Hugging Face checkpoint,"
                    + " with config.json, model.safetensors and the tokenizer's files");
        }
        try {
            return parse(new ObjectMapper().readTree(Files.readAllBytes(file)), file.toString());
        } catch (JsonProcessingException e) {
            throw new ModelException(file + " is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ModelException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static BertConfig parse(JsonNode json, String file) {
        Fields fields = new Fields(json, file);
        fields.require("model_type", "bert", "only BERT encoders are supported here");
        fields.require("position_embedding_type", "absolute", "only absolute positions are supported");
        fields.requireFalse("is_decoder");
        fields.requireFalse("add_cross_attention");
        String act = fields.text("hidden_act", "gelu");
        Activation activation = Activation.named(act)
                .orElseThrow(
                        () -> new ModelException(file + ": hidden_act '" + act + "' is not supported; supported are"
                                + " gelu, gelu_python, gelu_new, gelu_fast, gelu_pytorch_tanh, relu and tanh"));
        JsonNode architectures = json.path("architectures");
        return new BertConfig(
                architectures.isArray() && !architectures.isEmpty() ? architectures.get(0).asText() : "BertModel",
                fields.positive("vocab_size"), fields.positive("hidden_size"), fields.positive("num_hidden_layers"),
                fields.positive("num_attention_heads"), fields.positive("intermediate_size"),
                fields.positive("max_position_embeddings"), fields.positive("type_vocab_size"),
                fields.epsilon("layer_norm_eps"), activation, fields.integer("pad_token_id", 0), labels(json, file),
                json.path("problem_type").isTextual() ? json.path("problem_type").asText() : null);
    }

    private static List<String> labels(JsonNode json, String file) {
        Map<Integer, String> byId = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : json.path("id2label").properties()) {
            try {
                byId.put(Integer.parseInt(entry.getKey()), entry.getValue().asText());
            } catch (NumberFormatException e) {
                throw new ModelException(
                        file + ": id2label has the key '" + entry.getKey() + "', which is not a class id", e);
            }
        }
        if (byId.isEmpty()) {
            int count = json.path("num_labels").asInt(2);
            for (int id = 0; id < count; id++) {
                byId.put(id, "LABEL_" + id);
            }
        }
        List<String> labels = new ArrayList<>(byId.size());
        for (Map.Entry<Integer, String> entry : byId.entrySet()) {
            if (entry.getKey() != labels.size()) {
                throw new ModelException(file + ": id2label has no label for class " + labels.size());
            }
            labels.add(entry.getValue());
        }
        return labels;
    }

    /** Typed access to the fields of the configuration, each refusal naming file and field. */
    private record Fields(JsonNode json, String file) {
        int positive(String name) {
            JsonNode node = json.path(name);
            if (!node.isIntegralNumber() || node.asLong() < 1 || node.asLong() > Integer.MAX_VALUE) {
                throw new ModelException(file + ": " + name + " must be a positive whole number, not "
                        + (node.isMissingNode() ? "missing" : node.toString()));
            }
            return node.asInt();
        }

        int integer(String name, int otherwise) {
            JsonNode node = json.path(name);
            return node.isMissingNode() || node.isNull() ? otherwise : node.asInt();
        }

        double epsilon(String name) {
            JsonNode node = json.path(name);
            if (node.isMissingNode()) {
                return 1e-12; // BertConfig's default
            }
            if (!node.isNumber() || !(node.asDouble() >= 0)) {
                throw new ModelException(file + ": " + name + " must be a number from 0 on, not " + node);
            }
            return node.asDouble();
        }

        String text(String name, String otherwise) {
            JsonNode node = json.path(name);
            return node.isMissingNode() || node.isNull() ? otherwise : node.asText();
        }

        void require(String name, String value, String why) {
            String found = text(name, value);
            if (!found.equals(value)) {
                throw new ModelException(file + ": " + name + " is '" + found + "', but " + why);
            }
        }

        void requireFalse(String name) {
            if (json.path(name).asBoolean(false)) {
                throw new ModelException(file + ": " + name + " is true, but only encoders are supported");
            }
        }
    }
}
