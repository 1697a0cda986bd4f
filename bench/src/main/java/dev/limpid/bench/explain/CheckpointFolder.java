package dev.limpid.bench.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.limpid.bench.BenchException;
import dev.limpid.bert.BertConfig;
import dev.limpid.safetensors.Checkpoint;
import dev.limpid.safetensors.SafetensorsFile;
import dev.limpid.safetensors.SafetensorsWriter;
import dev.limpid.safetensors.TensorSource;
import dev.limpid.tensor.DType;
import dev.limpid.vit.ViTConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Random weights as a Hugging Face checkpoint in a folder, {@code config.json} and {@code model.safetensors}, with the inputs beside it, so that another program
 * explains the same: {@code inputs.json} has an object for each length, {@code vocab.txt} a word for each id, {@code pixels.safetensors} an image.
 */
public final class CheckpointFolder {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INPUTS = "inputs.json";
    private static final String PIXELS = "pixels.safetensors";
    private static final String VOCABULARY = "vocab.txt";

    private CheckpointFolder() {}

    /** {@code folder/MODEL} with weights and inputs, written where there is none yet. */
    public static Path require(Path folder, ModelShape shape) {
        Path target = folder.resolve(shape.model());
        try {
            boolean complete = Files.exists(target.resolve("model.safetensors"))
                    && (shape.image() || Files.exists(target.resolve(VOCABULARY)));
            if (!complete) {
                write(folder, List.of(shape));
            }
        } catch (IOException e) {
            throw new BenchException(target + " cannot be written: " + e);
        }
        return target;
    }

    /** Writes {@code folder/MODEL} for every model among the shapes, with the inputs of all its lengths. */
    public static void write(Path folder, List<ModelShape> shapes) throws IOException {
        Set<String> written = new HashSet<>();
        for (ModelShape shape : shapes) {
            String model = shape.model();
            if (!written.add(model)) {
                continue;
            }
            Path target = Files.createDirectories(folder.resolve(model));
            weights(target.resolve("model.safetensors"), shape.weights());
            if (shape.image()) {
                ViTConfig config = RandomViT.config(model);
                json(target.resolve("config.json"), json(config));
                float[] pixels = RandomInput
                        .pixels(config.channels() * config.imageHeight() * config.imageWidth());
                new SafetensorsWriter().floats("pixels", DType.F32, pixels, config.channels(), config.imageHeight(),
                        config.imageWidth()).write(target.resolve(PIXELS));
                json(target.resolve(INPUTS), JSON.createObjectNode().put("class", ExplainedViT.CLASS));
            } else {
                BertConfig config = RandomBert.config(model);
                json(target.resolve("config.json"), json(config));
                ObjectNode inputs = JSON.createObjectNode();
                shape.ofSameModel().forEach(same -> pair(inputs.putObject(Integer.toString(same.tokens())),
                        RandomInput.pair(same.tokens(), config.vocabSize())));
                json(target.resolve(INPUTS), inputs);
                Files.write(target.resolve(VOCABULARY), RandomInput.vocabulary(config.vocabSize()));
            }
        }
    }

    private static void weights(Path file, RandomWeights weights) {
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        List<float[]> values = weights.names().parallelStream().map(weights::floats).toList();
        for (int i = 0; i < values.size(); i++) {
            String name = weights.names().get(i);
            writer.floats(name, DType.F32, values.get(i), weights.info(name).shape());
        }
        writer.write(file);
    }

    private static ObjectNode json(BertConfig config) {
        return JSON.createObjectNode().put("model_type", "bert").put("vocab_size", config.vocabSize())
                .put("hidden_size", config.hiddenSize()).put("num_hidden_layers", config.layers())
                .put("num_attention_heads", config.heads()).put("intermediate_size", config.intermediateSize())
                .put("max_position_embeddings", config.maxPositions())
                .put("type_vocab_size", config.typeVocabSize()).put("layer_norm_eps", config.layerNormEpsilon())
                .put("hidden_act", "gelu").put("pad_token_id", config.padTokenId())
                .set("architectures", JSON.createArrayNode().add(config.architecture()));
    }

    private static ObjectNode json(ViTConfig config) {
        ObjectNode labels = JSON.createObjectNode();
        for (int i = 0; i < config.labels().size(); i++) {
            labels.put(Integer.toString(i), config.labels().get(i));
        }
        ObjectNode json = JSON.createObjectNode().put("model_type", "vit").put("image_size", config.imageHeight())
                .put("patch_size", config.patchHeight()).put("num_channels", config.channels())
                .put("hidden_size", config.hiddenSize()).put("num_hidden_layers", config.layers())
                .put("num_attention_heads", config.heads()).put("intermediate_size", config.intermediateSize())
                .put("layer_norm_eps", config.layerNormEpsilon()).put("hidden_act", "gelu")
                .put("qkv_bias", config.qkvBias());
        json.set("id2label", labels);
        return json.set("architectures", JSON.createArrayNode().add(config.architecture()));
    }

    /** An input as {@code inputs.json} has it. */
    public static void pair(ObjectNode json, RandomInput.Pair pair) {
        array(json.putArray("input_ids"), pair.ids());
        array(json.putArray("baseline_ids"), pair.baselineIds());
        array(json.putArray("token_type_ids"), pair.typeIds());
        json.put("start", pair.start()).put("end", pair.end());
    }

    private static void array(ArrayNode json, int[] values) {
        for (int value : values) {
            json.add(value);
        }
    }

    private static void json(Path file, ObjectNode json) throws IOException {
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    }

    /** The tensors of a folder. */
    static TensorSource weights(Path folder) {
        return Checkpoint.open(folder);
    }

    /** The input of this length beside a checkpoint. */
    public static RandomInput.Pair pair(Path folder, int tokens) {
        Path file = folder.resolve(INPUTS);
        JsonNode json;
        try {
            json = JSON.readTree(Files.readAllBytes(file)).path(Integer.toString(tokens));
        } catch (IOException e) {
            throw new BenchException(file + " cannot be read: " + e + "; write the folder with --write-checkpoint");
        }
        if (json.isMissingNode()) {
            throw new BenchException(file + " has no input of " + tokens
                    + " tokens; write the folder with --write-checkpoint");
        }
        return new RandomInput.Pair(ints(json.path("input_ids")), ints(json.path("baseline_ids")),
                ints(json.path("token_type_ids")), json.path("start").asInt(), json.path("end").asInt());
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.path(i).asInt();
        }
        return values;
    }

    /** The image beside a checkpoint. */
    static float[] pixels(Path folder, int count) {
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(PIXELS))) {
            float[] pixels = file.floats("pixels");
            Timing.require(pixels.length == count,
                    folder.resolve(PIXELS) + " has " + pixels.length + " numbers, the model needs " + count);
            return pixels;
        }
    }
}
