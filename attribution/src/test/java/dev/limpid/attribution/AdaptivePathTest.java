package dev.limpid.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.LimitedMemory;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Precision;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The adaptive rule on networks whose integrals are known. */
class AdaptivePathTest {
    private static final double[] BASELINE = {0.5, 0, -1, 2, 0, 1};
    private static final double[] INPUT = {1, 1, 2, -3, 0.5, 1};
    private static final double[] FAR = {40, -30, 20, -25, 35, 10};
    private static final Target NEARLY_LINEAR = (logits, dLogits) -> {
        dLogits[1] = 1e-9;
        return 1e-9 * logits[1];
    };
    private static final List<Target> TARGETS = List.of(Target.logit(0), Target.logit(1), NEARLY_LINEAR,
            Target.difference(0, 1));

    private final Ops ops = Device.open("reference", DeviceOptions.DEFAULT);
    private final Workspace ws = ops.workspace();

    @AfterEach
    void close() {
        ws.close();
        ops.close();
    }

    private static List<PathIntegral> integrate(PathModel model, RunOptions options, double[] baseline, double[] input,
            Steps steps, List<Target> targets) {
        Ops ops = model.ops();
        try (Workspace ends = ops.workspace()) {
            Tensor x0 = ends.tensor(Toy.TOKENS, Toy.COLUMNS);
            Tensor x = ends.tensor(Toy.TOKENS, Toy.COLUMNS);
            ops.upload(baseline, x0);
            ops.upload(input, x);
            return new PathEngine(model, options).integrate(x0, x, steps, targets);
        }
    }

    private List<PathIntegral> integrate(Activation f, double[] baseline, double[] input, Steps steps) {
        return integrate(Toy.network(ops, f), RunOptions.DEFAULT, baseline, input, steps, TARGETS);
    }

    private static void assertSame(PathIntegral actual, PathIntegral expected) {
        assertThat(actual.tokenAttributions()).containsExactly(expected.tokenAttributions());
        assertThat(actual.gradient()).containsExactly(expected.gradient());
        assertThat(actual.scores()).containsExactly(expected.scores());
        assertThat(actual.score()).isEqualTo(expected.score());
        assertThat(actual.baselineScore()).isEqualTo(expected.baselineScore());
        assertThat(actual.accuracy()).isEqualTo(expected.accuracy());
    }

    @Test
    void aLinearNetworkTakesThreeNodes() {
        List<PathIntegral> integrals = integrate(null, BASELINE, INPUT, Steps.AUTO);
        assertThat(integrals.get(0).gradient()).containsExactly(new double[]{1, -2, 3, 0.5, 4, -1}, within(1e-14));
        assertThat(integrals.get(0).tokenAttributions()).containsExactly(new double[]{-1.5, 6.5, 2}, within(1e-14));
        assertThat(integrals.get(0).nodes().alphas()).containsExactly(0, 0.5, 1);
        for (PathIntegral integral : integrals) {
            assertThat(integral.scores()).hasSize(3);
            assertThat(integral.accuracy()).isEqualTo(new Accuracy(Steps.AUTO.tolerance(), true));
        }
    }

    @Test
    void whereNothingChangesThreeNodesAreEnough() {
        for (PathIntegral integral : integrate(Activation.TANH, INPUT, INPUT, Steps.AUTO)) {
            assertThat(integral.tokenAttributions()).containsOnly(0);
            assertThat(integral.accuracy().met()).isTrue();
            assertThat(integral.scores()).hasSize(3);
        }
    }

    /** tanh(40·α) rises within the first fortieth of the path; each element adds w·tanh(x). */
    @ParameterizedTest
    @ValueSource(doubles = {1e-2, 1e-4, 1e-6})
    void aPeakAtTheBaselineIsResolved(double tolerance) {
        double[] zero = new double[6];
        PathIntegral integral = integrate(Activation.TANH, zero, FAR, new Steps.Auto(tolerance, 1025)).getFirst();
        double[] expected = new double[3];
        double[] weight = {1, -2, 3, 0.5, 4, -1};
        for (int i = 0; i < 6; i++) {
            expected[i / 2] += weight[i] * Math.tanh(FAR[i]);
        }
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertThat(integral.accuracy()).isEqualTo(new Accuracy(tolerance, true));
        assertThat(integral.tokenAttributions()).containsExactly(expected, within(tolerance * largest));
        assertThat(integral.scores().length).isBetween(17, 129);
        assertThat(Math.abs(integral.delta())).isLessThan(tolerance * 10);
    }

