package dev.limpid.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.limpid.bench.BenchContext;
import dev.limpid.bench.BenchException;
import dev.limpid.bench.Benchmark;
import dev.limpid.bench.Clock;
import dev.limpid.bench.Table;
import dev.limpid.bench.explain.ModelShape;
import dev.limpid.bench.rounds.FmaPeak;
import dev.limpid.tensor.cpu.CpuKernels;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Explanations of the same weights and inputs by Limpid and by what people use in Python, in alternating runs with as many threads. */
public final class PeerBenchmark implements Benchmark {
    private static final int PEAK_TRIALS = 20;
    private static final Set<String> NATIVE = Set.of("native", "openblas", "onednn");
    private static final String SCRIPT = "bench_peers.py";

    @Override
    public String name() {
        return "peers";
    }

    @Override
    public String description() {
        return "explanations beside transformers-interpret and captum";
    }

    @Override
    public List<Table> run(BenchContext context) {
        Path script = script(context.peers());
        Path checkpoints = checkpoints(context);
        List<Comparison> rows = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        try (FmaPeak peak = new FmaPeak(Clock.WALL, context.threads());
                PeerProcess peers = new PeerProcess(context.peers().python(), script, context.threads())) {
            JsonNode versions = peers.ask(PeerProcess.request("versions"));
            List<String> named = new ArrayList<>();
            versions.properties().forEach(entry -> named.add(entry.getKey() + " " + entry.getValue().asText()));
            notes.add("peers: " + String.join(", ", named) + "; Java " + Runtime.version() + ", " + context.threads()
                    + " threads each");
            for (int i = 0; i < PEAK_TRIALS; i++) {
                peak.measure();
            }
            Setting setting = new Setting(context, peers, script, checkpoints, peak, notes);
            notes.add("Limpid's products: " + (setting.nativeProducts() ? CpuKernels.chosen() : "Java"));
            for (String row : context.peers().rows()) {
                context.tell("peers: " + row);
                rows.addAll(compare(row, setting));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchException("peers was interrupted");
        }
        if (rows.stream().anyMatch(row -> row.counted() < context.rounds() && row.discarded() > 0)) {
            notes.add("Some comparisons have fewer than " + context.rounds()
                    + " counted rounds: the machine was not quiet enough.");
        }
        notes.add("times: how many times as long, or as much, the peer needs, the median of the rounds that count; "
                + "difference: the largest of the attributions, relative to the largest.");
        return List.of(new Table("Limpid and its peers, F32, wall time, medians", Comparison.COLUMNS,
                rows.stream().map(Comparison::row).toList(), notes));
    }

    /** What all comparisons need; {@code notes} are printed below the table. */
    record Setting(BenchContext context, PeerProcess peers, Path script, Path checkpoints, FmaPeak peak,
            List<String> notes) {
        /** Whether products are a native library's, which the command is told by {@code -Dlimpid.gemm=native}, {@code openblas} or {@code onednn}. */
        boolean nativeProducts() {
            return NATIVE.contains(System.getProperty("limpid.gemm", "java"));
        }

        /** The one asked for by {@code --shapes} that is an image's or a text's, else this one. */
        ModelShape shape(boolean image, String otherwise) {
            return ModelShape.named(context.explanations().shapes()).stream()
                    .filter(shape -> shape.image() == image && !context.explanations().shapes().isEmpty())
                    .findFirst()
                    .orElseGet(() -> ModelShape.named(List.of(otherwise)).getFirst());
        }
    }

    private static List<Comparison> compare(String row, Setting setting) {
        return switch (row) {
            case "qa" -> List.of(AnswerRow.compare(setting));
            case "image" -> List.of(ImageRow.compare(setting));
            case "auto" -> AutoRow.compare(setting);
            case "texts" -> TextsRow.compare(setting);
            case "memory" -> List.of(MemoryRow.compare(setting));
            case "cold" -> List.of(ColdRow.compare(setting));
            default -> throw new BenchException("--rows: there is no comparison '" + row + "'; there are "
                    + String.join(", ", PeerOptions.ROWS));
        };
    }

    private static Path checkpoints(BenchContext context) {
        if (context.explanations().checkpoint() != null) {
            return context.explanations().checkpoint();
        }
        try {
            return Files.createTempDirectory("limpid-checkpoints");
        } catch (IOException e) {
            throw new BenchException("--peers writes checkpoints; name a folder for them with --checkpoint: " + e);
        }
    }

    private static Path script(PeerOptions options) {
        List<Path> folders = new ArrayList<>();
        if (options.reference() != null) {
            folders.add(options.reference());
        } else {
            folders.add(Path.of("reference"));
            String classPath = System.getProperty("java.class.path");
            int end = classPath.indexOf(File.pathSeparatorChar);
            Path jar = Path.of(end < 0 ? classPath : classPath.substring(0, end));
            for (Path folder = jar.toAbsolutePath().getParent(); folder != null; folder = folder.getParent()) {
                folders.add(folder.resolve("reference"));
            }
        }
        return folders.stream().map(folder -> folder.resolve(SCRIPT)).filter(Files::exists).findFirst()
                .orElseThrow(() -> new BenchException("--peers: " + SCRIPT
                        + " was not found; name the folder reference of the sources with --reference"));
    }
}
