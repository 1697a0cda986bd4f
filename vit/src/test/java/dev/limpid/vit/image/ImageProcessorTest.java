package dev.limpid.vit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.limpid.safetensors.SafetensorsFile;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The processors of transformers, by configuration file. */
class ImageProcessorTest {
    private static final List<JsonNode> CASES = ImageFixtures.cases("processors");
    private static final RgbImage PHOTO = ImageFixtures.image("processors/photo.png");

    static Stream<String> names() {
        return CASES.stream().map(test -> test.get("name").asText());
    }

    private static JsonNode test(String name) {
        return CASES.stream().filter(test -> test.get("name").asText().equals(name)).findFirst().orElseThrow();
    }

    private static ImageProcessor processor(String name) {
        return ImageProcessor.read(ImageFixtures.path("processors/" + name), test(name).get("channels").asInt());
    }

    @ParameterizedTest
    @MethodSource("names")
    void bytesAndNumbersAreThoseOfTransformers(String name) {
        JsonNode test = test(name);
        ImageProcessor.Processed result = processor(name).process(PHOTO);
        PixelValues values = result.values();
        assertThat(List.of(values.channels(), values.height(), values.width())).containsExactly(
                test.get("channels").asInt(), test.get("height").asInt(), test.get("width").asInt());
        assertThat(List.of(result.resized().height(), result.resized().width())).containsExactly(values.height(),
                values.width());
        assertThat(ImageFixtures.sha256(result.resized().rgb())).as("bytes before normalising")
                .isEqualTo(test.get("bytes").asText());
        try (SafetensorsFile expected = SafetensorsFile
                .open(ImageFixtures.path("processors/expected.safetensors"))) {
            if (expected.has(name)) {
                assertThat(values.values()).usingComparatorWithPrecision(1e-6f).containsExactly(expected.floats(name));
            }
        }
        // Stronger than the bar: not one bit differs.
        assertThat(ImageFixtures.sha256(values.values())).as("numbers").isEqualTo(test.get("floats").asText());
    }

    @Test
    void aColourIsNormalisedLikeAPixel() {
        ImageProcessor processor = processor("vit-extractor");
        float[] white = processor.normalise(255, 255, 255);
        float[] colour = processor.normalise(0, 128, 255);
        assertThat(colour).hasSize(3);
        assertThat(colour[0]).isCloseTo(-0.485f / 0.229f, within(1e-6f));
        assertThat(colour[1]).isCloseTo((128 / 255f - 0.456f) / 0.224f, within(1e-6f));
        assertThat(colour[2]).isEqualTo(white[2]).isCloseTo((1 - 0.406f) / 0.225f, within(1e-6f));
        assertThat(processor("grey").normalise(255, 0, 0)).hasSize(1);
    }

    @Test
    void anImageOfTheRightSizeIsNormalisedAlone() {
        ImageProcessor processor = processor("crop-odd");
        ImageProcessor.Processed result = processor.process(PHOTO);
        assertThat(processor.normalise(result.resized())).isEqualTo(result.values());
        assertThat(result.values().at(2, 3, 4)).isEqualTo(processor.normalise(result.resized().packed(4, 3) >> 16,
                result.resized().packed(4, 3) >> 8 & 0xFF, result.resized().packed(4, 3) & 0xFF)[2]);
    }

    @Test
    void stepsCanBeAskedFor() {
        ImageProcessorConfig deit = processor("deit-defaults").config();
        assertThat(deit.type()).isEqualTo("DeiTImageProcessor");
        assertThat(deit.size()).isEqualTo(new TargetSize.Exact(256, 256));
        assertThat(deit.crop()).isEqualTo(new TargetSize.Exact(224, 224));
        assertThat(deit.resampling()).isEqualTo(Resampling.BICUBIC);
        assertThat(deit.rescale()).isEqualTo(1 / 255.0);
        assertThat(deit.normalisation().mean()).containsExactly(0.5, 0.5, 0.5);
        assertThat(processor("nothing").config().normalisation()).isNull();
        assertThat(processor("no-resize").config().size()).isNull();
    }

    @Test
    void aThreadOfPixelsIsRefusedBeforeItIsEnlarged() {
        RgbImage thread = new RgbImage(1, 3_000_000, new byte[9_000_000]);
        assertThatThrownBy(() -> processor("shortest-edge").process(thread)).isInstanceOf(ImageException.class)
                .hasMessage("the image of 1×3000000 pixels, resized as ViTImageProcessor is to do it, has 19×57000000"
                        + " pixels, more than the limit of 178,956,970 in all; scale it down first");
    }

    @Test
    void manyThreadsAtOnceGetTheSame() {
        ImageProcessor processor = processor("crop");
        PixelValues expected = processor.process(PHOTO).values();
        assertThat(IntStream.range(0, 16).parallel().mapToObj(i -> processor.process(PHOTO).values()))
                .allMatch(expected::equals);
    }
}
