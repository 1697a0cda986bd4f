package dev.limpid.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows of several lengths, packed one after the other, against the same rows group by group. */
class PackingTest {
    static List<Arguments> everyHead() {
        List<Arguments> all = new ArrayList<>();
        for (String name : Stream.concat(Golden.NAMES.stream(), Stream.of("mean", "cls")).toList()) {
            for (long seed : new long[]{1, 2, 3}) {
                all.add(Arguments.of(name, seed));
            }
        }
        return all;
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("everyHead")
    void packedRowsAreThoseOfTheirGroupBitForBitOnTheReference(String name, long seed) {
        try (Ops ops = Device.open("reference", DeviceOptions.DEFAULT)) {
            PackedModel model = new PackedModel(name, ops, seed);
            for (EmbeddingPoint point : EmbeddingPoint.values()) {
                assertSame(model.together(point), model.oneByOne(point), 0);
            }
        }
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("everyHead")
    void packedRowsAreThoseOfTheirGroupOnTheCpu(String name, long seed) {
        try (Ops ops = Device.open("cpu", new DeviceOptions(2))) {
            PackedModel model = new PackedModel(name, ops, seed);
            for (EmbeddingPoint point : EmbeddingPoint.values()) {
                assertSame(model.together(point), model.oneByOne(point), 2e-6);
            }
        }
    }

    /** @param tolerance relative to the largest number of a group, or to 1 */
    static void assertSame(List<PackedModel.Found> packed, List<PackedModel.Found> alone, double tolerance) {
        assertThat(packed).hasSameSizeAs(alone);
        for (int g = 0; g < alone.size(); g++) {
            assertNear(packed.get(g).logits(), alone.get(g).logits(), tolerance);
            assertNear(packed.get(g).gradient(), alone.get(g).gradient(), tolerance);
        }
    }

    private static void assertNear(double[] found, double[] expected, double tolerance) {
        if (tolerance == 0) {
            assertThat(found).containsExactly(expected);
        } else {
            double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
            assertThat(found).containsExactly(expected, within(tolerance * Math.max(1, largest)));
        }
    }

    @Test
    void textsAreEmbeddedEachFromItsFirstPosition() {
        try (Golden golden = new Golden("qa");
                Ops ops = Device.open("reference", DeviceOptions.DEFAULT);
                Workspace ws = ops.workspace()) {
            BertModel model = new PackedModel("qa", ops, 1).model();
            BertBatch one = BertBatch.of(new int[]{2, 7, 9, 3}, new int[]{0, 0, 1, 1});
            BertBatch other = BertBatch.of(new int[]{2, 11, 3}, new int[3]);
            for (EmbeddingPoint point : EmbeddingPoint.values()) {
                Tensor packed = model.embed(ws, point, List.of(one, other));
                assertThat(packed.shape().is(1, 7, model.config().hiddenSize())).isTrue();
                double[] apart = Stream.of(one, other).map(batch -> ops.download(model.embed(ws, point, batch)))
                        .flatMapToDouble(Arrays::stream).toArray();
                assertThat(ops.download(packed)).containsExactly(apart);
            }
            BertBatch padded = golden.batch();
            assertThat(padded.isPadded()).isTrue();
            assertThatThrownBy(() -> model.embed(ws, EmbeddingPoint.AFTER_LAYER_NORM, List.of(one, padded)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("padded");
        }
    }

    @Test
    void attentionIsLookedAtInRowsOfOneLength() {
        try (Ops ops = Device.open("reference", DeviceOptions.DEFAULT); Workspace ws = ops.workspace()) {
            BertModel model = new PackedModel("qa", ops, 1).model();
            Packing packing = new Packing(List.of(Packing.Group.of(1, 2), Packing.Group.of(1, 3)));
            Tensor x = ws.tensor(1, packing.tokens(), model.config().hiddenSize());
            ops.fill(x, 0.5);
            BertModel.Pass pass = model.forwardPacked(ws, EmbeddingPoint.AFTER_LAYER_NORM, x, packing);
            assertThatThrownBy(() -> model.attention(ws, pass, 0)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("one length");
        }
    }

    @Test
    void whatIsNoPackingIsRefused() {
        assertThatThrownBy(() -> new Packing(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Packing.Group.of(0, 4)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 × 4");
        assertThatThrownBy(() -> new Packing.Group(1, 4, new int[]{4})).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[4]");
        assertThatThrownBy(() -> new Packing.Group(1, 4, new int[0])).isInstanceOf(IllegalArgumentException.class);
        try (Ops ops = Device.open("reference", DeviceOptions.DEFAULT); Workspace ws = ops.workspace()) {
            assertThatThrownBy(() -> Packing.of(2, 3).split(ws.tensor(2, 4, 5)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("6 tokens");
        }
    }
}
