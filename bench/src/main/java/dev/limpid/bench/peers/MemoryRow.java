package dev.limpid.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.limpid.bench.BenchException;
import dev.limpid.bench.explain.CheckpointFolder;
import dev.limpid.bench.explain.ModelShape;
import dev.limpid.bench.start.Child;
import dev.limpid.bench.start.LauncherOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The largest resident memory of a process that explains one answer, beside captum with all nodes at once or as many as fit. */
final class MemoryRow {
    private static final double BAR = 5;
    private static final double MEGA = 1e6;
    /** What of the free memory a peer may take before it is told that there is no more. */
    private static final double SHARE = 0.8;

    private MemoryRow() {}

    static Comparison compare(PeerBenchmark.Setting setting) {
        ModelShape shape = setting.shape(false, "bert-base-384");
        int nodes = setting.context().explanations().nodes();
        Path folder = CheckpointFolder.require(setting.checkpoints(), shape);
        double ours = ours(setting, shape, nodes);
        long available = availableBytes();
        int rows = 0;
        while (true) {
            JsonNode answer = theirs(setting, folder, shape, nodes, rows, (long) (SHARE * available));
            if (!answer.has("error")) {
                double theirs = answer.path("bytes").asDouble() / MEGA;
                return new Comparison(shape.name() + ", start and end, n=" + nodes + ", peak memory",
                        "captum, " + (rows == 0 ? "all nodes at once" : "internal_batch_size " + rows), ours, theirs,
                        "MB", theirs / ours, BAR, Double.NaN, 1, 0);
            }
            setting.notes().add(String.format(Locale.ROOT, "captum %s in %.1f GB: %s",
                    rows == 0 ? "with all nodes at once" : "with internal_batch_size " + rows,
                    SHARE * available / 1e9, answer.path("error").asText()));
            rows = rows == 0 ? nodes / 2 : rows / 2;
            if (rows == 0) {
                throw new BenchException("memory: captum fits into this machine with no internal_batch_size");
            }
        }
    }

    /** Megabytes of a process of its own, started as the launcher starts the command. */
    private static double ours(PeerBenchmark.Setting setting, ModelShape shape, int nodes) {
        JsonNode report = Child.json(LauncherOptions.MEMORY,
                "dev.limpid.bench.Bench", "--only", "explain,image", "--shapes", shape.name(), "--checkpoint",
                setting.checkpoints().toString(), "--nodes", Integer.toString(nodes), "--rounds", "1", "--threads",
                Integer.toString(setting.context().threads()), "--gemm-size", "64", "--json", "-");
        for (JsonNode benchmark : report.path("benchmarks")) {
            for (JsonNode row : benchmark.path("tables").path(0).path("rows")) {
                return row.path("peak MB").asDouble();
            }
        }
        throw new BenchException("memory: the process that explains " + shape.name() + " printed no result");
    }

    private static JsonNode theirs(PeerBenchmark.Setting setting, Path folder, ModelShape shape, int nodes, int rows,
            long limit) {
        try (PeerProcess peer = new PeerProcess(setting.context().peers().python(), setting.script(),
                setting.context().threads())) {
            peer.ask(PeerProcess.request("limit").put("bytes", limit));
            ObjectNode open = PeerRun.of("captum-qa", folder, nodes).put("tokens", shape.tokens()).put("name",
                    "memory");
            if (rows > 0) {
                open.put("internalBatchSize", rows);
            }
            peer.ask(open);
            JsonNode ran = peer.answer(PeerProcess.request("run").put("name", "memory"));
            return ran.has("error") ? ran : peer.ask(PeerProcess.request("peak"));
        }
    }

    /** Memory that is free or can be made free, where the system says it (Linux). */
    private static long availableBytes() {
        try {
            return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                    .filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new BenchException("memory is measured on Linux only: " + e.getMessage());
        }
    }
}
