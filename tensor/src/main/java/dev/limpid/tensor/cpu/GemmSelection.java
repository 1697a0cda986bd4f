package dev.limpid.tensor.cpu;

import dev.limpid.tensor.DeviceException;
import jdk.incubator.vector.FloatVector;

/** Chooses the {@link Gemm} of this machine and this JVM. */
final class GemmSelection {

    /** System property that forces a kernel: {@code plain}, {@code vector}, the better of these ({@code java}), {@code openblas}, {@code onednn}, or the better of these ({@code native}). */
    static final String PROPERTY = "limpid.gemm";

    private static final String MODULE = "jdk.incubator.vector";

    private static final int FMA_ROUNDS = 10;
    private static final int FMA_CALLS = 64;
    private static final long FMA_NANOS_OF_ROUND = 250 * FMA_CALLS;

    private GemmSelection() {}

    /**
     * A native library where its jar is on the class path; else the Vector API kernel where its module is present and the processor multiplies and adds in one instruction;
     * else the plain one, which also answers until the vector kernel is compiled.
     *
     * @throws DeviceException if what the property or the class path asks for cannot be had
     */
    static Gemm best() {
        String forced = System.getProperty(PROPERTY);
        return switch (forced) {
            case null -> NativeBlas.isPresent() ? new NativeGemm(NativeBlas.best(), java()) : java();
            case "java" -> java();
            case "plain" -> new PlainGemm();
            case "vector" -> {
                if (!vectorModule()) {
                    throw new DeviceException(
                            PROPERTY + "=vector needs the module " + MODULE + ", which this JVM was started without;"
                                    + " add --add-modules " + MODULE + " to the java command, or remove the property");
                }
                yield new VectorGemm();
            }
            case "openblas" -> {
                need(OpenBlas.isPresent(), forced, "org.bytedeco:openblas");
                yield new NativeGemm(OpenBlas.get(), java());
            }
            case "onednn" -> {
                need(OneDnn.isPresent(), forced, "org.bytedeco:dnnl");
                yield new NativeGemm(OneDnn.get(), java());
            }
            case "native" -> {
                need(NativeBlas.isPresent(), forced, "org.bytedeco:dnnl or org.bytedeco:openblas");
                yield new NativeGemm(NativeBlas.best(), java());
            }
            default -> throw new DeviceException(
                    "system property " + PROPERTY + " must be plain, vector, java, openblas, onednn or native, found '"
                            + forced + "'");
        };
    }

    private static void need(boolean present, String forced, String jar) {
        if (!present) {
            throw new DeviceException(PROPERTY + "=" + forced + " needs the jar " + jar + " of the classifier"
                    + " linux-x86_64, and that platform; add it to the class path, or remove the property");
        }
    }

    private static Gemm java() {
        return vectorModule() && fusedMultiplyAdd() ? Warm.SHARED : new PlainGemm();
    }

    /** One warm-up for the whole process, begun by the first to ask. */
    private static final class Warm {
        static final Gemm SHARED = new GemmWarmUp(() -> VectorGemm.NAME, new PlainGemm(), VectorGemm::new);
    }

    /** Asks for a class of the module, not for the module: the runnable jars add it to a layer of its own. */
    static boolean vectorModule() {
        try {
            return FloatVector.class.getModule().isNamed();
        } catch (NoClassDefFoundError e) {
            return false;
        }
    }

    /**
     * Whether {@link Math#fma} is an instruction here.
     *
     * <p>Where it is not, a call goes through {@code BigDecimal} and takes a microsecond or more, against a few
     * nanoseconds, tens in the interpreter. So a stopwatch tells them apart, in microseconds; the JVM's own flag is to
     * be had through java.management only, which takes a tenth of a second to load.
     */
    static boolean fusedMultiplyAdd() {
        float sum = 0;
        long best = Long.MAX_VALUE;
        for (int round = 0; round < FMA_ROUNDS && best > FMA_NANOS_OF_ROUND; round++) {
            long begin = System.nanoTime();
            for (int i = 0; i < FMA_CALLS; i++) {
                sum = Math.fma(sum, 0.5f, i);
            }
            best = Math.min(best, System.nanoTime() - begin);
        }
        return sum > 0 && best <= FMA_NANOS_OF_ROUND;
    }
}
