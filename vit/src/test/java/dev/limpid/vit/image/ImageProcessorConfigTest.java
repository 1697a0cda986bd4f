package dev.limpid.vit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpid.nn.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code preprocessor_config.json} may say, and what is refused in one sentence. */
class ImageProcessorConfigTest {
    @TempDir
    private Path folder;

    private Path write(String name, String json) {
        try {
            return Files.writeString(folder.resolve(name), json);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ImageProcessorConfig read(String json) {
        write("preprocessor_config.json", json);
        return ImageProcessor.read(folder).config();
    }

    private void refused(String json, String message) {
        Path file = write("preprocessor_config.json", json);
        assertThatThrownBy(() -> ImageProcessor.read(folder)).isInstanceOf(ModelException.class)
                .hasMessage(file + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ViTImageProcessor", "ViTImageProcessorFast", "ViTImageProcessorPil",
            "ViTFeatureExtractor"})
    void vit(String type) {
        ImageProcessorConfig config = read("{\"image_processor_type\": \"" + type + "\"}");
        assertThat(config.type()).isEqualTo("ViTImageProcessor");
        assertThat(config.resampling()).isEqualTo(Resampling.BILINEAR);
        assertThat(config.size()).isEqualTo(new TargetSize.Exact(224, 224));
        assertThat(config.crop()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DeiTImageProcessor", "DeiTImageProcessorFast", "DeiTImageProcessorPil",
            "DeiTFeatureExtractor"})
    void deit(String type) {
        ImageProcessorConfig config = read("{\"feature_extractor_type\": \"" + type + "\"}");
        assertThat(config.type()).isEqualTo("DeiTImageProcessor");
        assertThat(config.resampling()).isEqualTo(Resampling.BICUBIC);
        assertThat(config.crop()).isEqualTo(new TargetSize.Exact(224, 224));
    }

    @Test
    void withoutATypeTheModelDecides() {
        assertThat(read("{}").type()).isEqualTo("ViTImageProcessor");
        write("config.json", "{\"model_type\": \"deit\"}");
        assertThat(read("{}").type()).isEqualTo("DeiTImageProcessor");
        write("config.json", "{\"model_type\": \"vit\"}");
        assertThat(read("{}").type()).isEqualTo("ViTImageProcessor");
    }

    @Test
    void theJointFileComesFirst() {
        write("processor_config.json", "{\"image_processor\": {\"size\": 32}}");
        assertThat(read("{\"size\": 16}").size()).isEqualTo(new TargetSize.Exact(32, 32));
        write("processor_config.json", "{\"processor_class\": \"other\"}");
        assertThat(read("{\"size\": 16}").size()).isEqualTo(new TargetSize.Exact(16, 16));
    }

    @Test
    void anotherProcessorIsRefusedByName() {
        refused("{\"image_processor_type\": \"CLIPImageProcessor\"}",
                ": the image processor 'CLIPImageProcessor' is not supported;"
                        + " supported are ViTImageProcessor, ViTFeatureExtractor, DeiTImageProcessor and DeiTFeatureExtractor");
    }

    @Test
    void noFolderOrNoFile() {
        assertThatThrownBy(() -> ImageProcessor.read(folder.resolve("none"))).isInstanceOf(ModelException.class)
                .hasMessage(folder.resolve("none")
                        + " is not a directory; give the folder of a Hugging Face checkpoint");
        assertThatThrownBy(() -> ImageProcessor.read(folder)).isInstanceOf(ModelException.class)
                .hasMessage(
                        folder + " has no preprocessor_config.json, which says how images are resized and normalised;"
                                + " copy it from where the model comes from");
    }

    @Test
    void noJson() {
        Path file = write("preprocessor_config.json", "{\"size\": ");
        assertThatThrownBy(() -> ImageProcessor.read(folder)).isInstanceOf(ModelException.class)
                .hasMessageStartingWith(file + " is not valid JSON (Unexpected end-of-input")
                .hasMessageEndingWith("); get the file again");
        refused("[]", " must hold a JSON object; get the file again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"6", "-1", "2.0", "\"bicubic\"", "null"})
    void anUnknownResample(String code) {
        refused("{\"resample\": " + code + "}", ": resample is " + code
                + ", but must be 0 (nearest), 1 (lanczos), 2 (bilinear), 3 (bicubic), 4 (box) or 5 (hamming)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"0 | size is 0", "-3 | size is -3",
            "70000 | size is 70000", "{\"height\":0,\"width\":4} | size.height is 0",
            "{\"height\":4,\"width\":\"x\"} | size.width is \"x\"", "[4,2.5] | size[1] is 2.5",
            "{\"shortest_edge\":null} | size.shortest_edge is null",
            "{\"shortest_edge\":5,\"longest_edge\":-1} | size.longest_edge is -1"})
    void aSideThatIsNone(String size, String finding) {
        refused("{\"size\": " + size + "}", ": " + finding + ", but must be a whole number from 1 to 65536");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"large\"", "2.5", "null", "[1,2,3]", "{}", "{\"height\":4}", "{\"longest_edge\":4}",
            "{\"max_height\":4,\"max_width\":4}"})
    void aSizeOfAnotherForm(String size) {
        refused("{\"size\": " + size + "}", ": size is " + size
                + ", but must be a number, [height, width], {height, width}, {shortest_edge} or {shortest_edge, longest_edge}");
    }

    @Test
    void aSizeThatIsNotUsedMayBeAnything() {
        assertThat(read("{\"do_resize\": false, \"size\": \"none\"}").size()).isNull();
    }

    @Test
    void badCrops() {
        refused("{\"do_center_crop\": true}",
                ": do_center_crop is true, but crop_size is missing; give {\"height\": …, \"width\": …}");
        refused("{\"do_center_crop\": true, \"crop_size\": {\"shortest_edge\": 4}}",
                ": crop_size is {\"shortest_edge\":4},"
                        + " but must be a number, [height, width] or {height, width}");
        refused("{\"do_center_crop\": true, \"crop_size\": 0}",
                ": crop_size is 0, but must be a whole number from 1 to 65536");
    }

    @Test
    void aCropOfEnormousSize() {
        read("{\"do_center_crop\": true, \"crop_size\": 65536}");
        assertThatThrownBy(() -> ImageProcessor.read(folder).process(new RgbImage(1, 1, new byte[3])))
                .isInstanceOf(ImageException.class).hasMessage("crop_size has 65536×65536 pixels,"
                        + " more than the limit of 178,956,970 in all; scale it down first");
    }

    @Test
    void badFlagsAndNumbers() {
        refused("{\"do_resize\": \"yes\"}", ": do_resize is \"yes\", but must be true or false");
        refused("{\"do_pad\": true}", ": do_pad is true, but padding is not supported; set it to false");
        refused("{\"rescale_factor\": \"1/255\"}", ": rescale_factor is \"1/255\", but must be a number");
        refused("{\"image_mean\": [0.5, null, 0.5]}", ": image_mean[1] is null, but must be a number");
        refused("{\"image_std\": {}}", ": image_std is {}, but must be a number");
        refused("{\"image_std\": [0.5, 0, 0.5]}",
                ": image_std is [0.5,0,0.5], but pixels are divided by it: no 0 in it");
    }

    @Test
    void meanAndDeviationMustFitTheChannels() {
        write("preprocessor_config.json", "{\"image_mean\": [0.5, 0.5]}");
        assertThatThrownBy(() -> ImageProcessor.read(folder)).isInstanceOf(ModelException.class)
                .hasMessage(folder + ": image_mean has 2 numbers, but the model has 3 channels;"
                        + " give one number, or one for each");
        write("preprocessor_config.json", "{\"image_mean\": 0.5}");
        assertThatThrownBy(() -> ImageProcessor.read(folder, 1)).isInstanceOf(ModelException.class)
                .hasMessage(folder + ": image_std has 3 numbers, but the model has 1 channels;"
                        + " give one number, or one for each");
        assertThatThrownBy(() -> ImageProcessor.read(folder, 4)).isInstanceOf(ModelException.class)
                .hasMessage(folder + ": images have 1 or 3 channels, but the model's num_channels is 4");
    }
}
