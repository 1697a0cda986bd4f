package dev.limpid.vit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.safetensors.Checkpoint;
import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Activations, logits and gradients of tiny checkpoints, all of whose parameters are random, against PyTorch in double precision; and proof that these
 * comparisons notice a small change of any part.
 */
class ViTGoldenTest {
    /** What double precision leaves of a few hundred operations. */
    private static final double F64_TOLERANCE = 1e-10;
    private static final double F32_TOLERANCE = 1e-5;

    static final List<String> NAMES = Golden.NAMES;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @FieldSource("NAMES")
    void theReferenceComputesWhatPyTorchComputes(String name) {
        try (Golden golden = new Golden(name); Ops ops = Device.open("reference", DeviceOptions.DEFAULT)) {
            assertThat(golden.departures(ops, golden.config(), golden.directory(), F64_TOLERANCE)).isEmpty();
        }
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void theCpuComputesWhatPyTorchComputes(String name) {
        try (Golden golden = new Golden(name); Ops ops = Device.open("cpu", new DeviceOptions(2))) {
            assertThat(golden.departures(ops, golden.config(), golden.directory(), F32_TOLERANCE)).isEmpty();
        }
    }

    static List<Arguments> everyTensor() {
        List<Arguments> all = new ArrayList<>();
        for (String name : NAMES) {
            try (Golden golden = new Golden(name); Checkpoint checkpoint = Checkpoint.open(golden.directory())) {
                checkpoint.names().stream().filter(tensor -> !tensor.contains(".pooler."))
                        .forEach(tensor -> all.add(Arguments.of(name, tensor)));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("everyTensor")
    void oneTensorOffByOnePercentIsNoticed(String name, String tensor) {
        try (Golden golden = new Golden(name); Ops ops = Device.open("cpu", new DeviceOptions(1))) {
            Path changed = ChangedCheckpoint.write(golden.directory(), folder, same -> same, (old, values) -> {
                if (old.equals(tensor)) {
                    for (int i = 0; i < values.length; i++) {
                        values[i] *= 1.01f;
                    }
                }
            });
            assertThat(golden.departures(ops, golden.config(), changed, F32_TOLERANCE)).isNotEmpty();
        }
    }

    static List<Arguments> everyConfig() {
        List<Arguments> all = new ArrayList<>();
        for (String name : NAMES) {
            all.add(Arguments.of(name, "another activation",
                    (UnaryOperator<ViTConfig>) c -> with(c, c.layerNormEpsilon(),
                            c.activation() == Activation.GELU ? Activation.GELU_TANH : Activation.GELU)));
            all.add(Arguments.of(name, "another epsilon",
                    (UnaryOperator<ViTConfig>) c -> with(c, c.layerNormEpsilon() == 1e-12 ? 1e-6 : 1e-12,
                            c.activation())));
        }
        return all;
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("everyConfig")
    void anotherConfigurationIsNoticed(String name, String what, UnaryOperator<ViTConfig> change) {
        try (Golden golden = new Golden(name); Ops ops = Device.open("reference", DeviceOptions.DEFAULT)) {
            assertThat(golden.departures(ops, change.apply(golden.config()), golden.directory(), F64_TOLERANCE))
                    .as(what).isNotEmpty();
        }
    }

    private static ViTConfig with(ViTConfig c, double epsilon, Activation activation) {
        return new ViTConfig(c.architecture(), c.imageHeight(), c.imageWidth(), c.patchHeight(), c.patchWidth(),
                c.channels(), c.hiddenSize(), c.layers(), c.heads(), c.intermediateSize(), c.qkvBias(), epsilon,
                activation, c.labels());
    }
}
