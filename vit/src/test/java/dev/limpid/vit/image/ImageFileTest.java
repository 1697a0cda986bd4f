package dev.limpid.vit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Decoding against Pillow: {@code Image.open}, {@code exif_transpose}, {@code convert("RGB")}. */
class ImageFileTest {
    private static final List<JsonNode> CASES = ImageFixtures.cases("decoding");

    private static Stream<JsonNode> cases(boolean copied) {
        return CASES.stream().filter(test -> test.has("pixels") == copied);
    }

    static Stream<String> exact() {
        return cases(false).map(test -> test.get("file").asText());
    }

    static Stream<String> jpeg() {
        return cases(true).map(test -> test.get("file").asText()).filter(file -> file.endsWith(".jpg"));
    }

    static Stream<String> lossyWebp() {
        return cases(true).map(test -> test.get("file").asText()).filter(file -> file.endsWith(".webp"));
    }

    private static JsonNode test(String file) {
        return CASES.stream().filter(test -> test.get("file").asText().equals(file)).findFirst().orElseThrow();
    }

    private static RgbImage read(String file) {
        RgbImage image = ImageFixtures.image("decoding/" + file);
        assertThat(List.of(image.width(), image.height()))
                .containsExactly(test(file).get("width").asInt(), test(file).get("height").asInt());
        return image;
    }

    @ParameterizedTest
    @MethodSource("exact")
    void pngGifBmpAndLosslessWebpAreExact(String file) {
        assertThat(ImageFixtures.sha256(read(file).rgb())).isEqualTo(test(file).get("sha256").asText());
    }

    @ParameterizedTest
    @MethodSource("jpeg")
    void jpegIsWithinTwoLevels(String file) {
        RgbImage expected = ImageFixtures.image("decoding/" + test(file).get("pixels").asText());
        assertThat(ImageFixtures.sha256(expected.rgb())).isEqualTo(test(file).get("sha256").asText());
        assertThat(ImageFixtures.difference(read(file), expected)).isLessThanOrEqualTo(2);
        // Two levels hide a rounding that is always wrong, the mean does not.
        assertThat(ImageFixtures.meanDifference(read(file), expected)).isLessThan(0.02);
    }

    /** Chroma is not interpolated as in libwebp, and its loop filter differs here and there; what is seen is the same. */
    @ParameterizedTest
    @MethodSource("lossyWebp")
    void lossyWebpIsNear(String file) {
        RgbImage expected = ImageFixtures.image("decoding/" + test(file).get("pixels").asText());
        assertThat(ImageFixtures.difference(read(file), expected)).isLessThanOrEqualTo(24);
        assertThat(ImageFixtures.meanDifference(read(file), expected)).isLessThan(1.5);
        assertThat(ImageFixtures.brightness(read(file))).isCloseTo(ImageFixtures.brightness(expected), within(0.15));
    }

    @Test
    void everyFormatIsThere() {
        assertThat(exact().filter(file -> file.endsWith(".png"))).hasSize(44);
        assertThat(exact().filter(file -> file.endsWith(".gif"))).hasSize(12);
        assertThat(exact().filter(file -> file.endsWith(".bmp"))).hasSize(12);
        assertThat(exact().filter(file -> file.endsWith(".webp"))).hasSize(7);
        assertThat(jpeg()).hasSize(37);
        assertThat(lossyWebp()).hasSize(4);
    }
}
