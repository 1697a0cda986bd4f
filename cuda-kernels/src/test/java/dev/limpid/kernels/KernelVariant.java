package dev.limpid.kernels;

import dev.limpid.kernels.TextAttention.Sizes;
import dev.limpid.tensor.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A text with the compile-time parameters that it is compiled with.
 *
 * @param family of the text
 * @param defines compile-time parameters, without that of the precision
 */
record KernelVariant(String family, Map<String, String> defines) {
    /** Every text, each as it is mostly used: large tiles, heads of 64 elements. */
    static List<KernelVariant> main(Precision precision) {
        List<KernelVariant> variants = new ArrayList<>();
        for (String family : families()) {
            switch (family) {
                case "gemm" -> {
                    variants.add(gemm(true, 1, 128));
                    variants.add(gemm(false, 2, 128));
                }
                case "attention", "attention_backward" -> variants.add(attention(family, 64, precision));
                default -> variants.add(new KernelVariant(family, Map.of()));
            }
        }
        return variants;
    }

    /** The others: small tiles and all sizes of heads. */
    static List<KernelVariant> others(Precision precision) {
        List<KernelVariant> variants = new ArrayList<>();
        for (boolean transposeB : new boolean[]{false, true}) {
            variants.add(gemm(transposeB, 0, 64));
        }
        for (String family : List.of("attention", "attention_backward")) {
            for (int head : new int[]{16, 32, 128, 256}) {
                variants.add(attention(family, head, precision));
            }
        }
        return variants;
    }

    static KernelVariant gemm(boolean transposeB, int epilogue, int tile) {
        return new KernelVariant("gemm", Map.of("TRANSPOSE_B", transposeB ? "1" : "0", "EPILOGUE",
                Integer.toString(epilogue), "TILE_M", Integer.toString(tile), "TILE_N", Integer.toString(tile)));
    }

    static KernelVariant attention(String family, int head, Precision precision) {
        return new KernelVariant(family, Sizes.of(head, precision != Precision.F32).defines());
    }

    /** What a compiler is told, the precision with it. */
    List<String> options(Precision precision) {
        List<String> options = new ArrayList<>();
        new TreeMap<>(defines).forEach((name, value) -> options.add("-D" + name + "=" + value));
        if (precision != Precision.F32) {
            options.add("-DPRECISION_" + precision.name());
        }
        return options;
    }

    /** What a compiler reads. */
    String text() {
        return KernelText.prelude() + KernelText.of(family).source();
    }

    private static List<String> families() {
        Path folder = Path.of("src/main/resources/dev/limpid/kernels");
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".cl.cu"))
                    .map(name -> name.substring(0, name.length() - ".cl.cu".length())).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
