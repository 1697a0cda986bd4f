package dev.limpid.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Arrays of indices, nodes and weights that kernels read, kept on the device by their contents: a pass that was made before uploads nothing, so that a device
 * which records sequences of launches finds them uninterrupted.
 */
final class SmallArrays {
    private final KernelDevice device;
    private final int most;
    private final Map<Contents, DeviceBuffer> kept = new LinkedHashMap<>(16, 0.75f, true);

    private record Contents(int[] bits) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Contents contents && Arrays.equals(bits, contents.bits);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bits);
        }
    }

    /**
     * None yet.
     *
     * @param most arrays that are kept; then the one that was not used for longest is let go
     */
    SmallArrays(KernelDevice device, int most) {
        this.device = device;
        this.most = most;
    }

    /** Starts work that reads {@code values}; other threads wait until it is started, lest they let the array go. */
    void ints(int[] values, Consumer<Pointer.Ints> work) {
        with(new Contents(values.clone()), buffer -> work.accept(new Pointer.Ints(buffer, 0)));
    }

    /** As {@link #ints}, with {@code values} rounded to 32 bits. */
    void floats(double[] values, Consumer<Pointer.Floats> work) {
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits((float) values[i]));
        with(new Contents(bits), buffer -> work.accept(new Pointer.Floats(buffer, 0)));
    }

    private synchronized void with(Contents contents, Consumer<DeviceBuffer> work) {
        DeviceBuffer buffer = kept.get(contents);
        if (buffer == null) {
            if (kept.size() == most) {
                device.release(kept.remove(kept.keySet().iterator().next()));
            }
            buffer = device.allocate((long) contents.bits.length * Integer.BYTES);
            device.upload(MemorySegment.ofArray(contents.bits), buffer, 0);
            kept.put(contents, buffer);
        }
        work.accept(buffer);
    }

    /** Lets all go. */
    synchronized void clear() {
        kept.values().forEach(device::release);
        kept.clear();
    }
}
