package dev.limpid.cuda;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;

/** What every call of cuBLASLt needs, made once: a call is on the way of every layer, and the binding's objects are not free. */
final class GemmOperands {
    final NativePointer a = new NativePointer();
    final NativePointer b = new NativePointer();
    final NativePointer c = new NativePointer();
    final NativePointer workspace = new NativePointer();
    final FloatPointer zero = new FloatPointer(0f);
    final FloatPointer one = new FloatPointer(1f);
    final LongPointer number = new LongPointer(1);
}
