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
        List<Integer> sizes = new ArrayList<>();
        chunks.run(rows, List.of(), (from, to) -> {
            assertThat(from).isEqualTo(sizes.stream().mapToInt(size -> size).sum());
            sizes.add(to - from);
        });
        return sizes;
    }

    @ParameterizedTest
    @CsvSource({"50, 32, 25 25", "50, 50, 50", "50, 1000, 50", "50, 20, 17 17 16", "1, 3, 1", "5, 1, 1 1 1 1 1",
            "7, 4, 4 3"})
    void chunksAreAsEqualAsTheyCanBe(int rows, int most, String expected) {
        assertThat(sizes(new Chunks(ops, 100, new RunOptions(most, 0, Progress.NONE)), rows))
                .containsExactlyElementsOf(Arrays.stream(expected.split(" ")).map(Integer::valueOf).toList());
    }

    @Test
    void noRowsAreNoChunks() {
        assertThat(sizes(new Chunks(ops, 100, RunOptions.DEFAULT), 0)).isEmpty();
    }

    @Test
    void theSizeFollowsTheMemoryBudgetAndIsNeverZero() {
        assertThat(new Chunks(ops, 100, new RunOptions(0, 1000, Progress.NONE)).most()).isEqualTo(10);
        assertThat(new Chunks(ops, 100, new RunOptions(0, 1, Progress.NONE)).most()).isEqualTo(1);
        assertThat(new Chunks(ops, 100, new RunOptions(7, 1, Progress.NONE)).most()).isEqualTo(7);
        assertThat(new Chunks(ops, 100, RunOptions.DEFAULT).most()).as("what the device suggests")
                .isEqualTo(Math.toIntExact(ops.memoryBudget() / 100));
        assertThatThrownBy(() -> new RunOptions(-1, 0, Progress.NONE))
                .hasMessage("internalBatchSize and memoryBudget must not be negative");
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
            Chunks chunks = new Chunks(limited, 512, new RunOptions(0, 1 << 20, progress.part(0, 2)));
            List<Integer> sizes = new ArrayList<>();
            for (int call = 0; call < 2; call++) {
                sizes.clear();
                chunks.run(50, List.of(ws), (from, to) -> {
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
            assertThatThrownBy(() -> new Chunks(limited, 3 << 20, new RunOptions(4, 0, Progress.NONE))
                    .run(4, List.of(ws), (_, _) -> ws.tensor(64)))
                    .isInstanceOf(OutOfDeviceMemoryException.class)
                    .hasMessage("device 'limited' has no memory for a single row of this input, which takes about 3 MiB"
                            + " beside the 0 MiB in use; shorten the input, ask for precision bf16 where the device has"
                            + " it, or use another device (no memory for 64 elements)")
                    .hasCauseInstanceOf(OutOfDeviceMemoryException.class);
            assertThat(limited.liveBytes()).isZero();
        }
    }
}
