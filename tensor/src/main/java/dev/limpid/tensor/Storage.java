package dev.limpid.tensor;

/** A run of elements in a device's memory; only the backend that made it knows what is inside. */
public interface Storage {
    /** Type of every element. */
    DType dtype();

    /** Number of elements. */
    long size();
}
