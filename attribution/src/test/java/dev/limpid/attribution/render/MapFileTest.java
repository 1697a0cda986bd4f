package dev.limpid.attribution.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.attribution.explain.ImageExplanation;
import dev.limpid.safetensors.SafetensorsFile;
import dev.limpid.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapFileTest {
    @TempDir
    Path folder;

    @Test
    void ofOneImageAndTargetNothingIsNumbered() throws IOException {
        ImageExplanation e = ImageExamples.of(1, "cat");
        MapFile maps = new MapFile(1);
        assertThat(maps.add(e)).containsExactly("attributions");
        try (SafetensorsFile file = written(maps)) {
            assertThat(file.names()).containsExactlyInAnyOrder("attributions", "pixels");
            assertThat(file.metadata()).isEqualTo(
                    Map.of("model", "tiny", "label", "cat", "index", "0", "method", "integrated-gradients"));
            assertThat(file.info("attributions").dtype()).isEqualTo(DType.F32);
            assertThat(file.info("attributions").shape()).containsExactly(3, 4, 6);
            assertThat(file.info("pixels").shape()).containsExactly(3, 4, 6);
            assertThat(file.floats("pixels")).isEqualTo(e.pixels().values());
            assertAttributions(file, "attributions", e, 0);
        }
    }

    @Test
    void ofSeveralTheyAreNumberedByImageAndTarget() throws IOException {
        ImageExplanation a = ImageExamples.of(2, "cat", "dog");
        ImageExplanation b = ImageExamples.of(3, "\ud800 <cat>");
        MapFile maps = new MapFile(2);
        assertThat(maps.add(a)).containsExactly("attributions.1.1", "attributions.1.2");
        assertThat(maps.add(b)).containsExactly("attributions.2.1");
        try (SafetensorsFile file = written(maps)) {
            assertThat(file.names()).containsExactlyInAnyOrder("pixels.1", "attributions.1.1", "attributions.1.2",
                    "pixels.2", "attributions.2.1");
            assertThat(file.metadata()).containsEntry("label.1.2", "dog").containsEntry("index.1.2", "1")
                    .containsEntry("label.2.1", "\ufffd <cat>").containsEntry("method.2.1", "integrated-gradients");
            assertAttributions(file, "attributions.1.2", a, 1);
            assertAttributions(file, "attributions.2.1", b, 0);
            assertThat(file.floats("pixels.2")).isEqualTo(b.pixels().values());
        }
    }

    @Test
    void severalTargetsOfOneImageAreNumberedToo() {
        assertThat(new MapFile(1).add(ImageExamples.of(4, "cat", "dog"))).containsExactly("attributions.1.1",
                "attributions.1.2");
    }

    private SafetensorsFile written(MapFile maps) throws IOException {
        return SafetensorsFile.open(Files.write(folder.resolve("map.safetensors"), maps.bytes()));
    }

    private static void assertAttributions(SafetensorsFile file, String name, ImageExplanation e, int target) {
        float[] written = file.floats(name);
        double[] values = e.explanations().get(target).values();
        assertThat(written).hasSameSizeAs(values);
        for (int i = 0; i < values.length; i++) {
            assertThat(written[i]).isEqualTo((float) values[i]);
        }
    }
}