    @ParameterizedTest(name = "tolerance {0}, seed {1}, {2}")
    @CsvSource({"0.01, 1, CLENSHAW_CURTIS", "0.01, 2, CLENSHAW_CURTIS_START", "0.01, 3, CLENSHAW_CURTIS_MIDDLE",
            "0.0001, 1, CLENSHAW_CURTIS_START", "0.0001, 2, CLENSHAW_CURTIS_MIDDLE", "0.0001, 3, CLENSHAW_CURTIS",
            "1e-9, 1, CLENSHAW_CURTIS", "1e-9, 2, CLENSHAW_CURTIS", "1e-9, 2, CLENSHAW_CURTIS_START",
            "1e-9, 1, CLENSHAW_CURTIS_MIDDLE"})
    void agreesWithAThousandNodesOfGaussAndLegendre(double tolerance, long seed, Quadrature quadrature) {
        double[] x0 = Toy.random(seed, 6);
        double[] x = Toy.random(seed + 100, 6);
        Arrays.setAll(x, i -> 3 * x[i]);
        List<PathIntegral> found = integrate(Activation.GELU, x0, x,
                new Steps.Auto(tolerance, 257, quadrature));
        List<PathIntegral> reference = integrate(Activation.GELU, x0, x,
                new Steps.Fixed(Quadrature.GAUSS_LEGENDRE, 1000));
        for (int t = 0; t < TARGETS.size(); t++) {
            double[] expected = reference.get(t).tokenAttributions();
            double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
            assertThat(found.get(t).accuracy().met()).isTrue();
            assertThat(found.get(t).tokenAttributions()).containsExactly(expected, within(tolerance * largest));
            double[] dX = found.get(t).gradient();
            double sum = 0;
            for (int i = 0; i < dX.length; i++) {
                sum += dX[i] * (x[i] - x0[i]);
            }
            assertThat(sum).as("the sum over elements is that of the tokens").isCloseTo(
                    Arrays.stream(found.get(t).tokenAttributions()).sum(), within(1e-13));
        }
    }

    @Test
    void theScoresAreThoseOfTheEnds() {
        PathIntegral given = integrate(Activation.GELU, BASELINE, INPUT, new Steps.Fixed(Quadrature.GAUSS_LEGENDRE, 4))
                .getFirst();
        PathIntegral found = integrate(Activation.GELU, BASELINE, INPUT, Steps.AUTO).getFirst();
        assertThat(found.score()).isEqualTo(given.score());
        assertThat(found.baselineScore()).isEqualTo(given.baselineScore());
        assertThat(found.scores()).startsWith(given.baselineScore()).endsWith(given.score());
        assertThat(found.nodes().alphas()).isSorted();
        assertThat(given.accuracy()).isNull();
    }

    /** Each node goes forward once, and backward once for each target that still needs it. */
    @Test
    void aTargetThatIsDoneTakesNoMorePassesAndIsTheSameAsAlone() {
        Target constant = (_, _) -> 3;
        List<Target> targets = List.of(Target.logit(0), constant, NEARLY_LINEAR);
        Steps steps = new Steps.Auto(1e-5, 257);
        Passes passes = new Passes(Toy.network(ops, Activation.TANH));
        List<PathIntegral> together = integrate(passes, RunOptions.DEFAULT, BASELINE, INPUT, steps, targets);
        int[] nodes = together.stream().mapToInt(i -> i.scores().length).toArray();
        assertThat(nodes[1]).isEqualTo(3).isLessThan(nodes[0]);
        assertThat(passes.forward).isEqualTo(Arrays.stream(nodes).max().orElseThrow());
        assertThat(passes.backward).isEqualTo(Arrays.stream(nodes).sum());
        for (int t = 0; t < targets.size(); t++) {
            assertSame(together.get(t), integrate(Toy.network(ops, Activation.TANH), RunOptions.DEFAULT, BASELINE,
                    INPUT, steps, targets.subList(t, t + 1)).getFirst());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100})
    void theChunkSizeChangesNothing(int rows) {
        Steps steps = new Steps.Auto(1e-5, 257);
        List<PathIntegral> whole = integrate(Activation.GELU, BASELINE, INPUT, steps);
        List<PathIntegral> chunked = integrate(Toy.network(ops, Activation.GELU),
                new RunOptions(rows, 0, Progress.NONE), BASELINE, INPUT, steps, TARGETS);
        for (int t = 0; t < whole.size(); t++) {
            assertSame(chunked.get(t), whole.get(t));
        }
    }

