package dev.limpid.tensor;

/**
 * A row-major, contiguous block of numbers on a device: a handle, without arithmetic.
 *
 * <p>What can be done with tensors is in {@link Ops}. A view made by {@link #rows} or {@link #reshape} shares the storage.
 */
public final class Tensor {
    private final Shape shape;
    private final Storage storage;
    private final long offset;

    /**
     * A tensor over {@code shape.size()} elements of {@code storage}, from {@code offset} on.
     *
     * @throws IllegalArgumentException if the storage is too small
     */
    public Tensor(Shape shape, Storage storage, long offset) {
        if (offset < 0 || offset + shape.size() > storage.size()) {
            throw new IllegalArgumentException("a tensor of shape " + shape + " from element " + offset
                    + " does not fit a storage of " + storage.size() + " elements");
        }
        this.shape = shape;
        this.storage = storage;
        this.offset = offset;
    }

    public Shape shape() {
        return shape;
    }

    public DType dtype() {
        return storage.dtype();
    }

    public Storage storage() {
        return storage;
    }

    /** Index of the first element in the storage. */
    public long offset() {
        return offset;
    }

    /** Number of elements. */
    public long size() {
        return shape.size();
    }

    /** The same elements under another shape of the same size. */
    public Tensor reshape(int... dims) {
        Shape other = Shape.of(dims);
        if (other.size() != shape.size()) {
            throw new IllegalArgumentException("shape " + shape + " cannot be seen as " + other);
        }
        return new Tensor(other, storage, offset);
    }

    /** The sub-tensor of indices {@code from} to {@code to} (exclusive) along the first dimension. */
    public Tensor rows(int from, int to) {
        if (from < 0 || to < from || to > shape.dim(0)) {
            throw new IllegalArgumentException("rows " + from + " to " + to + " of a tensor of shape " + shape);
        }
        int[] dims = new int[shape.rank()];
        long stride = 1;
        for (int i = 1; i < dims.length; i++) {
            dims[i] = shape.dim(i);
            stride *= dims[i];
        }
        dims[0] = to - from;
        return new Tensor(Shape.of(dims), storage, offset + from * stride);
    }

    /** Whether the two share an element. */
    @SuppressWarnings("ReferenceEquality") // the same memory, not memory with the same contents
    boolean overlaps(Tensor other) {
        return storage == other.storage && offset < other.offset + other.size() && other.offset < offset + size();
    }

    @Override
    public String toString() {
        return dtype() + shape.toString();
    }
}
