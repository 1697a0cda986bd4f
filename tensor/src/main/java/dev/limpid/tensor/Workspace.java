package dev.limpid.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The buffers of one computation: handed out by size, handed out again after {@link #reset} or {@link #release}, given back to the device by
 * {@link #close}.
 *
 * <p>A workspace belongs to one thread. The contents of a tensor it hands out are undefined.
 */
public final class Workspace implements AutoCloseable {
    /** What a Java array can hold; larger buffers, which only other devices have, are as large as they must be. */
    private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 8L;

    private final Ops ops;
    private final Map<DType, NavigableMap<Long, Deque<Storage>>> free = new EnumMap<>(DType.class);
    private final List<Storage> owned = new ArrayList<>();
    private boolean closed;

    Workspace(Ops ops) {
        this.ops = ops;
    }

    public Ops ops() {
        return ops;
    }

    /** A tensor of activations, of {@link Ops#storedType}, with undefined contents; valid until {@link #reset}, {@link #release} or {@link #close}. */
    public Tensor tensor(int... dims) {
        return tensor(ops.storedType(), Shape.of(dims));
    }

    /** As {@link #tensor}, of {@link Ops#computeType}: for statistics, logits and sums. */
    public Tensor exact(int... dims) {
        return tensor(ops.computeType(), Shape.of(dims));
    }

    private Tensor tensor(DType type, Shape shape) {
        if (closed) {
            throw new IllegalStateException("the workspace is closed");
        }
        long capacity = capacity(shape.size());
        Storage storage = fitting(type, shape.size(), 2 * capacity);
        if (storage == null) {
            storage = ops.allocate(type, capacity);
            owned.add(storage);
        }
        return new Tensor(shape, storage, 0);
    }

    /** The smallest free buffer of {@code least} to {@code most} elements, or null. */
    private Storage fitting(DType type, long least, long most) {
        for (Deque<Storage> ofOneSize : free(type).subMap(least, true, most, true).values()) {
            if (!ofOneSize.isEmpty()) {
                return ofOneSize.pop();
            }
        }
        return null;
    }

    private NavigableMap<Long, Deque<Storage>> free(DType type) {
        return free.computeIfAbsent(type, _ -> new TreeMap<>());
    }

    private void free(Storage storage) {
        free(storage.dtype()).computeIfAbsent(storage.size(), _ -> new ArrayDeque<>()).push(storage);
    }

    /**
     * The size of the buffer for {@code size} elements: up to an eighth more, so that there are eight sizes between a power of two and the next and texts of
     * different lengths find each other's buffers.
     */
    static long capacity(long size) {
        int step = Math.max(0, 60 - Long.numberOfLeadingZeros(size));
        long capacity = (((size - 1) >> step) + 1) << step;
        return capacity <= LARGEST_ARRAY ? capacity : size;
    }

    /** Hands a tensor's buffer back before the next {@link #reset}; nobody may use the tensor, or a view of it, any more. */
    public void release(Tensor x) {
        free(x.storage());
    }

    /** Hands every buffer back: all tensors handed out so far become invalid. */
    public void reset() {
        free.clear();
        owned.forEach(this::free);
    }

    /** As {@link #reset}, and gives every buffer back to the device: what follows may be of other sizes. */
    public void trim() {
        owned.forEach(ops::release);
        owned.clear();
        free.clear();
    }

    /** Bytes held, in use or not. */
    public long bytes() {
        return owned.stream().mapToLong(s -> s.size() * s.dtype().bytes()).sum();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            trim();
        }
    }
}
