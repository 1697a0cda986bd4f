package dev.limpid.bench.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Steps;
import dev.limpid.bench.BenchException;
import dev.limpid.bench.explain.ExplainedModel.Explained;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelShapeTest {
    private static final int NODES = 20;

    @TempDir
    Path folder;

    private static List<Explained> explain(ModelShape shape, Path checkpoints) {
        try (Ops ops = Device.open("reference", DeviceOptions.DEFAULT)) {
            return shape.open(ops, checkpoints).explain(new Steps.Fixed(Quadrature.GAUSS_LEGENDRE, NODES),
                    RunOptions.DEFAULT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-tiny-16", "vit-tiny"})
    void aWrittenCheckpointIsExplainedAsTheRandomWeights(String name) throws IOException {
        List<ModelShape> shapes = ModelShape.named(List.of(name));
        CheckpointFolder.write(folder, shapes);
        List<Explained> drawn = explain(shapes.getFirst(), null);
        List<Explained> read = explain(shapes.getFirst(), folder);
        assertThat(read).hasSameSizeAs(drawn);
        for (int i = 0; i < drawn.size(); i++) {
            assertThat(read.get(i).target()).isEqualTo(drawn.get(i).target());
            assertThat(read.get(i).values()).containsExactly(drawn.get(i).values());
            assertThat(drawn.get(i).delta()).isCloseTo(0, within(1e-6));
            assertThat(drawn.get(i).change()).isNotZero();
        }
    }

    @Test
    void aLengthThatWasNotWrittenIsRefused() throws IOException {
        CheckpointFolder.write(folder, ModelShape.named(List.of("bert-tiny-16")));
        assertThatThrownBy(() -> CheckpointFolder.pair(folder.resolve("bert-tiny"), 9)).isInstanceOf(
                BenchException.class).hasMessageEndingWith(
                        "inputs.json has no input of 9 tokens; write the folder with --write-checkpoint");
    }

    @Test
    void agreementIsRelativeToTheLargestAndByRank() {
        Agreement agreement = Agreement.of(new double[]{1, 2, 3.5, -4}, new double[]{1, 2, 3, -4});
        assertThat(agreement.largest()).isEqualTo(0.125);
        assertThat(agreement.rankCorrelation()).isCloseTo(1, within(1e-15));
        assertThat(Agreement.of(new double[]{1, 2, 3}, new double[]{1, 3, 2}).rankCorrelation()).isCloseTo(0.5,
                within(1e-15));
    }

    @Test
    void countsTheProductsOfALayer() {
        // One token of one number: four projections, two dense layers of 2; scores and sum of one head.
        assertThat(ExplainedModel.flopsPerRow(1, 1, 1, 2, 0)).isEqualTo(2 * (4 + 4) + 4);
        assertThat(ExplainedModel.flopsPerRow(3, 1, 1, 2, 2)).isEqualTo(3 * (3 * 16 + 5 * 4));
    }
}
