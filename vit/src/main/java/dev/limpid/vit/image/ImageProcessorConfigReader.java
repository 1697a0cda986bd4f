package dev.limpid.vit.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.nn.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads {@code preprocessor_config.json}; defaults and names are those of transformers 5.18 ({@code models/vit}, {@code models/deit}).
 *
 * <p>
 * A null is not the same as a missing field, there and here: it turns a step off, and is refused elsewhere.
 */
final class ImageProcessorConfigReader {
    private static final String CONFIG = "preprocessor_config.json";
    private static final int MAX_SIDE = 1 << 16;

    private final JsonNode json;
    private final String file;

    private ImageProcessorConfigReader(JsonNode json, String file) {
        this.json = json;
        this.file = file;
    }

    /** The configuration in a model directory, from {@code processor_config.json} where that has one for images. */
    static ImageProcessorConfig read(Path directory) {
        Path joint = directory.resolve("processor_config.json");
        if (Files.isRegularFile(joint)) {
            JsonNode images = parse(joint).path("image_processor");
            if (images.isObject()) {
                return new ImageProcessorConfigReader(images, joint + ", image_processor").read(modelType(directory));
            }
        }
        Path file = directory.resolve(CONFIG);
        if (!Files.isRegularFile(file)) {
            throw new ModelException(directory + " has no " + CONFIG
                    + ", which says how images are resized and normalised; copy it from where the model comes from");
        }
        return new ImageProcessorConfigReader(parse(file), file.toString()).read(modelType(directory));
    }

