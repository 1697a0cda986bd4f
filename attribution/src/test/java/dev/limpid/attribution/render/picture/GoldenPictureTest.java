package dev.limpid.attribution.render.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.safetensors.SafetensorsFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against captum's pictures as matplotlib drew them, and its thresholds and scaled values. */
class GoldenPictureTest {
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final Map<String, View> METHODS = Map.of("heat_map", View.HEATMAP, "blended_heat_map", View.OVERLAY,
            "masked_image", View.MASKED, "alpha_scaling", View.ALPHA, "original_image", View.ORIGINAL);

    private static SafetensorsFile tensors;
    private static JsonNode golden;

    @BeforeAll
    static void open() throws IOException {
        Path folder = Path.of("src/test/resources/golden");
        tensors = SafetensorsFile.open(folder.resolve("image-visuals.safetensors"));
        golden = new ObjectMapper().readTree(folder.resolve("image-visuals.json").toFile());
    }

    @AfterAll
    static void close() {
        tensors.close();
    }

    private static byte[] bytes(String name) {
        return tensors.segment(name).toArray(ValueLayout.JAVA_BYTE);
    }

    private static JsonNode map(String name) {
        for (JsonNode map : golden.get("maps")) {
            if (map.get("map").asText().equals(name)) {
                return map;
            }
        }
        throw new AssertionError("no map " + name);
    }

    private static AttributionMap attributions(JsonNode map) {
        return AttributionMap.of(3, map.get("height").asInt(), map.get("width").asInt(),
                tensors.floats(map.get("map").asText() + ".attributions"));
    }

    private static RgbPixels pixels(JsonNode map, String what) {
        return RgbPixels.of(map.get("height").asInt(), map.get("width").asInt(),
                bytes(map.get("map").asText() + "." + what));
    }

    private static Sign sign(String captum) {
        return Sign.named(captum.replace("_value", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"small", "oblong", "large"})
    void thresholdsAndScaledValues(String name) {
        JsonNode map = map(name);
        assertThat(map.get("scales")).hasSize(16);
        for (JsonNode scale : map.get("scales")) {
            String captum = scale.get("sign").asText();
            ScaledMap scaled = ScaledMap.of(attributions(map), sign(captum), scale.get("outlier").asInt() / 100.0);
            assertThat(scaled.scale()).as("threshold, %s", scale)
                    .isCloseTo(scale.get("threshold").asDouble(), within(1e-13));
            MemorySegment expected = tensors.segment(name + ".norm." + captum + "." + scale.get("outlier").asInt());
            for (int i = 0; i < scaled.values().length; i++) {
                assertThat(scaled.values()[i]).as("value %d, %s", i, scale)
                        .isCloseTo(expected.getAtIndex(F64, i), within(1e-13));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"small", "oblong", "large"})
    void picturesWithinOneOfMatplotlib(String name) {
        JsonNode map = map(name);
        int pictures = 0;
        for (String tensor : tensors.names()) {
            String[] parts = tensor.split("\\.", 5); // name, "rgb", method, sign, "alpha-0.25"
            if (parts[0].equals(name) && parts[1].equals("rgb")) {
                double opacity = parts.length == 5 ? Double.parseDouble(parts[4].replace("alpha-", "")) : 0.5;
                Sign sign = sign(parts[3]);
                RgbPixels actual = METHODS.get(parts[2]).pixels(pixels(map, "image"),
                        ScaledMap.of(attributions(map), sign, 0.03), Palette.CAPTUM.colours(sign), opacity);
                assertWithinOne(actual, pixels(map, tensor.substring(name.length() + 1)), tensor);
                pictures++;
            }
        }
        assertThat(pictures).isEqualTo(16);
    }

    private static void assertWithinOne(RgbPixels actual, RgbPixels expected, String what) {
        assertThat(actual.height()).isEqualTo(expected.height());
        for (int i = 0; i < expected.rgb().length; i++) {
            assertWithinOne(actual.rgb()[i], expected.rgb()[i], what + ", pixel " + i);
        }
    }

    private static void assertWithinOne(int actual, int expected, String what) {
        for (int shift = 0; shift < 24; shift += 8) {
            assertThat(actual >> shift & 255).as(what).isCloseTo(expected >> shift & 255, within(1));
        }
    }

    @Test
    void tablesAreMatplotlibs() {
        Map<String, ColourMap> tables = Map.of("RdWhGn", ColourMap.RED_WHITE_GREEN, "Greens", ColourMap.GREENS, "Reds",
                ColourMap.REDS, "Blues", ColourMap.BLUES, "gray", ColourMap.GREY);
        tables.forEach((name, colours) -> {
            int[] expected = RgbPixels.of(1, 256, bytes("table." + name)).rgb();
            for (int i = 0; i < 255; i++) {
                assertThat(colours.entry(i)).as("%s, entry %d", name, i).isEqualTo(expected[i]);
            }
            assertWithinOne(colours.entry(255), expected[255], name + ", last entry");
        });
    }
}
