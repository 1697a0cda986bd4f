package dev.limpid.nn;

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
 * Typed access to the fields of a {@code config.json}, each refusal naming file, field, and what stands there.
 *
 * @param json the object
 * @param file what refusals call the file
 */
public record ConfigFields(JsonNode json, String file) {
    /**
     * Reads {@code config.json} in a model directory.
     *
     * @throws ModelException if the directory or the file is missing, or the file is not a JSON object
     */
    public static ConfigFields read(Path directory) {
        Path file = directory.resolve("config.json");
        if (!Files.isDirectory(directory)) {
            throw new ModelException(directory + " is not a directory; give the folder of a Hugging Face checkpoint");
        }
        if (!Files.isRegularFile(file)) {
            throw new ModelException(directory + " has no config.json; give the folder of a Hugging Face checkpoint,"
                    + " with config.json, model.safetensors and the tokenizer's or the image processor's files");
        }
        try {
            return new ConfigFields(new ObjectMapper().readTree(Files.readAllBytes(file)), file.toString());
        } catch (JsonProcessingException e) {
            throw new ModelException(file + " is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ModelException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** A whole number from 1 on, which must be there. */
    public int positive(String name) {
        JsonNode node = json.path(name);
        if (!node.isIntegralNumber() || node.asLong() < 1 || node.asLong() > Integer.MAX_VALUE) {
            throw new ModelException(file + ": " + name + " must be a positive whole number, not "
                    + (node.isMissingNode() ? "missing" : node.toString()));
        }
        return node.asInt();
    }

    /** A whole number from 1 on; {@code otherwise} where the field is missing. */
    public int positive(String name, int otherwise) {
        return json.path(name).isMissingNode() ? otherwise : positive(name);
    }

    /** A whole number, or {@code otherwise}. */
    public int integer(String name, int otherwise) {
        JsonNode node = json.path(name);
        return node.isMissingNode() || node.isNull() ? otherwise : node.asInt();
    }

    /** A number from 0 on; {@code otherwise} where the field is missing. */
    public double epsilon(String name, double otherwise) {
        JsonNode node = json.path(name);
        if (node.isMissingNode()) {
            return otherwise;
        }
        if (!node.isNumber() || !(node.asDouble() >= 0)) {
            throw new ModelException(file + ": " + name + " must be a number from 0 on, not " + node);
        }
        return node.asDouble();
    }

    /** A text, or {@code otherwise}. */
    public String text(String name, String otherwise) {
        JsonNode node = json.path(name);
        return node.isMissingNode() || node.isNull() ? otherwise : node.asText();
    }

    /** True or false, or {@code otherwise}. */
    public boolean flag(String name, boolean otherwise) {
        return json.path(name).asBoolean(otherwise);
    }

    /** Refuses a field that is there and is not {@code value}, saying {@code why}. */
    public void require(String name, String value, String why) {
        String found = text(name, value);
        if (!found.equals(value)) {
            throw new ModelException(file + ": " + name + " is '" + found + "', but " + why);
        }
    }

    /** Refuses a field that is true. */
    public void requireFalse(String name) {
        if (json.path(name).asBoolean(false)) {
            throw new ModelException(file + ": " + name + " is true, but only encoders are supported");
        }
    }

    /** The activation that a field names; {@code gelu} where it is missing. */
    public Activation activation(String name) {
        String act = text(name, "gelu");
        return Activation.named(act).orElseThrow(() -> new ModelException(file + ": " + name + " '" + act
                + "' is not supported; supported are gelu, gelu_python, gelu_new, gelu_fast, gelu_pytorch_tanh, relu and tanh"));
    }

    /** The first of {@code architectures}, or {@code otherwise}. */
    public String architecture(String otherwise) {
        JsonNode architectures = json.path("architectures");
        return architectures.isArray() && !architectures.isEmpty() ? architectures.get(0).asText() : otherwise;
    }

    /** {@code id2label} in the order of its ids, or LABEL_0, LABEL_1, … as many as {@code num_labels} says (2 where it does not). */
    public List<String> labels() {
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
}
