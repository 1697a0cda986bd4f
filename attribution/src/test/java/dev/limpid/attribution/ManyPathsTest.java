package dev.limpid.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.attribution.explain.BertPathModel;
import dev.limpid.attribution.explain.PackedBert;
import dev.limpid.bert.BertConfig;
import dev.limpid.bert.BertLoader;
import dev.limpid.bert.BertModel;
import dev.limpid.bert.EmbeddingPoint;
import dev.limpid.bert.Packing;
import dev.limpid.safetensors.Checkpoint;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.LimitedMemory;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Many paths of different lengths at once against each alone: the same to the last bit on the reference device. */
class ManyPathsTest {
    private static final Path CHECKPOINT = Path.of("../bert/src/test/resources/golden/qa");
    private static final int[] LENGTHS = {5, 1, 9, 3, 9, 12, 2};
    private static final Steps FIXED = new Steps.Fixed(Quadrature.GAUSS_LEGENDRE, 6);
    private static final Steps AUTO = new Steps.Auto(0.1, 33);

    /** Paths of {@link #LENGTHS} with one, two or three targets; every third reads one token only. */
    private record Texts(BertModel bert, List<Packing.Group> rows, List<StraightPath> paths) {
        static Texts of(Ops ops, Workspace ws, long seed) {
            BertModel bert = bert(ops);
            Random random = new Random(seed);
            List<Packing.Group> rows = new ArrayList<>();
            List<StraightPath> paths = new ArrayList<>();
            for (int p = 0; p < LENGTHS.length; p++) {
                int length = LENGTHS[p];
                rows.add(new Packing.Group(1, length, p % 3 == 0 ? new int[]{random.nextInt(length)} : null));
                List<Target> targets = Stream.of(Target.logit(0), Target.logit(1), Target.difference(0, 1))
                        .limit(1 + random.nextInt(3)).toList();
                paths.add(new StraightPath(tensor(ws, random, length, bert.config().hiddenSize()),
                        tensor(ws, random, length, bert.config().hiddenSize()), targets));
            }
            return new Texts(bert, rows, paths);
        }

        private static BertModel bert(Ops ops) {
            BertConfig config = BertConfig.read(CHECKPOINT);
            try (Checkpoint checkpoint = Checkpoint.open(CHECKPOINT)) {
                return BertLoader.load(config, config.architecture(), Weights.of(checkpoint), ops).model();
            }
        }

        private static Tensor tensor(Workspace ws, Random random, int length, int columns) {
            Tensor x = ws.tensor(length, columns);
            ws.ops().upload(random.doubles((long) length * columns).map(v -> 3 * v - 1.5).toArray(), x);
            return x;
        }

        List<List<PathIntegral>> together(Steps steps, RunOptions options) {
            return new PathEngine(new PackedBert(bert, EmbeddingPoint.AFTER_LAYER_NORM, rows), options)
                    .integrate(paths, steps);
        }

        List<List<PathIntegral>> oneByOne(Steps steps) {
            return IntStream.range(0, paths.size()).mapToObj(p -> {
                BertPathModel alone = new BertPathModel(bert, EmbeddingPoint.AFTER_LAYER_NORM, rows.get(p).length(),
                        rows.get(p).tokens());
                StraightPath path = paths.get(p);
                return new PathEngine(alone, RunOptions.DEFAULT).integrate(path.baseline(), path.input(), steps,
                        path.targets());
            }).toList();
        }
    }

