package dev.limpid.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What only CUDA compiles of the texts (tensor cores, loads of matrices, asynchronous copies, exchanges within a warp) computes the right numbers, run on the
 * processor over {@code src/test/cuda-host}. Needs g++ ({@code -Drequire.host-shim=true} fails without), no GPU.
 */
class CudaOnHostTest {
    private static final Path HOST = Path.of("src/test/cuda-host").toAbsolutePath();
    private static Tool compiler;

    @TempDir
    private Path folder;

    @BeforeAll
    static void findCompiler() {
        compiler = Tool.named("g++", "require.host-shim");
    }

    static Stream<Arguments> products() {
        Stream.Builder<Arguments> products = Stream.builder();
        for (Precision precision : Precision.values()) {
            products.add(Arguments.of(precision, KernelVariant.gemm(true, 1, 64)));
            products.add(Arguments.of(precision, KernelVariant.gemm(false, 2, 128)));
        }
        return products.build();
    }

    /** Sizes whose rows begin at multiples of 16 bytes, which asynchronous copies need, and others; with edges on all sides. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("products")
    void products(Precision precision, KernelVariant variant) throws Exception {
        Files.writeString(folder.resolve("text.cu"), variant.text());
        build(precision, variant, List.of(HOST.resolve("gemm_on_host.cc").toString()));
        for (String call : List.of("130 72 136 0 1", "37 75 51 1 0", "1 1 1 1 1")) {
            differences(call).forEach((result, difference) -> assertThat(difference)
                    .as("%s of m n k biased accumulate = %s", result, call)
                    .isLessThan(bound(precision, result.equals("wide"))));
        }
    }

    static Stream<Arguments> heads() {
        return Stream.of(Arguments.of(Precision.F32, 64), Arguments.of(Precision.TF32, 64),
                Arguments.of(Precision.TF32, 128), Arguments.of(Precision.BF16, 16), Arguments.of(Precision.BF16, 64),
                Arguments.of(Precision.BF16, 128));
    }

    @ParameterizedTest(name = "{0} heads of {1}")
    @MethodSource("heads")
    void attention(Precision precision, int head) throws Exception {
        List<String> sources = new ArrayList<>(List.of(HOST.resolve("attention_on_host.cc").toString()));
        for (String family : List.of("attention", "attention_backward")) {
            Path source = folder.resolve(family + ".cc");
            Files.writeString(source, "#include \"cuda_on_host.h\"\n"
                    + KernelVariant.attention(family, head, precision).text());
            sources.add(source.toString());
        }
        build(precision, KernelVariant.attention("attention", head, precision), sources);
        for (String call : List.of("2 70 1 " + head + " 0", "1 37 2 " + (head * 3 / 4 - 1) + " 1", "1 1 1 1 1")) {
            differences(call).forEach((result, difference) -> assertThat(difference)
                    .as("%s of batch length heads headSize masked = %s", result, call)
                    .isLessThan(bound(precision, !result.equals("context") && !result.equals("dQkv"))));
        }
    }

    /** Of the largest number: TF32 has 11 bits, BF16 has 8; what is not stored in BF16 is summed in 32 bits from numbers that BF16 has exactly. */
    private static double bound(Precision precision, boolean wide) {
        return switch (precision) {
            case F32 -> 2e-6;
            case TF32 -> 2e-3;
            case BF16 -> wide ? 2e-6 : 5e-3;
        };
    }

    private void build(Precision precision, KernelVariant variant, List<String> sources)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(
                List.of("-std=c++17", "-O1", "-fno-strict-aliasing", "-w", "-I" + HOST, "-I.", "-o", "on_host"));
        arguments.addAll(variant.options(precision));
        arguments.addAll(sources);
        compiler.run(folder, arguments);
    }

    private Map<String, Double> differences(String call) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(folder.resolve("on_host").toString()));
        command.addAll(List.of(call.split(" ", -1)));
        Map<String, Double> differences = new LinkedHashMap<>();
        Tool.run(folder, command.toArray(new String[0])).lines().forEach(line -> differences
                .put(line.substring(0, line.indexOf(' ')), Double.valueOf(line.substring(line.indexOf(' ') + 1))));
        assertThat(differences).isNotEmpty();
        return differences;
    }
}
