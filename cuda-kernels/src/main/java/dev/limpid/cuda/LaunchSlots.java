package dev.limpid.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** Where the driver finds a kernel's arguments: 8 bytes for each, and a table of their addresses; it has read them when a launch returns. */
final class LaunchSlots implements AutoCloseable {
    /** More than any kernel takes. */
    static final int COUNT = 64;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(ValueLayout.JAVA_LONG, COUNT);
    private final PointerPointer<Pointer> pointers;

    LaunchSlots() {
        MemorySegment table = arena.allocate(ValueLayout.JAVA_LONG, COUNT);
        for (int i = 0; i < COUNT; i++) {
            table.setAtIndex(ValueLayout.JAVA_LONG, i, memory.address() + 8L * i);
        }
        pointers = new PointerPointer<>(new NativePointer(table));
    }

    MemorySegment memory() {
        return memory;
    }

    PointerPointer<Pointer> pointers() {
        return pointers;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
