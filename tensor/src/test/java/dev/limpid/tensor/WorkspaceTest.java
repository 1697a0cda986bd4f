package dev.limpid.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkspaceTest {
    private final Ops ops = Device.open("cpu", new DeviceOptions(1));

    @AfterEach
    void close() {
        ops.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, 8, 9, 15, 16, 17, 100, 1000, 1023, 1024, 1025, 123_456_789, Integer.MAX_VALUE - 8L,
            1L << 40})
    void aBufferIsAtMostAnEighthTooLarge(long size) {
        assertThat(Workspace.capacity(size)).isBetween(size, size + size / 8);
        assertThat(Workspace.capacity(Workspace.capacity(size))).as("a size of its own").isEqualTo(
                Workspace.capacity(size));
    }

    @Test
    void aTrimmedWorkspaceHoldsNothingAndGoesOn() {
        try (Workspace ws = ops.workspace()) {
            ws.tensor(1000);
            ws.exact(50);
            assertThat(ops.liveBytes()).isGreaterThanOrEqualTo(4200).isEqualTo(ws.bytes());
            ws.trim();
            assertThat(ops.liveBytes()).isZero();
            assertThat(ws.bytes()).isZero();
            assertThat(ws.tensor(10).size()).isEqualTo(10);
        }
        assertThat(ops.liveBytes()).isZero();
    }

    @Test
    void textsOfNearLengthsFindEachOthersBuffers() {
        Storage first;
        try (Workspace ws = ops.workspace()) {
            first = ws.tensor(3, 1000).storage();
        }
        try (Workspace ws = ops.workspace()) {
            Tensor again = ws.tensor(3, 1015);
            assertThat(again.storage()).isEqualTo(first);
            assertThat(ws.tensor(3, 1000).storage()).as("in use").isNotEqualTo(first);
            ws.release(again);
            assertThat(ws.tensor(3050).storage()).isEqualTo(first);
        }
    }
}
