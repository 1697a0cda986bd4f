package dev.limpid.vit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.limpid.nn.ConfigFields;
import dev.limpid.nn.ModelException;
import dev.limpid.tensor.Activation;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What {@code config.json} says of a ViT or DeiT checkpoint. Nothing is guessed: a value that is not supported is refused by name, and what the file leaves out
 * has the default of {@code ViTConfig}.
 *
 * @param architecture {@code ViTForImageClassification}, {@code DeiTForImageClassification} or {@code DeiTForImageClassificationWithTeacher}
 * @param imageHeight rows of pixels
 * @param imageWidth columns of pixels
 * @param patchHeight rows of a patch
 * @param patchWidth columns of a patch
 * @param channels K
 * @param hiddenSize C
 * @param layers number of encoder layers
 * @param heads H
 * @param intermediateSize size between the two dense layers of a block
 * @param qkvBias whether the projections of query, key and value have a bias
 * @param layerNormEpsilon added to variances
 * @param activation of the block
 * @param labels label of each class, by id
 */
public record ViTConfig(String architecture, int imageHeight, int imageWidth, int patchHeight, int patchWidth,
        int channels, int hiddenSize, int layers, int heads, int intermediateSize, boolean qkvBias,
        double layerNormEpsilon, Activation activation, List<String> labels) {
    private static final Set<String> MODEL_TYPES = Set.of("vit", "deit");

    public ViTConfig {
        labels = List.copyOf(labels);
        if (hiddenSize % heads != 0) {
            throw new ModelException(
                    "hidden_size " + hiddenSize + " is not a multiple of num_attention_heads " + heads);
        }
        if (patchHeight > imageHeight || patchWidth > imageWidth) {
            throw new ModelException("a patch_size of " + patchHeight + " × " + patchWidth
                    + " is larger than the image_size of " + imageHeight + " × " + imageWidth);
        }
    }

    /** Whether a {@code config.json} of this {@code model_type} is one of a vision transformer. */
    public static boolean isModelType(String modelType) {
        return MODEL_TYPES.contains(modelType);
    }

    /** Rows of patches; pixels that fill no patch at the lower edge are not seen by the model. */
    public int patchesDown() {
        return imageHeight / patchHeight;
    }

    /** Columns of patches. */
    public int patchesAcross() {
        return imageWidth / patchWidth;
    }

    /** P. */
    public int patches() {
        return patchesDown() * patchesAcross();
    }

    /** Tokens before the patches: [CLS], and for DeiT the distillation token. */
    public int specialTokens() {
        return architecture.startsWith("DeiT") ? 2 : 1;
    }

    /** T = P + {@link #specialTokens}. */
    public int tokens() {
        return patches() + specialTokens();
    }

    /**
     * Reads {@code config.json} in a model directory.
     *
     * @throws ModelException if it is missing, is not JSON, or asks for something that is not supported
     */
    public static ViTConfig read(Path directory) {
        return of(ConfigFields.read(directory));
    }

    /** As {@link #read}, from fields that have been read. */
    public static ViTConfig of(ConfigFields fields) {
        String modelType = fields.text("model_type", "missing");
        if (!isModelType(modelType)) {
            throw new ModelException(fields.file() + ": model_type is '" + modelType
                    + "', but an image classifier of the type vit or deit is needed");
        }
        int[] image = pair(fields, "image_size", 224);
        int[] patch = pair(fields, "patch_size", 16);
        String fallback = modelType.equals("vit") ? "ViTForImageClassification" : "DeiTForImageClassification";
        return new ViTConfig(fields.architecture(fallback), image[0], image[1], patch[0], patch[1],
                fields.positive("num_channels", 3), fields.positive("hidden_size", 768),
                fields.positive("num_hidden_layers", 12), fields.positive("num_attention_heads", 12),
                fields.positive("intermediate_size", 3072), fields.flag("qkv_bias", true),
                fields.epsilon("layer_norm_eps", 1e-12), fields.activation("hidden_act"), fields.labels());
    }

    /** Height and width, given as one number for both or as two. */
    private static int[] pair(ConfigFields fields, String name, int otherwise) {
        JsonNode node = fields.json().path(name);
        if (!node.isArray()) {
            int size = fields.positive(name, otherwise);
            return new int[]{size, size};
        }
        if (node.size() != 2 || node.get(0).asInt() < 1 || node.get(1).asInt() < 1) {
            throw new ModelException(
                    fields.file() + ": " + name + " must be a positive whole number or two, not " + node);
        }
        return new int[]{node.get(0).asInt(), node.get(1).asInt()};
    }
}
