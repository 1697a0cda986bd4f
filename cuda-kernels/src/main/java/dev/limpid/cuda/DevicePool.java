package dev.limpid.cuda;

import dev.limpid.kernels.DeviceBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Hands out memory, and hands out again what came back.
 *
 * <p>All work of a device is done in one order, so memory may go to its next user while work of the former one still waits: that work comes first. Only what is
 * given back to the driver has to wait for it. Blocks come in eight sizes between a power of two and the next, and the one given back last is taken first, so
 * that the same computation gets the same addresses again, which a recorded graph needs.
 */
final class DevicePool {
    private static final long SMALLEST = 512;

    private final Source source;
    private final long idleLimit;
    private final Map<Long, Deque<Long>> idleBySize = new HashMap<>();
    private final Map<Long, Long> idle = new LinkedHashMap<>();
    private long idleBytes;
    private long liveBytes;

    /** Where memory comes from. */
    interface Source {
        /** Memory of this size, or empty if there is none left. */
        OptionalLong allocate(long bytes);

        /** Takes memory back after all work given before. */
        void free(long address);

        /** Makes what was taken back available to others, the driver included. */
        void trim();

        /** What to throw if there is no memory left. */
        RuntimeException exhausted(long bytes, long live);
    }

    /**
     * A pool without memory.
     *
     * @param idleLimit bytes that are kept although nobody uses them
     */
    DevicePool(Source source, long idleLimit) {
        this.source = source;
        this.idleLimit = idleLimit;
    }

    /** Bytes handed out, as they were asked for. */
    long liveBytes() {
        return liveBytes;
    }

    /** Bytes kept that nobody uses. */
    long idleBytes() {
        return idleBytes;
    }

    /** Bytes taken from the source for a request: at most an eighth more. */
    static long blockBytes(long bytes) {
        long unit = Math.max(SMALLEST, Long.highestOneBit(Math.max(1, bytes)) >> 3);
        return Math.max(1, (bytes + unit - 1) / unit) * unit;
    }

    /**
     * Memory with any contents.
     *
     * @throws RuntimeException of the source, if there is not enough
     */
    CudaBuffer allocate(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a buffer cannot have " + bytes + " bytes");
        }
        long block = blockBytes(bytes);
        Deque<Long> waiting = idleBySize.get(block);
        long address;
        if (waiting != null && !waiting.isEmpty()) {
            address = waiting.pop();
            idle.remove(address);
            idleBytes -= block;
        } else {
            address = fresh(block, bytes);
        }
        liveBytes += bytes;
        return new CudaBuffer(this, address, bytes);
    }

    /** Memory that does not count as handed out, and that nobody gives back. */
    CudaBuffer reserve(long bytes) {
        CudaBuffer buffer = allocate(bytes);
        liveBytes -= bytes;
        return buffer;
    }

    private long fresh(long block, long bytes) {
        OptionalLong found = source.allocate(block);
        if (found.isEmpty()) {
            giveBackIdle(0);
            source.trim();
            found = source.allocate(block);
        }
        return found.orElseThrow(() -> source.exhausted(bytes, liveBytes));
    }

    /** Takes a buffer of this pool back; of no effect the second time. */
    void release(DeviceBuffer buffer) {
        CudaBuffer own = own(buffer);
        if (own.isReleased()) {
            return;
        }
        long address = own.address();
        own.release();
        liveBytes -= own.bytes();
        long block = blockBytes(own.bytes());
        idle.put(address, block);
        idleBytes += block;
        idleBySize.computeIfAbsent(block, _ -> new ArrayDeque<>()).push(address);
        giveBackIdle(idleLimit);
    }

    /**
     * A buffer's address.
     *
     * @throws IllegalArgumentException if it is another pool's
     */
    long address(DeviceBuffer buffer) {
        return own(buffer).address();
    }

    private CudaBuffer own(DeviceBuffer buffer) {
        if (buffer instanceof CudaBuffer own && own.isOf(this)) {
            return own;
        }
        throw new IllegalArgumentException("a buffer belongs to another device");
    }

    /** Gives what has been idle longest back to the source until at most {@code limit} bytes are idle. */
    void giveBackIdle(long limit) {
        Iterator<Map.Entry<Long, Long>> oldest = idle.entrySet().iterator();
        while (idleBytes > limit) {
            Map.Entry<Long, Long> block = oldest.next();
            oldest.remove();
            idleBySize.get(block.getValue()).remove(block.getKey());
            idleBytes -= block.getValue();
            source.free(block.getKey());
        }
    }
}
