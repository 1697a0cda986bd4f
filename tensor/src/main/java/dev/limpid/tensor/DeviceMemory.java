package dev.limpid.tensor;

/** The memory of a device, its element types, and the checks of every operation's arguments. */
abstract sealed class DeviceMemory implements AutoCloseable permits LayerOps {
    final OpsBackend backend;
    private final String device;
    private volatile boolean closed;

    DeviceMemory(String device, OpsBackend backend) {
        this.device = device;
        this.backend = backend;
    }

    /** The name the device was asked for by. */
    public String device() {
        return device;
    }

    /** What the device is and how it computes. */
    public String description() {
        return backend.description();
    }

    /** In which numbers it computes. */
    public Precision precision() {
        return backend.precision();
    }

    /** The type of what is summed or kept exact: statistics, logits, vectors of weights, sums over the path. */
    public DType computeType() {
        return backend.computeType();
    }

    /** The type of matrices of weights and of activations, and of their gradients: {@link #computeType}, or a shorter one. */
    public DType storedType() {
        return backend.storedType();
    }

    /** Bytes that one pass may take when nobody says otherwise. */
    public long memoryBudget() {
        return backend.memoryBudget();
    }

    /** Bytes of this device's memory that are in use: weights and workspaces. */
    public long liveBytes() {
        return backend.liveBytes();
    }

    Storage allocate(DType type, long size) {
        open();
        return backend.allocate(type, size);
    }

    void release(Storage storage) {
        backend.release(storage);
    }

    /**
     * A tensor of its own, for weights; it lives until the device is closed. The array belongs to the tensor from now on, and its values may not change any more: a
     * device may keep them a second time, in the order that its kernels read them.
     *
     * <p>A vector (a bias, a layer norm's parameters) is of {@link #computeType}, what has more dimensions of {@link #storedType}.
     */
    public Tensor tensor(Shape shape, float[] values) {
        open();
        if (values.length != shape.size()) {
            throw new IllegalArgumentException(
                    "a tensor of shape " + shape + " needs " + shape.size() + " values, not " + values.length);
        }
        return new Tensor(shape, backend.storage(shape.rank() == 1 ? computeType() : storedType(), values), 0);
    }

    /** Copies {@code values} into {@code x}, rounding to its type. */
    public void upload(double[] values, Tensor x) {
        open();
        length("x", x, values.length);
        backend.upload(values, x);
    }

    /** Copies {@code values} into {@code x}, rounding to its type. */
    public void upload(float[] values, Tensor x) {
        open();
        length("x", x, values.length);
        backend.upload(values, x);
    }

    /** The elements of {@code x}, waited for. */
    public double[] download(Tensor x) {
        open();
        double[] values = new double[Math.toIntExact(x.size())];
        backend.download(x, values);
        return values;
    }

    /** {@code x = value} everywhere. */
    public void fill(Tensor x, double value) {
        open();
        mine("x", x);
        backend.fill(x, value);
    }

    /** {@code y = x}, rounded to the type of y. */
    public void copy(Tensor x, Tensor y) {
        open();
        mine("x", x);
        mine("y", y);
        shape("y", y, x.shape());
        apart("x", x, "y", y);
        backend.copy(x, y);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            backend.close();
        }
    }

    final void open() {
        if (closed) {
            throw new IllegalStateException("the device " + device + " is closed");
        }
    }

    /** Refuses a tensor that no operation of this device takes. */
    final void mine(String name, Tensor x) {
        if (x.dtype() != backend.computeType() && x.dtype() != backend.storedType()) {
            throw wrongType(name, x, backend.computeType());
        }
    }

    /** Refuses a tensor that is not of {@link #storedType}. */
    final void stored(String name, Tensor x) {
        if (x.dtype() != backend.storedType()) {
            throw wrongType(name, x, backend.storedType());
        }
    }

    /** Refuses a tensor that is not of {@link #storedType} and this shape. */
    final void stored(String name, Tensor x, Shape expected) {
        shape(name, x, expected);
        stored(name, x);
    }

    /** Refuses a tensor that is not of {@link #computeType} and this shape. */
    final void exact(String name, Tensor x, Shape expected) {
        shape(name, x, expected);
        if (x.dtype() != backend.computeType()) {
            throw wrongType(name, x, backend.computeType());
        }
    }

    private IllegalArgumentException wrongType(String name, Tensor x, DType expected) {
        return new IllegalArgumentException(name + " is " + x + ", but " + device + " computes in " + expected);
    }

    static void shape(String name, Tensor x, Shape expected) {
        if (!x.shape().equals(expected)) {
            throw new IllegalArgumentException(name + " must have shape " + expected + ", but has " + x.shape());
        }
    }

    static void sameRows(String name, Tensor y, Tensor x) {
        if (y.shape().rows() != x.shape().rows()) {
            throw new IllegalArgumentException(
                    name + " of shape " + y.shape() + " must have as many rows as " + x.shape());
        }
    }

    private static void length(String name, Tensor x, int length) {
        if (x.size() != length) {
            throw new IllegalArgumentException(
                    name + " of shape " + x.shape() + " needs " + x.size() + " values, not " + length);
        }
    }

    static void apart(String nameX, Tensor x, String nameY, Tensor y) {
        if (x.overlaps(y)) {
            throw new IllegalArgumentException(nameX + " and " + nameY + " must not share memory");
        }
    }
}
