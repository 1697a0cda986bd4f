package dev.limpid.bench;

import dev.limpid.tensor.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** How explanations are to be measured: the options that the benchmarks of explanations share. */
public final class ExplanationOptions {
    @Option(names = "--device", paramLabel = "NAME", description = "Device of the explanations: cpu, cuda, cuda:1, opencl (default: ${DEFAULT-VALUE}).")
    private String device = "cpu";

    @Option(names = "--precision", paramLabel = "f32|tf32|bf16", description = "Numbers they are computed in (default: f32).")
    private Precision precision = Precision.F32;

    @Option(names = "--shapes", split = ",", paramLabel = "NAME", description = "Sizes and lengths to explain, with random weights: bert-base-48, -128, -384, bert-large-48, -128, -384, minilm-128, vit-base; bert-tiny-16 and vit-tiny for trying things out "
            + "(default: bert-base-128, vit-base and the embedded model).")
    private List<String> shapes = List.of();

    @Option(names = "--nodes", paramLabel = "N", description = "Gauss-Legendre nodes of an explanation (default: ${DEFAULT-VALUE}).")
    private int nodes = 50;

    @Option(names = "--warm-up", paramLabel = "N", description = "Explanations before the rounds, the first of them printed (default: ${DEFAULT-VALUE}).")
    private int warmUp = 1;

    @Option(names = "--gemm-size", paramLabel = "N", description = "The device's own rate is measured by products of N x N matrices (default: 1024 on cpu and reference, else 8192).")
    private Integer gemmSize;

    @Option(names = "--compare", paramLabel = "NAME", description = "Also explain once on this device, in f32, and print how far the attributions are apart.")
    private String compare;

    @Option(names = "--checkpoint", paramLabel = "DIR", description = "Read weights and inputs from DIR/MODEL, as --write-checkpoint wrote them.")
    private Path checkpoint;

    @Option(names = "--attributions", paramLabel = "DIR", description = "Write what was attributed to DIR/limpid-SHAPE-PRECISION.safetensors.")
    private Path attributions;

    @Option(names = "--write-checkpoint", paramLabel = "DIR", description = "Only write weights and inputs of the shapes to DIR/MODEL, for other programs to explain the same.")
    private Path writeCheckpoint;

    @Option(names = "--plot", paramLabel = "F.svg", description = "Where growth or quadrature draws what it measures.")
    private Path plot;

    /** File for a picture, or null. */
    public Path plot() {
        return plot;
    }

    public String device() {
        return device;
    }

    public Precision precision() {
        return precision;
    }

    /** The names asked for; none to run what runs by default. */
    public List<String> shapes() {
        return shapes;
    }

    public int nodes() {
        return nodes;
    }

    public int warmUp() {
        return warmUp;
    }

    /** N of the products that the device's own rate is measured by. */
    public int gemmSize() {
        boolean processor = device.equals("cpu") || device.equals("reference");
        return gemmSize != null ? gemmSize : processor ? 1024 : 8192;
    }

    /** Another device to compare with, or null. */
    public String compare() {
        return compare;
    }

    /** Folder to read weights and inputs from, or null. */
    public Path checkpoint() {
        return checkpoint;
    }

    /** Folder for attributions, or null. */
    public Path attributions() {
        return attributions;
    }

    /** Folder for weights and inputs, or null. */
    public Path writeCheckpoint() {
        return writeCheckpoint;
    }

    /** Device and precision, for a title. */
    public String where() {
        return device + ", " + precision.name().toUpperCase(Locale.ROOT);
    }
}
