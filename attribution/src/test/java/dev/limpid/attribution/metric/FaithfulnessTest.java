package dev.limpid.attribution.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.FeatureGroups;
import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Target;
import dev.limpid.attribution.Toy;
import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Curves and losses, on a linear network where they can be added up by hand, and on one that is not. */
class FaithfulnessTest {
    /** logit 0 = ¼ + Σ w·x with w = (1, −2, 3, ½, 4, −1); from x0 = 0 the tokens of x give −1.5, 4.5, 7. */
    private static final double[] INPUT = {0.5, 1, 1, 3, 2, 1};
    private static final double[] LINEAR = {0.5, -2, 3, 1.5, 8, -1};
    private static final Target LOGIT = Target.logit(0);

    private final Ops ops = Device.open("reference", DeviceOptions.DEFAULT);

    @AfterEach
    void close() {
        ops.close();
    }

    private Faithfulness linear() {
        return new Faithfulness(Toy.identity(ops, null), INPUT, new double[6], FeatureGroups.rows(Shape.of(3, 2)),
                RunOptions.DEFAULT);
    }

    @Test
    void deletionTakesTheMostImportantTokensFirst() {
        Curve curve = linear().deletion(LOGIT, LINEAR);
        assertThat(curve.fractions()).containsExactly(new double[]{0, 1 / 3.0, 2 / 3.0, 1}, within(1e-15));
        assertThat(curve.scores()).containsExactly(new double[]{10.25, 3.25, -1.25, 0.25}, within(1e-14));
        assertThat(curve.auc()).isCloseTo((10.25 / 2 + 3.25 - 1.25 + 0.25 / 2) / 3, within(1e-14));
    }

    @Test
    void insertionPutsTheMostImportantTokensInFirst() {
        Curve curve = linear().insertion(LOGIT, LINEAR);
        assertThat(curve.scores()).containsExactly(new double[]{0.25, 7.25, 11.75, 10.25}, within(1e-14));
        assertThat(curve.auc()).isCloseTo((0.25 / 2 + 7.25 + 11.75 + 10.25 / 2) / 3, within(1e-14));
    }

    @Test
    void fewerStepsAreFewerPointsOfTheSameCurve() {
        Curve curve = linear().deletion(LOGIT, LINEAR, 2);
        assertThat(curve.fractions()).containsExactly(new double[]{0, 2 / 3.0, 1}, within(1e-15));
        assertThat(curve.scores()).containsExactly(new double[]{10.25, -1.25, 0.25}, within(1e-14));
    }

    @Test
    void comprehensivenessIsTheLossWithoutTheFirstTokens() {
        assertThat(linear().comprehensiveness(LOGIT, LINEAR, 0.01)).as("at least one").isCloseTo(7, within(1e-14));
        assertThat(linear().comprehensiveness(LOGIT, LINEAR, 1 / 3.0)).isCloseTo(7, within(1e-14));
        assertThat(linear().comprehensiveness(LOGIT, LINEAR, 0.34)).isCloseTo(11.5, within(1e-14));
        assertThat(linear().comprehensiveness(LOGIT, LINEAR, 0.34, 1)).isCloseTo((11.5 + 10) / 2, within(1e-14));
        assertThat(linear().comprehensiveness(LOGIT, LINEAR)).as("1, 5, 10, 20, 50 %")
                .isCloseTo((4 * 7 + 11.5) / 5, within(1e-14));
    }

    @Test
    void sufficiencyIsTheLossWithTheFirstTokensAlone() {
        assertThat(linear().sufficiency(LOGIT, LINEAR, 0.2)).isCloseTo(10.25 - 7.25, within(1e-14));
        assertThat(linear().sufficiency(LOGIT, LINEAR, 1)).isCloseTo(0, within(1e-14));
        assertThat(linear().sufficiency(LOGIT, LINEAR)).isCloseTo((4 * 3 - 1.5) / 5, within(1e-14));
    }

    @Test
    void featuresInNoGroupStayAsTheyAre() {
        int[][] middle = {FeatureGroups.rows(Shape.of(3, 2))[1]};
        Faithfulness one = new Faithfulness(Toy.identity(ops, null), INPUT, new double[6], middle, RunOptions.DEFAULT);
        assertThat(one.deletion(LOGIT, LINEAR).scores()).containsExactly(new double[]{10.25, 5.75}, within(1e-14));
        assertThat(one.insertion(LOGIT, LINEAR).scores()).containsExactly(new double[]{5.75, 10.25}, within(1e-14));
    }

    @Test
    void equalAttributionsRankAsTheGroupsAreGiven() {
        assertThat(linear().deletion(LOGIT, new double[6]).scores())
                .containsExactly(new double[]{10.25, 11.75, 7.25, 0.25}, within(1e-14));
    }

    /** The best order of a linear network is that of its own terms: no other has a smaller area. */
    @Test
    void theTrueOrderHasTheSmallestDeletionAndTheLargestInsertion() {
        double smallest = linear().deletion(LOGIT, LINEAR).auc();
        double largest = linear().insertion(LOGIT, LINEAR).auc();
        for (long seed = 0; seed < 20; seed++) {
            double[] other = Toy.random(seed, 6);
            assertThat(linear().deletion(LOGIT, other).auc()).isGreaterThanOrEqualTo(smallest - 1e-12);
            assertThat(linear().insertion(LOGIT, other).auc()).isLessThanOrEqualTo(largest + 1e-12);
        }
    }

    @Test
    void theChunkSizeChangesNothingAndProgressIsTold() {
        Toy.Space space = Toy.space(ops, Activation.GELU, 3);
        double[] x = Toy.random(1, 12);
        double[] x0 = Toy.random(2, 12);
        Target probability = Target.probability(1);
        double[] attribution = new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 5)
                .attribute(space, x, x0, List.of(probability), RunOptions.DEFAULT).getFirst().values();
        int[][] groups = FeatureGroups.patches(Toy.IMAGE, 1, 1);
        Curve whole = new Faithfulness(space, x, x0, groups, RunOptions.DEFAULT).deletion(probability, attribution);
        for (int rows = 1; rows < 5; rows++) {
            List<Long> done = new ArrayList<>();
            RunOptions options = new RunOptions(rows, 1, (d, total) -> {
                assertThat(total).isEqualTo(7);
                done.add(d);
            });
            Faithfulness chunked = new Faithfulness(space, x, x0, groups, options);
            assertThat(chunked.deletion(probability, attribution).scores()).containsExactly(whole.scores());
            assertThat(done).isSorted().last().isEqualTo(7L);
        }
        assertThat(whole.scores()[0]).isEqualTo(Toy.evaluate(space, probability, x));
        assertThat(whole.scores()[6]).isEqualTo(Toy.evaluate(space, probability, x0));
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> linear().deletion(LOGIT, LINEAR, 4))
                .hasMessage("a curve over 3 groups has from 1 to so many steps, not 4");
        assertThatThrownBy(() -> linear().deletion(LOGIT, new double[5]))
                .hasMessage("attributions of 6 features are needed, not 5");
        assertThatThrownBy(() -> linear().sufficiency(LOGIT, LINEAR, 0))
                .hasMessage("a share of the features is above 0 and at most 1, not 0.0");
        assertThatThrownBy(() -> new Faithfulness(null, INPUT, INPUT, new int[0][], RunOptions.DEFAULT))
                .hasMessage("faithfulness needs at least one group of features");
    }
}
