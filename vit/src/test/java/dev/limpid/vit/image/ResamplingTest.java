package dev.limpid.vit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every byte against transformers' PIL-based processor: 12 images, all resamplings, five sizes each, up and down. */
class ResamplingTest {
    private static final List<JsonNode> CASES = ImageFixtures.cases("resampling");

    static Stream<Arguments> images() {
        return CASES.stream().map(test -> test.get("image").asText()).distinct().flatMap(
                image -> Arrays.stream(Resampling.values()).map(resampling -> Arguments.of(image, resampling)));
    }

    @ParameterizedTest
    @MethodSource("images")
    void everyByteIsEqual(String name, Resampling resampling) {
        RgbImage image = ImageFixtures.image("resampling/" + name + ".png");
        List<JsonNode> tests = CASES.stream().filter(
                test -> test.get("image").asText().equals(name) && test.get("resample").asInt() == resampling.code())
                .toList();
        assertThat(tests).hasSize(5);
        for (JsonNode test : tests) {
            RgbImage resized = resampling.resize(image, test.get("width").asInt(), test.get("height").asInt());
            assertThat(ImageFixtures.sha256(resized.rgb())).as("%s", test).isEqualTo(test.get("sha256").asText());
        }
    }

    @Test
    void twelveImages() {
        assertThat(images()).hasSize(12 * 6);
    }

    @ParameterizedTest
    @EnumSource
    void aFailureCanBeLocated(Resampling resampling) {
        String name = resampling.name().toLowerCase(java.util.Locale.ROOT);
        RgbImage down = resampling.resize(ImageFixtures.image("resampling/chelsea.png"), 38, 20);
        assertThat(down.rgb()).isEqualTo(ImageFixtures.image("resampling/full-" + name + "-down.png").rgb());
        RgbImage up = resampling.resize(ImageFixtures.image("resampling/sparks-31x29.png"), 70, 61);
        assertThat(up.rgb()).isEqualTo(ImageFixtures.image("resampling/full-" + name + "-up.png").rgb());
    }

    @ParameterizedTest
    @EnumSource
    void theSameSizeIsTheSameImage(Resampling resampling) {
        RgbImage image = ImageFixtures.image("resampling/noise-97x61.png");
        assertThat(resampling.resize(image, 97, 61)).isSameAs(image);
    }

    @Test
    void codesAreThoseOfPillow() {
        assertThat(Arrays.stream(Resampling.values()).mapToInt(Resampling::code)).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(Resampling.ofCode(3)).contains(Resampling.BICUBIC);
        assertThat(Resampling.ofCode(6)).isEmpty();
    }

    @Test
    void aThreadOfPixelsIsRefusedBeforeItsWeightsTakeMemory() {
        RgbImage thread = new RgbImage(12_000_000, 1, new byte[36_000_000]);
        assertThatThrownBy(() -> Resampling.LANCZOS.resize(thread, 224, 224)).isInstanceOf(ImageException.class)
                .hasMessage("an image of 12000000 pixels along one side cannot be resized to 224;"
                        + " crop it or scale it down first");
    }
}
