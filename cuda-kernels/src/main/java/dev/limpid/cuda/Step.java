package dev.limpid.cuda;

/** Something a stream does, given its arguments: a kernel, a library's matrix product, a copy within the device. */
interface Step {
    /** Gives the work to the stream; the arguments are {@code words} from {@code from} on, as the step itself laid them out. */
    void issue(long[] words, int from);
}
