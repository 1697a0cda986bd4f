package dev.limpid.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tiny random image classifier of five classes: cat, dog, bird, ship, frog; images of 12 × 12 pixels in patches of 4 × 4. */
final class TinyViT {
    private static final String CHANNELS_OF_ONE = "\"image_mean\": [0.5], \"image_std\": [0.5], ";

    private TinyViT() {}

    /** A folder with its files. */
    static Path in(Path parent) throws IOException {
        return copy("vit-plain", parent, "");
    }

    /** One whose images are grey, of 12 × 8 pixels in patches of 3 × 4. */
    static Path greyIn(Path parent) throws IOException {
        return copy("vit-grey", parent, CHANNELS_OF_ONE);
    }

    private static Path copy(String name, Path parent, String normalisation) throws IOException {
        Path golden = Path.of(System.getProperty("limpid.root"), "vit/src/test/resources/golden", name);
        Path folder = Files.createDirectories(parent.resolve(name));
        for (String file : new String[]{"config.json", "model.safetensors"}) {
            Files.copy(golden.resolve(file), folder.resolve(file));
        }
        Files.writeString(folder.resolve("preprocessor_config.json"),
                "{\"image_processor_type\": \"ViTImageProcessor\", "
                        + normalisation + "\"size\": " + size(folder) + "}");
        return folder;
    }

    private static String size(Path folder) throws IOException {
        JsonNode size = new ObjectMapper().readTree(folder.resolve("config.json").toFile()).get("image_size");
        return size.isInt() ? size.toString() : "{\"height\": " + size.get(0) + ", \"width\": " + size.get(1) + "}";
    }

    /** Replaces text in one of its files. */
    static void change(Path model, String file, String from, String to) throws IOException {
        String text = Files.readString(model.resolve(file));
        if (!text.contains(from)) {
            throw new IllegalArgumentException(file + " has no " + from);
        }
        Files.writeString(model.resolve(file), text.replace(from, to));
    }
}
