package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.Steps;
import dev.limpid.demo.DemoModels;
import dev.limpid.safetensors.SafetensorsFile;
import dev.limpid.vit.image.ImageFile;
import dev.limpid.vit.image.ImageLimits;
import dev.limpid.vit.image.RgbImage;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The embedded vision transformer on the bundled photo: from the file's bytes to the map, against transformers and captum. */
class EmbeddedViTTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @ParameterizedTest
    @CsvSource({"reference, 1e-10, 3e-7", "cpu, 1e-5, 1e-5"})
    void theCatIsACatForTheReasonsThatCaptumGives(String device, double ofLogits, double ofMap) throws IOException {
        JsonNode golden = new ObjectMapper().readTree(Files.readAllBytes(GOLDEN.resolve("embedded-vit.json")));
        try (SafetensorsFile tensors = SafetensorsFile.open(GOLDEN.resolve("embedded-vit.safetensors"));
                LimpidModel model = Limpid.load(DemoModels.imageClassification(),
                        LoadOptions.DEFAULT.withDevice(device))) {
            RgbImage photo = ImageFile.read(DemoModels.photo(), DemoModels.photoName(), ImageLimits.DEFAULT);
            ImageExplanation e = model.imageClassification().explain(photo,
                    ImageOptions.DEFAULT.withMethod(new IntegratedGradients(Steps.FIFTY)));
            assertThat(e.resized().rgb()).isEqualTo(tensors.segment("resized").toArray(ValueLayout.JAVA_BYTE));
            assertThat(e.pixels().values()).containsExactly(tensors.floats("pixels"), within(1e-6f));
            assertThat(e.prediction().label()).isEqualTo("cat").isEqualTo(golden.path("label").asText());
            double[] logits = e.predictions().stream().sorted(Comparator.comparingInt(ClassPrediction::index))
                    .mapToDouble(ClassPrediction::logit).toArray();
            double[] expected = doubles(tensors, "f64.logits");
            assertThat(logits).containsExactly(expected, within(ofLogits * largest(expected)));
            double[] map = doubles(tensors, "f64.attributions");
            ImageAttribution a = e.explanations().getFirst();
            assertThat(a.values()).containsExactly(map, within(ofMap * largest(map)));
            assertThat(Math.abs(a.delta())).isLessThan(1e-4);
        }
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    private static double[] doubles(SafetensorsFile tensors, String name) {
        ValueLayout.OfDouble layout = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        return tensors.segment(name).toArray(layout);
    }
}
