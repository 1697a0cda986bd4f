package dev.limpid.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpid.kernels.DeviceBuffer;
import dev.limpid.kernels.Grid;
import dev.limpid.kernels.KernelText;
import dev.limpid.kernels.KernelText.Declaration;
import dev.limpid.kernels.Pointer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaunchArgumentsTest {
    private static final DeviceBuffer BUFFER = () -> 1 << 20;
    private static final Declaration KERNEL = new KernelText("test",
            "KERNEL GROUP_SIZE(32, 1) all(GLOBAL const float *x, GLOBAL STORED *y, GLOBAL const int *rows, int n, I64 stride, float scale) {}")
            .declarations(Map.of()).get("all");

    private static int encode(List<Object> arguments, long[] words) {
        return LaunchArguments.encode(KERNEL, new Grid(5, 6, 7), arguments, _ -> 0x7f00_0000_1000L, words);
    }

    private static List<Object> arguments() {
        return List.of(new Pointer.Floats(BUFFER, 3), new Pointer.Stored(BUFFER, 3, 2), new Pointer.Ints(BUFFER, 5), -2,
                -3_000_000_000L, -1.5f);
    }

    @Test
    void laysBytesOutAsAKernelReadsThem() {
        long[] words = new long[16];
        int count = encode(arguments(), words);
        assertThat(count).isEqualTo(9);
        assertThat(words).startsWith(5, 6, 7);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment slots = arena.allocate(128, 8);
            LaunchArguments.pack(words, LaunchArguments.GRID, count - LaunchArguments.GRID, slots);
            assertThat(slots.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(0x7f00_0000_1000L + 12);
            assertThat(slots.get(ValueLayout.JAVA_LONG, 8)).isEqualTo(0x7f00_0000_1000L + 6);
            assertThat(slots.get(ValueLayout.JAVA_LONG, 16)).isEqualTo(0x7f00_0000_1000L + 20);
            assertThat(slots.get(ValueLayout.JAVA_INT, 24)).isEqualTo(-2);
            assertThat(slots.get(ValueLayout.JAVA_LONG, 32)).isEqualTo(-3_000_000_000L);
            assertThat(slots.get(ValueLayout.JAVA_FLOAT, 40)).isEqualTo(-1.5f);
            assertThat(slots.get(ValueLayout.JAVA_LONG, 48)).isZero();
        }
    }

    @Test
    void refusesWhatIsNotDeclared() {
        List<Object> arguments = new java.util.ArrayList<>(arguments());
        arguments.set(1, new Pointer.Floats(BUFFER, 0));
        assertThatThrownBy(() -> encode(arguments, new long[16])).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("kernel all takes STORED_OUT as y");
        assertThatThrownBy(() -> encode(List.of(1, 2), new long[16])).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("kernel all takes 6 arguments, not 2");
    }
}