    private static void assertSame(List<List<PathIntegral>> actual, List<List<PathIntegral>> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int p = 0; p < expected.size(); p++) {
            assertThat(actual.get(p)).hasSameSizeAs(expected.get(p));
            for (int t = 0; t < expected.get(p).size(); t++) {
                PathIntegral found = actual.get(p).get(t);
                PathIntegral alone = expected.get(p).get(t);
                assertThat(found.gradient()).as("path %s, target %s", p, t).containsExactly(alone.gradient());
                assertThat(found.tokenAttributions()).containsExactly(alone.tokenAttributions());
                assertThat(found.scores()).containsExactly(alone.scores());
                assertThat(found.nodes().alphas()).containsExactly(alone.nodes().alphas());
                assertThat(found.score()).isEqualTo(alone.score());
                assertThat(found.baselineScore()).isEqualTo(alone.baselineScore());
                assertThat(found.accuracy()).isEqualTo(alone.accuracy());
            }
        }
    }

    static List<Arguments> chunks() {
        List<Arguments> all = new ArrayList<>();
        for (Steps steps : List.of(FIXED, AUTO)) {
            for (int rows : new int[]{0, 1, 2, 7, 19}) {
                all.add(Arguments.of(steps, rows, 1L + rows));
            }
        }
        return all;
    }

    @ParameterizedTest(name = "{0}, {1} rows, seed {2}")
    @MethodSource("chunks")
    void aPathIsWhatItIsAlone(Steps steps, int rows, long seed) {
        try (Ops ops = Device.open("reference", DeviceOptions.DEFAULT); Workspace ws = ops.workspace()) {
            Texts texts = Texts.of(ops, ws, seed);
            List<List<PathIntegral>> alone = texts.oneByOne(steps);
            assertSame(texts.together(steps, new RunOptions(rows, 0, Progress.NONE)), alone);
            long fewTokens = 40 * texts.bert.bytesPerRow(1);
            assertSame(texts.together(steps, new RunOptions(0, fewTokens, Progress.NONE)), alone);
            if (steps instanceof Steps.Auto) {
                assertThat(alone.stream().flatMap(List::stream).map(i -> i.scores().length).distinct())
                        .as("paths that take different numbers of nodes").hasSizeGreaterThan(1);
            }
        }
    }

    @Test
    void runningOutOfMemoryAnywhereChangesNothing() {
        int refused = 0;
        for (Steps steps : List.of(FIXED, AUTO)) {
            List<List<PathIntegral>> expected;
            try (Ops ops = Device.open("reference", DeviceOptions.DEFAULT); Workspace ws = ops.workspace()) {
                expected = Texts.of(ops, ws, 3).oneByOne(steps);
            }
            for (int allocation = 0; allocation < 200; allocation += 1 + allocation / 8) {
                LimitedMemory memory = LimitedMemory.over("reference");
                try (Ops ops = memory.ops(); Workspace ws = ops.workspace()) {
                    Texts texts = Texts.of(ops, ws, 3);
                    int kept = LENGTHS.length + texts.paths.stream().mapToInt(path -> path.targets().size()).sum()
                            * (steps instanceof Steps.Auto ? NestedNodes.upTo(33, steps.quadrature()).rules() : 1);
                    memory.failAfter(kept + allocation);
                    assertSame(texts.together(steps, RunOptions.DEFAULT), expected);
                }
                refused += memory.refusals();
            }
        }
        assertThat(refused).isGreaterThan(40);
    }

    @Test
    void progressReachesWhatGrewToBeItsTotal() {
        for (Steps steps : List.of(FIXED, AUTO)) {
            List<Long> done = new ArrayList<>();
            List<Long> totals = new ArrayList<>();
            try (Ops ops = Device.open("cpu", new DeviceOptions(2)); Workspace ws = ops.workspace()) {
                Texts.of(ops, ws, 5).together(steps, new RunOptions(10, 0, (d, total) -> {
                    done.add(d);
                    totals.add(total);
                }));
            }
            assertThat(done).isSorted().last().isEqualTo(totals.getLast());
            assertThat(totals).isSorted();
        }
    }

    @Test
    void noPathsGiveNothing() {
        try (Ops ops = Device.open("reference", DeviceOptions.DEFAULT)) {
            PathEngine engine = new PathEngine(
                    new PackedBert(Texts.bert(ops), EmbeddingPoint.AFTER_LAYER_NORM, List.of()), RunOptions.DEFAULT);
            assertThat(engine.integrate(List.of(), AUTO)).isEmpty();
            assertThat(engine.integrate(List.of(), FIXED)).isEmpty();
        }
    }
}
