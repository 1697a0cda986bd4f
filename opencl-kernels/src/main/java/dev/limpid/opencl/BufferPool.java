package dev.limpid.opencl;

import dev.limpid.kernels.DeviceBuffer;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * The buffers of a device: those given back are kept, up to a bound, and handed out again.
 *
 * <p>Work runs in the order it is given, so that a buffer may go to another user while work that was given before still uses it.
 */
final class BufferPool<M> {
    /** A buffer that is handed out, of {@code bytes} that may be used and {@code capacity} that there are. */
    record Buffer<M>(M memory, long bytes, long capacity) implements DeviceBuffer {}

    private final LongFunction<M> make;
    private final Consumer<M> destroy;
    private final long bound;
    private final NavigableMap<Long, Deque<M>> free = new TreeMap<>();
    private final Set<Buffer<M>> live = Collections.newSetFromMap(new IdentityHashMap<>());
    private long liveBytes;
    private long freeBytes;

    /**
     * A pool without buffers.
     *
     * @param make makes memory of as many bytes, or fails
     * @param destroy gives memory back to the driver
     * @param bound bytes that may lie unused
     */
    BufferPool(LongFunction<M> make, Consumer<M> destroy, long bound) {
        this.make = make;
        this.destroy = destroy;
        this.bound = bound;
    }

    synchronized Buffer<M> take(long bytes) {
        long least = Math.max(1, bytes);
        Buffer<M> buffer = null;
        for (Map.Entry<Long, Deque<M>> entry : free.subMap(least, true, least + least / 4, true).entrySet()) {
            M memory = entry.getValue().poll();
            if (memory != null) {
                buffer = new Buffer<>(memory, bytes, entry.getKey());
                freeBytes -= entry.getKey();
                break;
            }
        }
        if (buffer == null) {
            buffer = new Buffer<>(make.apply(least), bytes, least);
        }
        live.add(buffer);
        liveBytes += bytes;
        return buffer;
    }

    /** Takes a buffer back; taking it back twice is of no effect. */
    synchronized void give(Buffer<M> buffer) {
        if (!live.remove(buffer)) {
            return;
        }
        liveBytes -= buffer.bytes;
        if (freeBytes + buffer.capacity > bound) {
            destroy.accept(buffer.memory);
        } else {
            free.computeIfAbsent(buffer.capacity, _ -> new ArrayDeque<>()).push(buffer.memory);
            freeBytes += buffer.capacity;
        }
    }

    synchronized long liveBytes() {
        return liveBytes;
    }

    /** Bytes that lie unused. */
    synchronized long freeBytes() {
        return freeBytes;
    }

    /** Gives all that lies unused back to the driver. */
    synchronized void drain() {
        free.values().forEach(ofOneSize -> ofOneSize.forEach(destroy));
        free.clear();
        freeBytes = 0;
    }

    /** Gives everything back to the driver, also what is in use. */
    synchronized void close() {
        drain();
        live.forEach(buffer -> destroy.accept(buffer.memory));
        live.clear();
        liveBytes = 0;
    }
}