    @Test
    void runningOutOfMemoryOnceChangesNothing() {
        Steps steps = new Steps.Auto(1e-5, 33);
        List<PathIntegral> whole = integrate(Activation.GELU, BASELINE, INPUT, steps);
        int kept = 1 + TARGETS.size() * NestedNodes.upTo(33, Quadrature.CLENSHAW_CURTIS).rules();
        int refused = 0;
        for (int allocation = 0; allocation < 60; allocation++) {
            LimitedMemory memory = LimitedMemory.over("reference");
            try (Ops limited = memory.ops()) {
                PathModel model = Toy.network(limited, Activation.GELU);
                long before = limited.liveBytes();
                memory.failAfter(2 + kept + allocation);
                List<PathIntegral> shrunk = integrate(model, RunOptions.DEFAULT, BASELINE, INPUT, steps, TARGETS);
                assertThat(limited.liveBytes()).isEqualTo(before);
                for (int t = 0; t < whole.size(); t++) {
                    assertSame(shrunk.get(t), whole.get(t));
                }
            }
            refused += memory.refusals();
        }
        assertThat(refused).isBetween(10, 59);
    }

    @Test
    void theMostStepsEndItWithOneNotice() {
        List<String> notices = new ArrayList<>();
        Progress progress = new Progress() {
            @Override
            public void update(long done, long total) {
                assertThat(done).isLessThanOrEqualTo(total);
            }

            @Override
            public void notice(String sentence) {
                notices.add(sentence);
            }
        };
        List<PathIntegral> integrals = integrate(Toy.network(ops, Activation.TANH), new RunOptions(0, 0, progress),
                new double[6], FAR, new Steps.Auto(1e-3, 16), TARGETS.subList(0, 2));
        assertThat(integrals).allSatisfy(i -> {
            assertThat(i.scores()).hasSize(9);
            assertThat(i.accuracy()).isEqualTo(new Accuracy(1e-3, false));
            assertThat(Math.abs(i.delta())).isGreaterThan(1e-3);
        });
        assertThat(notices).singleElement().asString().contains("the most steps allowed, 9", "tolerance 0.001",
                "2 of 2 targets", "delta up to");
    }

    @Test
    void progressReachesWhatGrewToBeItsTotal() {
        List<Long> done = new ArrayList<>();
        List<Long> totals = new ArrayList<>();
        RunOptions options = new RunOptions(3, 0, (d, total) -> {
            done.add(d);
            totals.add(total);
        });
        integrate(Toy.network(ops, Activation.TANH), options, BASELINE, INPUT, new Steps.Auto(1e-5, 257), TARGETS);
        assertThat(done).isSorted().last().isEqualTo(totals.getLast());
        assertThat(totals).isSorted();
    }

    @Test
    void bfloat16IsNotAskedForMoreThanItResolves() {
        assertThat(AdaptivePath.tolerance(new Steps.Auto(1e-3, 9), Precision.BF16)).isEqualTo(0.1);
        assertThat(AdaptivePath.tolerance(new Steps.Auto(0.2, 9), Precision.BF16)).isEqualTo(0.2);
        assertThat(AdaptivePath.tolerance(new Steps.Auto(1e-3, 9), Precision.TF32)).isEqualTo(1e-3);
        assertThat(AdaptivePath.tolerance(new Steps.Auto(1e-3, 9), Precision.F32)).isEqualTo(1e-3);
    }

    @Test
    void impossibleTolerancesAndCapsAreRefused() {
        for (double tolerance : new double[]{0, -1, 1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new Steps.Auto(tolerance, 9)).hasMessageContaining("above 0 and below 1")
                    .hasMessageContaining("" + tolerance);
        }
        assertThatThrownBy(() -> new Steps.Auto(0.1, 2)).hasMessageContaining("from 3 to 100000, not 2");
        assertThatThrownBy(() -> new Steps.Auto(0.1, 100_001)).hasMessageContaining("100001");
        assertThatThrownBy(() -> new Steps.Auto(0.1, 9, Quadrature.GAUSS_LEGENDRE))
                .hasMessageContaining(
                        "clenshaw-curtis, clenshaw-curtis-start, clenshaw-curtis-middle, not gauss-legendre");
        assertThatThrownBy(() -> new Steps.Fixed(Quadrature.TRAPEZOID, 1)).hasMessageContaining("from 2");
    }

    /** Counts the rows that pass. */
    private static final class Passes implements PathModel {
        final PathModel model;
        int forward;
        int backward;

        Passes(PathModel model) {
            this.model = model;
        }

        @Override
        public Ops ops() {
            return model.ops();
        }

        @Override
        public int logitsPerRow() {
            return model.logitsPerRow();
        }

        @Override
        public long bytesPerRow() {
            return model.bytesPerRow();
        }

        @Override
        public Pass forward(Workspace ws, Tensor points) {
            Pass pass = model.forward(ws, points);
            forward += points.shape().dim(0);
            return Pass.of(pass.logits(), (w, dLogits) -> {
                backward += dLogits.shape().dim(0);
                return pass.backward(w, dLogits);
            });
        }
    }
}
