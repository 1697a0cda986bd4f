package dev.limpid.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.LimitedMemory;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The path engine on networks whose integrals are known. */
class PathEngineTest {
    private static final double[] BASELINE = {0.5, 0, -1, 2, 0, 1};
    private static final double[] INPUT = {1, 1, 2, -3, 0.5, 1};
    private static final List<Target> TARGETS = List.of(Target.logit(0), Target.logit(1), Target.maxLogit(0, 1));
    /** Allocations of what is kept, and of the ends of the path. */
    private static final int BEFORE_THE_NODES = 7;

    private final Ops ops = Device.open("reference", DeviceOptions.DEFAULT);
    private final Workspace ws = ops.workspace();

    @AfterEach
    void close() {
        ws.close();
        ops.close();
    }

    private PathModel network(Activation f) {
        return Toy.network(ops, f);
    }

    private Tensor tensor(double... values) {
        Tensor x = ws.tensor(Toy.TOKENS, Toy.COLUMNS);
        ops.upload(values, x);
        return x;
    }

    private List<PathIntegral> integrate(PathEngine engine, Quadrature rule, int n) {
        return engine.integrate(tensor(BASELINE), tensor(INPUT), rule.nodes(n), TARGETS);
    }

    private static void assertSame(List<PathIntegral> actual, List<PathIntegral> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).tokenAttributions()).containsExactly(expected.get(i).tokenAttributions());
            assertThat(actual.get(i).scores()).containsExactly(expected.get(i).scores());
            assertThat(actual.get(i).gradient()).containsExactly(expected.get(i).gradient());
        }
    }

    private static Progress noticing(List<String> notices) {
        return new Progress() {
            @Override
            public void update(long done, long total) {
                assertThat(done).isLessThanOrEqualTo(total);
            }

            @Override
            public void notice(String sentence) {
                notices.add(sentence);
            }
        };
    }

    private static PathEngine engine(PathModel model, int internalBatchSize, long memoryBudget) {
        return new PathEngine(model, new RunOptions(internalBatchSize, memoryBudget, Progress.NONE));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RIEMANN_TRAPEZOID")
    void aLinearNetworkIsExplainedExactlyByEveryRule(Quadrature rule) {
        List<PathIntegral> integrals = integrate(engine(network(null), 0, 1000), rule, 4);
        assertThat(integrals.get(0).gradient()).containsExactly(new double[]{1, -2, 3, 0.5, 4, -1}, within(1e-14));
        assertThat(integrals.get(0).tokenAttributions()).containsExactly(new double[]{-1.5, 6.5, 2}, within(1e-14));
        assertThat(integrals.get(1).tokenAttributions()).containsExactly(new double[]{1, -10, 0}, within(1e-14));
        assertThat(integrals.get(0).delta()).isCloseTo(0, within(1e-13));
        assertThat(integrals.get(1).delta()).isCloseTo(0, within(1e-13));
    }

    @Test
    void captumsTrapezoidFallsShortByOneNth() {
        double[] tokens = integrate(engine(network(null), 0, 1000), Quadrature.RIEMANN_TRAPEZOID, 4).getFirst()
                .tokenAttributions();
        assertThat(tokens).containsExactly(new double[]{-1.5 * 0.75, 6.5 * 0.75, 2 * 0.75}, within(1e-14));
    }

    @Test
    void completenessHoldsForASmoothNetworkWithEnoughNodes() {
        PathEngine engine = engine(network(Activation.TANH), 0, 1000);
        PathIntegral coarse = integrate(engine, Quadrature.GAUSS_LEGENDRE, 3).getFirst();
        PathIntegral fine = integrate(engine, Quadrature.GAUSS_LEGENDRE, 40).getFirst();
        assertThat(Math.abs(fine.delta())).isLessThan(1e-12).isLessThan(Math.abs(coarse.delta()));
        // Separable: the integral of each element is known, w·(tanh(x) − tanh(x0)).
        assertThat(fine.gradient()[0] * (1 - 0.5)).isCloseTo(Math.tanh(1) - Math.tanh(0.5), within(1e-12));
        assertThat(fine.gradient()[3] * (-3 - 2)).isCloseTo(0.5 * (Math.tanh(-3) - Math.tanh(2)), within(1e-12));
        assertThat(fine.tokenAttributions()[2]).as("where one of two elements agrees with the baseline")
                .isCloseTo(4 * Math.tanh(0.5), within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 20, 100})
    void theChunkSizeChangesNothing(int rows) {
        List<PathIntegral> whole = integrate(engine(network(Activation.GELU), 20, 1000),
                Quadrature.GAUSS_LEGENDRE, 20);
        List<PathIntegral> chunked = integrate(engine(network(Activation.GELU), rows, 1000),
                Quadrature.GAUSS_LEGENDRE, 20);
        assertSame(chunked, whole);
    }

    /** Wherever the memory runs out, at an end of the path, in a forward pass or behind the first target, the rest is done with less. */
    @Test
    void runningOutOfMemoryOnceChangesNothing() {
        List<PathIntegral> whole = integrate(engine(network(Activation.GELU), 20, 0), Quadrature.GAUSS_LEGENDRE, 20);
        int refused = 0;
        for (int allocation = 0; allocation < 40; allocation++) {
            LimitedMemory memory = LimitedMemory.over("reference");
            List<String> notices = new ArrayList<>();
            try (Ops limited = memory.ops(); Workspace ends = limited.workspace()) {
                Tensor baseline = ends.tensor(Toy.TOKENS, Toy.COLUMNS);
                Tensor input = ends.tensor(Toy.TOKENS, Toy.COLUMNS);
                limited.upload(BASELINE, baseline);
                limited.upload(INPUT, input);
                PathEngine engine = new PathEngine(Toy.network(limited, Activation.GELU),
                        new RunOptions(20, 0, noticing(notices)));
                long before = limited.liveBytes();
                memory.failAfter(BEFORE_THE_NODES + allocation);
                List<PathIntegral> shrunk = engine.integrate(baseline, input, Quadrature.GAUSS_LEGENDRE.nodes(20),
                        TARGETS);
                assertThat(limited.liveBytes()).isEqualTo(before);
                assertSame(shrunk, whole);
            }
            assertThat(notices).hasSize(memory.refusals());
            refused += memory.refusals();
        }
        assertThat(refused).as("allocations of the chunk").isBetween(6, 39);
    }

    @Test
    void theLargestLogitIsChosenAnewAtEveryNode() {
        PathIntegral[] integrals = integrate(engine(network(null), 0, 1000), Quadrature.RIEMANN_MIDDLE, 50)
                .toArray(PathIntegral[]::new);
        double[] larger = new double[50];
        for (int k = 0; k < 50; k++) {
            larger[k] = Math.max(integrals[0].scores()[k], integrals[1].scores()[k]);
        }
        assertThat(integrals[2].scores()).containsExactly(larger);
        assertThat(integrals[0].scores()[0]).as("the arg-max changes along this path")
                .isLessThan(integrals[1].scores()[0]);
        assertThat(integrals[0].scores()[49]).isGreaterThan(integrals[1].scores()[49]);
    }

    @Test
    void progressReachesItsTotal() {
        List<Long> done = new ArrayList<>();
        RunOptions options = new RunOptions(3, 1000, (d, total) -> {
            assertThat(total).isEqualTo(30);
            done.add(d);
        });
        new PathEngine(network(null), options).integrate(tensor(0, 0, 0, 0, 0, 0), tensor(1, 1, 1, 1, 1, 1),
                Quadrature.GAUSS_LEGENDRE.nodes(10), List.of(Target.logit(0), Target.logit(1)));
        assertThat(done).isSorted().last().isEqualTo(30L);
    }

    @Test
    void aNetworkThatComputesNaNIsRefused() {
        Tensor nan = tensor(Double.NaN, 0, 0, 0, 0, 0);
        assertThatThrownBy(() -> engine(network(null), 0, 1000).integrate(tensor(0, 0, 0, 0, 0, 0), nan,
                Quadrature.GAUSS_LEGENDRE.nodes(3), List.of(Target.logit(0))))
                .isInstanceOf(ArithmeticException.class).hasMessageContaining("the model computes NaN");
    }
}