    private static JsonNode parse(Path file) {
        try {
            JsonNode json = new ObjectMapper().readTree(Files.readAllBytes(file));
            if (!json.isObject()) {
                throw new ModelException(file + " must hold a JSON object; get the file again");
            }
            return json;
        } catch (JsonProcessingException e) {
            throw new ModelException(file + " is not valid JSON (" + e.getOriginalMessage() + "); get the file again",
                    e);
        } catch (IOException e) {
            throw new ModelException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** What decides where the processor's own file names no class. */
    private static String modelType(Path directory) {
        Path config = directory.resolve("config.json");
        return Files.isRegularFile(config) ? parse(config).path("model_type").asText("vit") : "vit";
    }

    private ImageProcessorConfig read(String modelType) {
        String type = type(modelType);
        boolean deit = type.equals("DeiTImageProcessor");
        if (flag("do_pad", false)) {
            throw new ModelException(file + ": do_pad is true, but padding is not supported; set it to false");
        }
        flag("do_convert_rgb", true);
        Resampling resampling = resampling(deit ? Resampling.BICUBIC : Resampling.BILINEAR);
        int side = deit ? 256 : 224;
        TargetSize size = flag("do_resize", true) ? size(new TargetSize.Exact(side, side)) : null;
        TargetSize.Exact crop = flag("do_center_crop", deit) ? crop(deit) : null;
        Double rescale = flag("do_rescale", true) ? Double.valueOf(number("rescale_factor", 1 / 255.0)) : null;
        ImageProcessorConfig.Normalisation normalisation = flag("do_normalize", true)
                ? new ImageProcessorConfig.Normalisation(numbers("image_mean"), deviations())
                : null;
        return new ImageProcessorConfig(type, size, resampling, crop, rescale, normalisation);
    }

    private String type(String modelType) {
        JsonNode named = json.path("image_processor_type");
        if (!named.isTextual()) {
            named = json.path("feature_extractor_type");
        }
        if (!named.isTextual()) {
            return modelType.equals("deit") ? "DeiTImageProcessor" : "ViTImageProcessor";
        }
        return switch (named.asText()) {
            case "ViTImageProcessor", "ViTImageProcessorFast", "ViTImageProcessorPil", "ViTFeatureExtractor" ->
                "ViTImageProcessor";
            case "DeiTImageProcessor", "DeiTImageProcessorFast", "DeiTImageProcessorPil", "DeiTFeatureExtractor" ->
                "DeiTImageProcessor";
            default -> throw new ModelException(file + ": the image processor '" + named.asText()
                    + "' is not supported; supported are ViTImageProcessor, ViTFeatureExtractor, DeiTImageProcessor and DeiTFeatureExtractor");
        };
    }

    private Resampling resampling(Resampling otherwise) {
        JsonNode code = json.path("resample");
        if (code.isMissingNode()) {
            return otherwise;
        }
        // A number that is no integer has no code either.
        return Resampling.ofCode(code.isIntegralNumber() ? code.asInt() : -1)
                .orElseThrow(() -> new ModelException(file + ": resample is " + code
                        + ", but must be 0 (nearest), 1 (lanczos), 2 (bilinear), 3 (bicubic), 4 (box) or 5 (hamming)"));
    }

    private TargetSize size(TargetSize otherwise) {
        JsonNode size = json.path("size");
        if (size.isMissingNode()) {
            return otherwise;
        }
        if (size.isIntegralNumber()) {
            int side = side("size", size);
            return flag("default_to_square", true)
                    ? new TargetSize.Exact(side, side)
                    : new TargetSize.ShortestEdge(side);
        }
        Set<String> keys = keys(size);
        if (keys.equals(Set.of("shortest_edge"))) {
            return new TargetSize.ShortestEdge(side("size.shortest_edge", size.get("shortest_edge")));
        }
        if (keys.equals(Set.of("shortest_edge", "longest_edge"))) {
            return new TargetSize.EdgeRange(side("size.shortest_edge", size.get("shortest_edge")),
                    side("size.longest_edge", size.get("longest_edge")));
        }
        return exact("size", size,
                "a number, [height, width], {height, width}, {shortest_edge} or {shortest_edge, longest_edge}");
    }

    private TargetSize.Exact crop(boolean deit) {
        JsonNode size = json.path("crop_size");
        if (size.isMissingNode()) {
            if (deit) {
                return new TargetSize.Exact(224, 224);
            }
            throw new ModelException(
                    file + ": do_center_crop is true, but crop_size is missing; give {\"height\": …, \"width\": …}");
        }
        if (size.isIntegralNumber()) {
            int side = side("crop_size", size);
            return new TargetSize.Exact(side, side);
        }
        return exact("crop_size", size, "a number, [height, width] or {height, width}");
    }

    private TargetSize.Exact exact(String name, JsonNode size, String forms) {
        if (size.isArray() && size.size() == 2) {
            return new TargetSize.Exact(side(name + "[0]", size.get(0)), side(name + "[1]", size.get(1)));
        }
        if (keys(size).equals(Set.of("height", "width"))) {
            return new TargetSize.Exact(side(name + ".height", size.get("height")),
                    side(name + ".width", size.get("width")));
        }
        throw new ModelException(file + ": " + name + " is " + size + ", but must be " + forms);
    }

    private static Set<String> keys(JsonNode size) {
        Set<String> keys = new TreeSet<>();
        size.properties().forEach(entry -> keys.add(entry.getKey()));
        return keys;
    }

    private int side(String name, JsonNode value) {
        if (!value.isIntegralNumber() || value.asLong() < 1 || value.asLong() > MAX_SIDE) {
            throw new ModelException(
                    file + ": " + name + " is " + value + ", but must be a whole number from 1 to " + MAX_SIDE);
        }
        return value.asInt();
    }

    private boolean flag(String name, boolean otherwise) {
        JsonNode value = json.path(name);
        if (value.isNull()) {
            return false;
        }
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw new ModelException(file + ": " + name + " is " + value + ", but must be true or false");
        }
        return value.asBoolean(otherwise);
    }

    private double number(String name, double otherwise) {
        JsonNode value = json.path(name);
        return value.isMissingNode() ? otherwise : finite(name, value);
    }

    private double finite(String name, JsonNode value) {
        if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
            throw new ModelException(file + ": " + name + " is " + value + ", but must be a number");
        }
        return value.asDouble();
    }

    /** Both classes have 0.5 three times for mean and standard deviation. */
    private double[] numbers(String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode()) {
            return new double[]{0.5, 0.5, 0.5};
        }
        if (!value.isArray()) {
            return new double[]{finite(name, value)};
        }
        double[] numbers = new double[value.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = finite(name + "[" + i + "]", value.get(i));
        }
        return numbers;
    }

    private double[] deviations() {
        double[] std = numbers("image_std");
        for (double deviation : std) {
            if ((float) deviation == 0) {
                throw new ModelException(
                        file + ": image_std is " + json.path("image_std")
                                + ", but pixels are divided by it: no 0 in it");
            }
        }
        return std;
    }

}
