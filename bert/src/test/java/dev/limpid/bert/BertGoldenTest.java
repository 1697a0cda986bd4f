package dev.limpid.bert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Activations, logits and gradients of tiny checkpoints, all of whose parameters are random, against PyTorch in double precision; and proof that these
 * comparisons notice a small change of any part.
 */
class BertGoldenTest {
    /** What double precision leaves of a few hundred operations. */
    private static final double F64_TOLERANCE = 1e-10;
    private static final double F32_TOLERANCE = 1e-5;

    static final List<String> NAMES = Golden.NAMES;

    @ParameterizedTest
    @FieldSource("NAMES")
    void theReferenceComputesWhatPyTorchComputes(String name) {
        try (Golden golden = new Golden(name); Ops ops = Device.open("reference", DeviceOptions.DEFAULT)) {
            assertThat(golden.departures(ops, golden.config(), source -> source, F64_TOLERANCE)).isEmpty();
        }
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void theCpuComputesWhatPyTorchComputes(String name) {
        try (Golden golden = new Golden(name); Ops ops = Device.open("cpu", new DeviceOptions(2))) {
            assertThat(golden.departures(ops, golden.config(), source -> source, F32_TOLERANCE)).isEmpty();
        }
    }

    static List<Arguments> everyTensor() {
        List<Arguments> all = new ArrayList<>();
        for (String name : NAMES) {
            try (Golden golden = new Golden(name)) {
                golden.weightNames().forEach(tensor -> all.add(Arguments.of(name, tensor)));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("everyTensor")
    void oneTensorOffByOnePercentIsNoticed(String name, String tensor) {
        try (Golden golden = new Golden(name); Ops ops = Device.open("cpu", new DeviceOptions(1))) {
            assertThat(golden.departures(ops, golden.config(), source -> Golden.scaled(source, tensor, 1.01f),
                    F32_TOLERANCE))
                    .isNotEmpty();
        }
    }

    static List<Arguments> everyConfig() {
        List<Arguments> all = new ArrayList<>();
        for (String name : NAMES) {
            all.add(Arguments.of(name, "another activation",
                    (UnaryOperator<BertConfig>) BertGoldenTest::otherActivation));
            all.add(Arguments.of(name, "another epsilon", (UnaryOperator<BertConfig>) BertGoldenTest::otherEpsilon));
        }
        return all;
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("everyConfig")
    void anotherConfigurationIsNoticed(String name, String what, UnaryOperator<BertConfig> change) {
        try (Golden golden = new Golden(name); Ops ops = Device.open("reference", DeviceOptions.DEFAULT)) {
            assertThat(golden.departures(ops, change.apply(golden.config()), source -> source, F64_TOLERANCE)).as(what)
                    .isNotEmpty();
        }
    }

    private static BertConfig otherActivation(BertConfig c) {
        Activation other = c.activation() == Activation.GELU ? Activation.GELU_TANH : Activation.GELU;
        return new BertConfig(c.architecture(), c.vocabSize(), c.hiddenSize(), c.layers(), c.heads(),
                c.intermediateSize(),
                c.maxPositions(), c.typeVocabSize(), c.layerNormEpsilon(), other, c.padTokenId(), c.labels(),
                c.problemType());
    }

    private static BertConfig otherEpsilon(BertConfig c) {
        double other = c.layerNormEpsilon() == 1e-12 ? 1e-6 : 1e-12;
        return new BertConfig(c.architecture(), c.vocabSize(), c.hiddenSize(), c.layers(), c.heads(),
                c.intermediateSize(),
                c.maxPositions(), c.typeVocabSize(), other, c.activation(), c.padTokenId(), c.labels(),
                c.problemType());
    }
}
