package dev.limpid.kernels;

import dev.limpid.kernels.Pointer.Floats;
import dev.limpid.kernels.Pointer.Stored;
import dev.limpid.tensor.DType;
import dev.limpid.tensor.Precision;
import dev.limpid.tensor.Storage;
import dev.limpid.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** Tensors in a device's memory: made, filled and read by the host, and seen as what kernels take. Numbers change their type on the device. */
final class TensorMemory {
    /** Elements that change their type at once on their way to or from the host. */
    private static final int CHUNK = 1 << 22;

    private final KernelDevice device;
    private final ElementwiseKernels kernels;
    private final DType storedType;

    private record DeviceStorage(DType dtype, long size, DeviceBuffer buffer) implements Storage {}

    TensorMemory(KernelDevice device, ElementwiseKernels kernels) {
        this.device = device;
        this.kernels = kernels;
        this.storedType = device.precision() == Precision.BF16 ? DType.BF16 : DType.F32;
    }

    DType storedType() {
        return storedType;
    }

    Storage allocate(DType dtype, long size) {
        if (dtype != DType.F32 && dtype != storedType) {
            throw new IllegalArgumentException("a device of precision " + device.precision().id() + " has no " + dtype);
        }
        return new DeviceStorage(dtype, size, device.allocate(size * dtype.bytes()));
    }

    void release(Storage storage) {
        device.release(((DeviceStorage) storage).buffer);
    }

    private static DeviceBuffer buffer(Tensor x) {
        return ((DeviceStorage) x.storage()).buffer;
    }

    /** A tensor of 32-bit numbers. */
    Floats floats(Tensor x) {
        if (x.dtype() != DType.F32) {
            throw new IllegalArgumentException(x + " is not of 32 bits");
        }
        return new Floats(buffer(x), x.offset());
    }

    /** A tensor of the type that activations are stored in. */
    Stored stored(Tensor x) {
        if (x.dtype() != storedType) {
            throw new IllegalArgumentException(x + " is not stored as " + storedType);
        }
        return new Stored(buffer(x), x.offset(), storedType.bytes());
    }

    /** A tensor of either type, as it is. */
    Pointer either(Tensor x) {
        return x.dtype() == storedType ? stored(x) : floats(x);
    }

    /** Starts work on {@code count} 32-bit numbers with undefined contents. */
    void scratch(long count, Consumer<Floats> work) {
        DeviceBuffer buffer = device.allocate(count * Float.BYTES);
        work.accept(new Floats(buffer, 0));
        device.release(buffer);
    }

    /** The groups that n elements need, four to a work-item. */
    static Grid groups(long n) {
        return Grid.of(Grid.cover(n, 4 * KernelText.BLOCK));
    }

    void upload(float[] values, Tensor x) {
        upload(values, buffer(x), x.dtype(), x.offset());
    }

    void upload(double[] values, Tensor x) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) values[i];
        }
        upload(rounded, x);
    }

    Storage storage(DType dtype, float[] values) {
        Storage storage = allocate(dtype, values.length);
        upload(values, ((DeviceStorage) storage).buffer, dtype, 0);
        return storage;
    }

    private void upload(float[] values, DeviceBuffer target, DType dtype, long offset) {
        MemorySegment source = MemorySegment.ofArray(values);
        if (dtype == DType.F32) {
            device.upload(source, target, offset * Float.BYTES);
            return;
        }
        for (int done = 0; done < values.length; done += CHUNK) {
            int count = Math.min(CHUNK, values.length - done);
            MemorySegment part = source.asSlice((long) done * Float.BYTES, (long) count * Float.BYTES);
            long at = offset + done;
            scratch(count, wide -> {
                device.upload(part, wide.buffer(), 0);
                kernels.narrow(groups(count), wide, new Stored(target, at, dtype.bytes()), count);
            });
        }
    }

    void download(Tensor x, double[] values) {
        float[] part = new float[(int) Math.min(CHUNK, x.size())];
        for (int done = 0; done < values.length; done += CHUNK) {
            int count = Math.min(CHUNK, values.length - done);
            MemorySegment target = MemorySegment.ofArray(part).asSlice(0, (long) count * Float.BYTES);
            long at = x.offset() + done;
            if (x.dtype() == DType.F32) {
                device.download(buffer(x), at * Float.BYTES, target);
            } else {
                scratch(count, wide -> {
                    kernels.widen(groups(count), new Stored(buffer(x), at, x.dtype().bytes()), wide, count);
                    device.download(wide.buffer(), 0, target);
                });
            }
            for (int i = 0; i < count; i++) {
                values[done + i] = part[i];
            }
        }
    }

    void fill(Tensor x, double value) {
        if (x.size() == 0) {
            return;
        }
        switch (either(x)) {
            case Floats floats -> kernels.fillFloats(groups(x.size()), floats, (float) value, x.size());
            case Stored stored -> kernels.fillStored(groups(x.size()), stored, (float) value, x.size());
            case Pointer.Ints _ -> throw new IllegalArgumentException(x + " holds no numbers to compute with");
        }
    }

    void copy(Tensor x, Tensor y) {
        if (x.size() == 0) {
            return;
        }
        int bytes = x.dtype().bytes();
        if (x.dtype() == y.dtype()) {
            device.copy(buffer(x), x.offset() * bytes, buffer(y), y.offset() * bytes, x.size() * bytes);
        } else if (x.dtype() == DType.F32) {
            kernels.narrow(groups(x.size()), floats(x), stored(y), x.size());
        } else {
            kernels.widen(groups(x.size()), stored(x), floats(y), x.size());
        }
    }
}
