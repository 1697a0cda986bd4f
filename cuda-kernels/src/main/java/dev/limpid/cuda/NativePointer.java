package dev.limpid.cuda;

import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.Pointer;

/** An address as the binding wants it, which owns nothing and may be moved. */
final class NativePointer extends Pointer {
    NativePointer() {}

    /** The beginning of native memory, which has to stay while this is used. */
    NativePointer(MemorySegment memory) {
        at(memory.address());
    }

    /** Moves to an address of the host or of a device. */
    NativePointer at(long newAddress) {
        address = newAddress;
        return this;
    }
}
