package dev.limpid.tensor.cpu;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** Chooses the {@link Gemm} of this machine and this JVM. */
final class GemmSelection {

    /** System property that forces a kernel: {@code plain} or {@code vector}. */
    static final String PROPERTY = "limpid.gemm";

    private static final String MODULE = "jdk.incubator.vector";

    private GemmSelection() {}

    /** The Vector API kernel where its module is present and the processor multiplies and adds in one instruction, else the plain one. */
    static Gemm best() {
        String forced = System.getProperty(PROPERTY);
        return switch (forced) {
            case null -> vectorModule() && fusedMultiplyAdd() ? new VectorGemm() : new PlainGemm();
            case "plain" -> new PlainGemm();
            case "vector" -> {
                if (!vectorModule()) {
                    throw new IllegalStateException(
                            PROPERTY + "=vector needs the module " + MODULE + ", which this JVM was started without;"
                                    + " add --add-modules " + MODULE + " to the java command, or remove the property");
                }
                yield new VectorGemm();
            }
            default -> throw new IllegalArgumentException(
                    "system property " + PROPERTY + " must be plain or vector, found '" + forced + "'");
        };
    }

    private static boolean vectorModule() {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    /** Whether {@link Math#fma} is an instruction here; where it is not it takes about a microsecond. */
    static boolean fusedMultiplyAdd() {
        var diagnostics = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return diagnostics != null && Boolean.parseBoolean(diagnostics.getVMOption("UseFMA").getValue());
    }
}
