package dev.limpid.cuda;

import java.lang.foreign.MemorySegment;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Copies between Java's memory and a GPU's through pinned memory, from which the GPU copies by itself at full speed.
 *
 * <p>The pinned memory has two halves. Uploads fill one, piece after piece, while the GPU still reads the other; only who comes to a half that is still being read
 * waits. Downloads go through the same halves in turn, and wait.
 */
final class Staging implements AutoCloseable {
    private final CudaContext context;
    private final Half[] halves;
    private final NativePointer host = new NativePointer();
    private int current;
    private boolean closed;

    /** Half of the pinned memory. */
    private static final class Half {
        final MemorySegment memory;
        final CUevent_st done = new CUevent_st();
        long used;
        boolean pending;

        Half(MemorySegment memory) {
            this.memory = memory;
        }
    }

    /** Two halves of {@code halfBytes} each. */
    @SuppressWarnings("restricted") // the driver says where its memory is, and how long it is was asked for
    Staging(CudaContext context, long halfBytes) {
        this.context = context;
        try (PointerPointer<Pointer> address = new PointerPointer<>(1)) {
            context.faults().check(cudart.cuMemHostAlloc(address, 2 * halfBytes, 0), "pin memory of the host");
            MemorySegment all = MemorySegment.ofAddress(address.get().address()).reinterpret(2 * halfBytes);
            halves = new Half[]{new Half(all.asSlice(0, halfBytes)), new Half(all.asSlice(halfBytes))};
        }
        for (Half half : halves) {
            context.faults().check(cudart.cuEventCreate(half.done, cudart.CU_EVENT_DISABLE_TIMING), "make an event");
        }
    }

    /** Copies to the GPU; the source may be used again on return. */
    void upload(MemorySegment source, long address) {
        for (long at = 0; at < source.byteSize();) {
            Half half = halves[current];
            if (half.used == half.memory.byteSize()) {
                half = next();
            }
            long n = Math.min(source.byteSize() - at, half.memory.byteSize() - half.used);
            MemorySegment piece = half.memory.asSlice(half.used, n);
            piece.copyFrom(source.asSlice(at, n));
            context.faults().check(
                    cudart.cuMemcpyHtoDAsync(address + at, host.at(piece.address()), n, context.stream()),
                    "copy to the device");
            half.used += n;
            at += n;
        }
    }

    /** Copies from the GPU, a piece into one half while the host reads the other, and waits for the last. */
    void download(long address, MemorySegment target) {
        long size = target.byteSize();
        long step = halves[0].memory.byteSize();
        Half before = null;
        for (long at = 0; at < size; at += step) {
            Half half = next();
            half.used = Math.min(step, size - at);
            context.faults().check(cudart.cuMemcpyDtoHAsync(host.at(half.memory.address()), address + at, half.used,
                    context.stream()), "copy from the device");
            record(half);
            if (before != null) {
                read(before, target, at - step);
            }
            before = half;
        }
        if (before != null) {
            read(before, target, (size - 1) / step * step);
        }
    }

    private void read(Half half, MemorySegment target, long at) {
        await(half);
        target.asSlice(at, half.used).copyFrom(half.memory.asSlice(0, half.used));
    }

    private Half next() {
        Half full = halves[current];
        if (full.used > 0 && !full.pending) {
            record(full);
        }
        current = 1 - current;
        await(halves[current]);
        halves[current].used = 0;
        return halves[current];
    }

    private void record(Half half) {
        context.faults().check(cudart.cuEventRecord(half.done, context.stream()), "mark a copy");
        half.pending = true;
    }

    private void await(Half half) {
        if (half.pending) {
            context.faults().check(cudart.cuEventSynchronize(half.done), "finish a copy");
            half.pending = false;
        }
    }

    /** Frees the pinned memory; results are of no interest, as the device may have failed. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            for (Half half : halves) {
                cudart.cuEventDestroy(half.done);
            }
            cudart.cuMemFreeHost(host.at(halves[0].memory.address()));
        }
    }
}
