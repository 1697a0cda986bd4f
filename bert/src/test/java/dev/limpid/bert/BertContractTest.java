package dev.limpid.bert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Activations, logits and gradients of tiny checkpoints on a device that computes in 32 bits, against PyTorch. Each backend extends this class. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BertContractTest {
    /** Relative to the largest number of a tensor, or to 1. */
    private static final double F32_TOLERANCE = 1e-5;

    private Ops ops;

    /** The device under test. */
    protected abstract Ops open();

    @BeforeAll
    void openDevice() {
        ops = open();
    }

    @AfterAll
    void closeDevice() {
        if (ops != null) {
            ops.close();
        }
    }

    @ParameterizedTest
    @FieldSource("dev.limpid.bert.BertGoldenTest#NAMES")
    void theDeviceComputesWhatPyTorchComputes(String name) {
        try (Golden golden = new Golden(name)) {
            assertThat(golden.departures(ops, golden.config(), source -> source, F32_TOLERANCE)).isEmpty();
        }
    }

    @ParameterizedTest
    @FieldSource("dev.limpid.bert.BertGoldenTest#NAMES")
    void theDeviceComputesPackedRowsAsOneByOne(String name) {
        PackedModel model = new PackedModel(name, ops, 1);
        for (EmbeddingPoint point : EmbeddingPoint.values()) {
            PackingTest.assertSame(model.together(point), model.oneByOne(point), F32_TOLERANCE);
        }
    }
}
