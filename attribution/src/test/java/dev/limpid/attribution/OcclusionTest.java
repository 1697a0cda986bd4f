package dev.limpid.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Windows, and what is lost when they are taken away. */
class OcclusionTest {
    private static final List<Target> TARGETS = List.of(Target.logit(0), Target.probability(1));

    private final Ops ops = Device.open("reference", DeviceOptions.DEFAULT);
    private final double[] input = Toy.random(1, 12);
    private final double[] baseline = Toy.random(2, 12);

    @AfterEach
    void close() {
        ops.close();
    }

    @Test
    void aFeatureHasTheAverageLossOfTheWindowsThatCoverIt() {
        FeatureSpace space = Toy.space(ops, Activation.GELU, 3);
        // 2 channels of 3 rows and 2 columns, windows of 2×1 by steps of 1×1: rows 0-1 and 1-2 of each column.
        Occlusion occlusion = Occlusion.of(FeatureGroups.windows(Toy.IMAGE, 2, 1, 1, 1));
        List<Attribution> found = occlusion.attribute(space, input, baseline, TARGETS, RunOptions.DEFAULT);
        assertThat(found).extracting(Attribution::steps).containsOnly(4);
        for (int t = 0; t < TARGETS.size(); t++) {
            double[] expected = new double[12];
            for (int x = 0; x < 2; x++) {
                double upper = loss(space, TARGETS.get(t), x, x + 2, x + 6, x + 8);
                double lower = loss(space, TARGETS.get(t), x + 2, x + 4, x + 8, x + 10);
                expected[x] = upper;
                expected[x + 6] = upper;
                expected[x + 2] = (upper + lower) / 2;
                expected[x + 8] = (upper + lower) / 2;
                expected[x + 4] = lower;
                expected[x + 10] = lower;
            }
            assertThat(found.get(t).values()).containsExactly(expected, within(1e-15));
            assertThat(found.get(t).score()).isEqualTo(Toy.evaluate(space, TARGETS.get(t), input));
            assertThat(found.get(t).baselineScore()).isEqualTo(Toy.evaluate(space, TARGETS.get(t), baseline));
        }
    }

    private double loss(FeatureSpace space, Target target, int... features) {
        double[] without = input.clone();
        for (int i : features) {
            without[i] = baseline[i];
        }
        return Toy.evaluate(space, target, input) - Toy.evaluate(space, target, without);
    }

    @Test
    void leavingOneTokenOutOfALinearNetworkCostsItsShare() {
        double[] x = {1, 1, 2, -3, 0.5, 1};
        double[] x0 = {0.5, 0, -1, 2, 0, 1};
        Attribution found = Occlusion.leaveOneOut(Shape.of(3, 2))
                .attribute(Toy.identity(ops, null), x, x0, List.of(Target.logit(0)), RunOptions.DEFAULT).getFirst();
        assertThat(found.values()).containsExactly(new double[]{-1.5, -1.5, 6.5, 6.5, 2, 2}, within(1e-14));
    }

    @Test
    void theChunkSizeChangesNothing() {
        FeatureSpace space = Toy.space(ops, Activation.GELU, 3);
        Occlusion occlusion = Occlusion.of(FeatureGroups.windows(Toy.IMAGE, 2, 2, 1, 1));
        List<Attribution> whole = occlusion.attribute(space, input, baseline, TARGETS, RunOptions.DEFAULT);
        for (int rows = 1; rows < 5; rows++) {
            List<Attribution> chunked = occlusion.attribute(space, input, baseline, TARGETS,
                    new RunOptions(rows, 1, Progress.NONE));
            for (int t = 0; t < TARGETS.size(); t++) {
                assertThat(chunked.get(t)).usingRecursiveComparison().isEqualTo(whole.get(t));
            }
        }
    }

    @Test
    void whatNoWindowCoversHasNothing() {
        Attribution found = Occlusion.of(new int[][]{{2}}).attribute(Toy.space(ops, null, 1), input, baseline,
                TARGETS, RunOptions.DEFAULT).getFirst();
        double[] others = found.values().clone();
        assertThat(others[2]).isNotZero();
        others[2] = 0;
        assertThat(others).containsOnly(0);
    }

    @Test
    void windowsAreCutOffAtTheBorder() {
        // ⌈(5 − 3)/2⌉ + 1 = 2 places down, ⌈(6 − 3)/2⌉ + 1 = 3 across, of which the last holds two columns.
        int[][] windows = FeatureGroups.windows(Shape.of(1, 5, 6), 3, 3, 2, 2);
        assertThat(windows).hasNumberOfRows(6);
        assertThat(windows[0]).containsExactly(0, 1, 2, 6, 7, 8, 12, 13, 14);
        assertThat(windows[1]).containsExactly(2, 3, 4, 8, 9, 10, 14, 15, 16);
        assertThat(windows[2]).containsExactly(4, 5, 10, 11, 16, 17);
        assertThat(windows[5]).containsExactly(16, 17, 22, 23, 28, 29);
    }

    @Test
    void patchesPartTheImage() {
        int[][] patches = FeatureGroups.patches(Shape.of(3, 5, 7), 2, 3);
        assertThat(patches).hasNumberOfRows(9);
        assertThat(patches[0]).containsExactly(0, 1, 2, 7, 8, 9, 35, 36, 37, 42, 43, 44, 70, 71, 72, 77, 78, 79);
        assertThat(patches[8]).containsExactly(34, 69, 104);
        int[] all = Arrays.stream(patches).flatMapToInt(Arrays::stream).sorted().toArray();
        assertThat(all).hasSize(105).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void groupsAreSummed() {
        double[] sums = FeatureGroups.sums(FeatureGroups.rows(Shape.of(2, 3)), new double[]{1, 2, 4, 8, 16, 32});
        assertThat(sums).containsExactly(7, 56);
    }

    @Test
    void windowsThatDoNotFitAreRefused() {
        Shape image = Shape.of(1, 4, 4);
        assertThatThrownBy(() -> FeatureGroups.windows(image, 5, 1, 1, 1))
                .hasMessage("the height of a window must be from 1 to the image's 4, not 5");
        assertThatThrownBy(() -> FeatureGroups.windows(image, 2, 2, 2, 3))
                .hasMessage("the stride along the width must be from 1 to the window's 2, not 3");
        assertThatThrownBy(() -> FeatureGroups.rows(image))
                .hasMessage("features of shape (T, C) are needed, not (1, 4, 4)");
    }

    @Test
    void aWindowOfTheWholeSideMayHaveAnyStride() {
        assertThat(FeatureGroups.windows(Shape.of(1, 2, 3), 2, 1, 9, 1)).hasNumberOfRows(3);
    }
}
