package dev.limpid.cuda;

import dev.limpid.tensor.Precision;
import java.nio.file.Path;

/**
 * How a GPU is to compute.
 *
 * @param precision in which numbers
 * @param library whether NVIDIA's library computes matrix products where it is installed; system property {@code limpid.cuda.library}
 * @param graphs how many recorded sequences are kept, 0 for none; system property {@code limpid.cuda.graphs}
 * @param cubins where compiled kernels are kept
 */
record CudaOptions(Precision precision, boolean library, int graphs, Path cubins) {
    private static final int GRAPHS = 64;

    /** What the system properties say, which are for measuring and for finding faults. */
    static CudaOptions of(Precision precision) {
        boolean library = !System.getProperty("limpid.cuda.library", "true").equals("false");
        return new CudaOptions(precision, library, Integer.getInteger("limpid.cuda.graphs", GRAPHS),
                CacheDirectory.of(System.getenv(), System.getProperty("user.home")).resolve("cubins"));
    }
}
