package dev.limpid.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.LimitedMemory;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.OutOfDeviceMemoryException;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunksTest {
    private final Ops ops = Device.open("reference", DeviceOptions.DEFAULT);

    @AfterEach
    void close() {
        ops.close();
    }

    private static List<Integer> sizes(Chunks chunks, int rows) {
        long[] bytes = new long[rows];
        Arrays.fill(bytes, 100);
        return sizes(chunks, bytes);
    }

    private static List<Integer> sizes(Chunks chunks, long... bytes) {
        List<Integer> sizes = new ArrayList<>();
        chunks.run(bytes, List.of(), (from, to) -> {
            assertThat(from).isEqualTo(sizes.stream().mapToInt(size -> size).sum());
            sizes.add(to - from);
        });
        return sizes;
    }

    @ParameterizedTest
    @CsvSource({"50, 32, 25 25", "50, 50, 50", "50, 1000, 50", "50, 20, 17 17 16", "1, 3, 1", "5, 1, 1 1 1 1 1",
            "7, 4, 4 3"})
    void chunksAreAsEqualAsTheyCanBe(int rows, int most, String expected) {
        assertThat(sizes(new Chunks(ops, new RunOptions(most, 0, Progress.NONE)), rows))
                .containsExactlyElementsOf(Arrays.stream(expected.split(" ")).map(Integer::valueOf).toList());
    }

    @Test
    void noRowsAreNoChunks() {
        assertThat(sizes(new Chunks(ops, RunOptions.DEFAULT), 0)).isEmpty();
    }

    @Test
    void theSizeFollowsTheMemoryBudgetAndIsNeverZero() {
        assertThat(sizes(new Chunks(ops, new RunOptions(0, 1000, Progress.NONE)), 20)).containsExactly(10, 10);
        assertThat(sizes(new Chunks(ops, new RunOptions(0, 1, Progress.NONE)), 3)).containsExactly(1, 1, 1);
        assertThat(sizes(new Chunks(ops, new RunOptions(7, 1, Progress.NONE)), 14)).containsExactly(7, 7);
        assertThat(sizes(new Chunks(ops, RunOptions.DEFAULT), ops.memoryBudget(), 1, ops.memoryBudget() / 2))
                .as("what the device suggests").containsExactly(1, 2);
        assertThatThrownBy(() -> new RunOptions(-1, 0, Progress.NONE))
                .hasMessage("internalBatchSize and memoryBudget must not be negative");
    }

    /** Rows of different sizes: no chunk takes more than its room unless it is a single row, and none is left out. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void rowsOfDifferentSizesFillChunksAlike(long seed) {
        long[] bytes = new Random(seed).longs(200, 1, 300).toArray();
        bytes[77] = 5000;
        int row = 0;
        List<Long> taken = new ArrayList<>();
        for (int size : sizes(new Chunks(ops, new RunOptions(0, 1000, Progress.NONE)), bytes)) {
            long sum = Arrays.stream(bytes, row, row + size).sum();
            assertThat(size == 1 || sum <= 1000).isTrue();
            taken.add(sum);
            row += size;
        }
        assertThat(row).isEqualTo(200);
        assertThat(taken.stream().filter(sum -> sum < 600).count()).as("chunks that are far from full").isLessThan(4);
    }

    /** Large rows beside small ones: what failed is never tried again as it was. */
    @Test
    void aLargeRowThatFailsWithOthersIsTriedAlone() {
        LimitedMemory memory = LimitedMemory.over("reference");
        try (Ops limited = memory.ops(); Workspace ws = limited.workspace()) {
            memory.limit(8L * 64 * 10);
            long[] rows = {1, 2, 10, 1, 9, 3, 3, 3, 3};
            List<Integer> done = new ArrayList<>();
            new Chunks(limited, new RunOptions(9, 0, Progress.NONE)).run(rows, List.of(ws), (from, to) -> {
                for (int row = from; row < to; row++) {
                    ws.tensor(Math.toIntExact(64 * rows[row]));
                }
                for (int row = from; row < to; row++) {
                    done.add(row);
                }
            });
            assertThat(done).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
            assertThat(memory.refusals()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 24, 25, 49, 50})
    void whereTheMemoryRunsOutSmallerChunksFollow(int room) {
        LimitedMemory memory = LimitedMemory.over("reference");
        List<String> notices = new ArrayList<>();
        Progress progress = new Progress() {
            @Override
            public void update(long done, long total) {}

            @Override
            public void notice(String sentence) {
                notices.add(sentence);
            }
        };
        try (Ops limited = memory.ops(); Workspace ws = limited.workspace()) {
            memory.limit(8L * 64 * room); // doubles
            Chunks chunks = new Chunks(limited, new RunOptions(0, 1 << 20, progress.part(0, 2)));
            List<Integer> sizes = new ArrayList<>();
            for (int call = 0; call < 2; call++) {
                sizes.clear();
                chunks.run(50, 512, List.of(ws), (from, to) -> {
                    for (int row = from; row < to; row++) {
                        ws.tensor(64);
                    }
                    sizes.add(to - from);
                });
                assertThat(sizes.stream().mapToInt(size -> size).sum()).isEqualTo(50);
                assertThat(sizes).allMatch(size -> size <= room);
            }
            assertThat(sizes.getFirst()).isGreaterThanOrEqualTo((room + 1) / 2);
            assertThat(notices).as("the second call begins with what the first one learned")
                    .hasSize(memory.refusals());
            if (room < 50) {
                assertThat(notices).first().isEqualTo("device 'limited' has no memory for 50 points at once; going on"
                        + " with 25, which changes the speed, not the result");
            }
        }
    }

    @Test
    void aSingleRowThatDoesNotFitIsRefusedWithWhatHelps() {
        LimitedMemory memory = LimitedMemory.over("reference");
        try (Ops limited = memory.ops(); Workspace ws = limited.workspace()) {
            memory.limit(100);
            assertThatThrownBy(() -> new Chunks(limited, new RunOptions(4, 0, Progress.NONE))
                    .run(4, 3 << 20, List.of(ws), (_, _) -> ws.tensor(64)))
                    .isInstanceOf(OutOfDeviceMemoryException.class)
                    .hasMessage("device 'limited' has no memory for a single row of this input, which takes about 3 MiB"
                            + " beside the 0 MiB in use; shorten the input, ask for precision bf16 where the device has"
                            + " it, or use another device (no memory for 64 elements)")
                    .hasCauseInstanceOf(OutOfDeviceMemoryException.class);
            assertThat(limited.liveBytes()).isZero();
        }
    }
}
