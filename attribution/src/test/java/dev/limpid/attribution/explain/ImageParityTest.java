package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.attribution.Attribution;
import dev.limpid.attribution.Idgi;
import dev.limpid.attribution.InputXGradient;
import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.Method;
import dev.limpid.attribution.NoiseSource;
import dev.limpid.attribution.NoiseTunnel;
import dev.limpid.attribution.Occlusion;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Saliency;
import dev.limpid.attribution.Target;
import dev.limpid.attribution.metric.Infidelity;
import dev.limpid.attribution.metric.Perturbation;
import dev.limpid.safetensors.Checkpoint;
import dev.limpid.safetensors.SafetensorsFile;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.DType;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import dev.limpid.vit.ViTConfig;
import dev.limpid.vit.ViTLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attributions of pixels against captum, on tiny checkpoints, every method with every setting that the goldens hold; and captum's infidelity of them. */
class ImageParityTest {
    /** The bar: of the map's largest value. */
    private static final double TOLERANCE = 1e-5;
    /** captum's quadrature weights are 32-bit numbers for a network in double precision too, and so is its occlusion. */
    private static final double F64_TOLERANCE = 3e-7;

    private static final Path CHECKPOINTS = Path.of("../vit/src/test/resources/golden");
    private static final SafetensorsFile MAPS = SafetensorsFile
            .open(Path.of("src/test/resources/golden/vit-attributions.safetensors"));

    static List<Arguments> maps() {
        return records("attributions");
    }

    static List<Arguments> infidelities() {
        return records("infidelity");
    }

    private static List<Arguments> records(String kind) {
        JsonNode golden;
        try {
            golden = new ObjectMapper().readTree(
                    Files.readAllBytes(Path.of("src/test/resources/golden/vit-attributions.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Arguments> all = new ArrayList<>();
        for (JsonNode image : golden.path("images")) {
            for (JsonNode record : image.path(kind)) {
                String dtype = record.path("dtype").asText();
                String device = dtype.equals("f64") ? "reference" : "cpu";
                all.add(Arguments.of(record.path("map").asText(), device, image.path("checkpoint").asText(), record));
            }
        }
        return all;
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("maps")
    void mapsAreThoseOfCaptum(String map, String device, String checkpoint, JsonNode record) {
        double[] expected = doubles(map);
        double tolerance = device.equals("cpu") ? TOLERANCE : F64_TOLERANCE;
        try (Ops ops = Device.open(device, new DeviceOptions(2))) {
            PixelSpace space = space(checkpoint, ops);
            double[] x = doubles(checkpoint + ".pixels");
            double[] baseline = record.path("baseline").asText("zero").equals("zero")
                    ? new double[x.length]
                    : doubles(checkpoint + ".baseline");
            Attribution actual = method(record, space, checkpoint).attribute(space, x, baseline,
                    List.of(Target.logit(record.path("target").asInt())), RunOptions.DEFAULT).getFirst();
            double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
            assertThat(actual.values()).containsExactly(expected, within(tolerance * largest));
            assertThat(actual.score()).isCloseTo(record.path("score").asDouble(), within(tolerance * 10));
            if (record.has("baselineScore")) {
                assertThat(actual.baselineScore()).isCloseTo(record.path("baselineScore").asDouble(),
                        within(tolerance * 10));
            }
            if (record.has("delta")) {
                assertThat(actual.delta()).isCloseTo(record.path("delta").asDouble(),
                        within(tolerance * largest * expected.length));
            }
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("infidelities")
    void infidelityIsThatOfCaptum(String map, String device, String checkpoint, JsonNode record) {
        double[] attributions = doubles(map);
        double[] x = doubles(checkpoint + ".pixels");
        double[][] perturbed = split(doubles(checkpoint + ".perturbations"), x.length);
        for (double[] sample : perturbed) {
            Arrays.setAll(sample, i -> x[i] - sample[i]);
        }
        Infidelity infidelity = new Infidelity(perturbed.length, Perturbation.given(perturbed),
                record.path("perturbation").asText().equals("divided"), record.path("normalize").asBoolean());
        try (Ops ops = Device.open(device, new DeviceOptions(2))) {
            double actual = infidelity.measure(space(checkpoint, ops), x, new double[x.length],
                    List.of(Target.logit(record.path("target").asInt())), List.of(attributions), RunOptions.DEFAULT)[0];
            double expected = record.path("infidelity").asDouble();
            assertThat(actual).isCloseTo(expected, within((device.equals("cpu") ? 1e-4 : 1e-6) * expected));
        }
    }

    private static PixelSpace space(String checkpoint, Ops ops) {
        Path directory = CHECKPOINTS.resolve(checkpoint);
        try (Checkpoint source = Checkpoint.open(directory)) {
            return new PixelSpace(ViTLoader.load(ViTConfig.read(directory), Weights.of(source), ops).model());
        }
    }

    private static Method method(JsonNode record, PixelSpace space, String checkpoint) {
        ViTConfig config = space.vit().config();
        return switch (record.path("method").asText()) {
            case "noise-tunnel" -> new NoiseTunnel(plain(record.path("of").asText(), record),
                    NoiseTunnel.Type.named(record.path("type").asText().replace('_', '-')),
                    record.path("samples").asInt(), 1,
                    NoiseSource.given(split(doubles(checkpoint + ".noise"), Math.toIntExact(space.shape().size()))));
            case "occlusion" -> Occlusion.patches(space.shape(), config.patchHeight(), config.patchWidth());
            default -> plain(record.path("method").asText(), record);
        };
    }

    private static Method plain(String id, JsonNode record) {
        return switch (id) {
            case "integrated-gradients" -> new IntegratedGradients(
                    quadrature(record.path("quadrature").asText()), record.path("steps").asInt());
            case "saliency" -> new Saliency(!record.path("absolute").asBoolean());
            case "input-x-gradient" -> new InputXGradient();
            case "idgi" -> new Idgi(record.path("steps").asInt());
            default -> throw new IllegalArgumentException(id);
        };
    }

    private static Quadrature quadrature(String captums) {
        return captums.equals("gausslegendre")
                ? Quadrature.GAUSS_LEGENDRE
                : Quadrature.named(captums.replace('_', '-'));
    }

    private static double[][] split(double[] all, int size) {
        double[][] rows = new double[all.length / size][];
        Arrays.setAll(rows, s -> Arrays.copyOfRange(all, s * size, (s + 1) * size));
        return rows;
    }

    private static double[] doubles(String name) {
        if (MAPS.info(name).dtype() == DType.F64) {
            ValueLayout.OfDouble layout = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
            return MAPS.segment(name).toArray(layout);
        }
        float[] floats = MAPS.floats(name);
        double[] values = new double[floats.length];
        Arrays.setAll(values, i -> floats[i]);
        return values;
    }
}
