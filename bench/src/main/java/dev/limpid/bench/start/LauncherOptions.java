package dev.limpid.bench.start;

import java.util.ArrayList;
import java.util.List;

/** What the script {@code limpid} starts Java with, for processes that are to be like it; docs/decisions/0026-first-second.md has the reasons. */
public final class LauncherOptions {
    private static final String KERNELS = "dev.limpid.tensor.cpu.";

    /** Collector and heap. */
    public static final List<String> MEMORY = List.of("-XX:+UseSerialGC", "-Xmn32m", "-XX:PretenureSizeThreshold=64k",
            "-XX:MaxRAMPercentage=70");

    /** What is compiled when. */
    static final List<String> COMPILER = compiler();

    private LauncherOptions() {}

    private static List<String> compiler() {
        List<String> options = new ArrayList<>(List.of("-XX:CompileCommand=quiet",
                "-XX:CompileCommand=CompileThresholdScaling,jdk.incubator.vector.*::*,100.0",
                "-XX:CompileCommand=CompileThresholdScaling,jdk.internal.vm.vector.*::*,100.0",
                "-XX:Tier4MinInvocationThreshold=100", "-XX:Tier4BackEdgeThreshold=400000"));
        for (String vectors : List.of("VectorGemmWide", "VectorGemmNarrow", "VectorGemmPacking")) {
            options.add("-XX:CompileCommand=CompileThresholdScaling," + KERNELS + vectors + "::*,0.01");
            options.add("-XX:CompileCommand=BackgroundCompilation," + KERNELS + vectors + "::*,false");
        }
        for (String loop : List.of("Elementwise::*", "ElementwiseScratch::exp", "ElementwiseScratch::largest",
                "ElementwiseScratch::mantissas", "ElementwiseScratch::scaleByPowers")) {
            options.add("-XX:CompileCommand=dontinline," + KERNELS + loop);
        }
        return List.copyOf(options);
    }
}
