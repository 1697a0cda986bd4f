package dev.limpid.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The buffers of one computation: handed out by size, handed out again after {@link #reset} or {@link #release}, given back to the device by
 * {@link #close}.
 *
 * <p>A workspace belongs to one thread. The contents of a tensor it hands out are undefined.
 */
public final class Workspace implements AutoCloseable {
    private final Ops ops;
    private final Map<Long, Deque<Storage>> free = new HashMap<>();
    private final List<Storage> owned = new ArrayList<>();
    private boolean closed;

    Workspace(Ops ops) {
        this.ops = ops;
    }

    public Ops ops() {
        return ops;
    }

    /** A tensor with undefined contents, valid until {@link #reset}, {@link #release} or {@link #close}. */
    public Tensor tensor(int... dims) {
        if (closed) {
            throw new IllegalStateException("the workspace is closed");
        }
        Shape shape = Shape.of(dims);
        Deque<Storage> sameSize = free.get(shape.size());
        Storage storage = sameSize == null ? null : sameSize.poll();
        if (storage == null) {
            storage = ops.allocate(shape.size());
            owned.add(storage);
        }
        return new Tensor(shape, storage, 0);
    }

    /** Hands a tensor's buffer back before the next {@link #reset}; nobody may use the tensor, or a view of it, any more. */
    public void release(Tensor x) {
        free.computeIfAbsent(x.storage().size(), _ -> new ArrayDeque<>()).push(x.storage());
    }

    /** Hands every buffer back: all tensors handed out so far become invalid. */
    public void reset() {
        free.clear();
        for (Storage storage : owned) {
            free.computeIfAbsent(storage.size(), _ -> new ArrayDeque<>()).push(storage);
        }
    }

    /** Bytes held, in use or not. */
    public long bytes() {
        return owned.stream().mapToLong(s -> s.size() * s.dtype().bytes()).sum();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            owned.forEach(ops::release);
            owned.clear();
            free.clear();
        }
    }
}
