package dev.limpid.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpid.tensor.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every text compiles for every architecture and precision that it is meant for, and no kernel spills registers or has local memory. Needs nvcc
 * ({@code -Drequire.nvcc=true} fails without), no GPU.
 */
class KernelResourcesTest {
    private static Tool nvcc;

    @TempDir
    private Path folder;

    @BeforeAll
    static void findCompiler() {
        nvcc = Tool.named("nvcc", "require.nvcc");
    }

    static Stream<Arguments> compilations() {
        return Stream.of(Arguments.of(Precision.F32, "sm_75", false), Arguments.of(Precision.F32, "sm_80", false),
                Arguments.of(Precision.TF32, "sm_80", false), Arguments.of(Precision.BF16, "sm_80", false),
                Arguments.of(Precision.F32, "sm_90", true), Arguments.of(Precision.TF32, "sm_90", true),
                Arguments.of(Precision.BF16, "sm_90", true), Arguments.of(Precision.F32, "sm_120", false),
                Arguments.of(Precision.TF32, "sm_120", false), Arguments.of(Precision.BF16, "sm_120", false));
    }

    @ParameterizedTest(name = "{0} for {1}")
    @MethodSource("compilations")
    void noKernelSpills(Precision precision, String architecture, boolean all) throws Exception {
        List<KernelVariant> variants = new ArrayList<>(KernelVariant.main(precision));
        if (all) {
            variants.addAll(KernelVariant.others(precision));
        }
        List<Callable<byte[]>> compilations = new ArrayList<>();
        for (KernelVariant variant : variants) {
            Path stem = folder.resolve(variant.family() + compilations.size());
            compilations.add(() -> compile(variant, precision, architecture, stem));
        }
        List<Future<byte[]>> cubins;
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            cubins = two.invokeAll(compilations);
        }
        for (int i = 0; i < variants.size(); i++) {
            KernelVariant variant = variants.get(i);
            Map<String, CubinResources> kernels = CubinResources.of(cubins.get(i).get());
            assertThat(kernels).as("%s", variant).containsOnlyKeys(
                    KernelText.of(variant.family()).declarations(variant.defines()).keySet());
            kernels.forEach((kernel, resources) -> {
                assertThat(resources.registers()).as("registers of %s in %s", kernel, variant).isBetween(1, 255);
                assertThat(resources.localBytes()).as("local bytes of %s in %s", kernel, variant).isZero();
            });
        }
    }

    @Test
    void tensorCoresThatAreNotThereAreRefusedByName() {
        KernelVariant variant = KernelVariant.gemm(true, 0, 64);
        for (Precision precision : List.of(Precision.TF32, Precision.BF16)) {
            assertThatThrownBy(() -> compile(variant, precision, "sm_75", folder.resolve("refused")))
                    .hasMessageContaining("compute capability 7.5 has neither TF32 nor BF16 tensor cores");
        }
    }

    private static byte[] compile(KernelVariant variant, Precision precision, String architecture, Path stem)
            throws Exception {
        Path source = stem.resolveSibling(stem.getFileName() + ".cu");
        Path cubin = stem.resolveSibling(stem.getFileName() + ".cubin");
        Files.writeString(source, variant.text());
        List<String> arguments = new ArrayList<>(variant.options(precision));
        arguments.addAll(List.of("-arch=" + architecture, "-cubin", "-o", cubin.toString(), source.toString()));
        nvcc.run(stem.getParent(), arguments);
        return Files.readAllBytes(cubin);
    }
}
