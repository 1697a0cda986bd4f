package dev.limpid.bench;

import dev.limpid.bench.chunks.ChunksBenchmark;
import dev.limpid.bench.explain.CheckpointFolder;
import dev.limpid.bench.explain.ExplainBenchmark;
import dev.limpid.bench.explain.ImageBenchmark;
import dev.limpid.bench.explain.ModelShape;
import dev.limpid.bench.gemm.GemmBenchmark;
import dev.limpid.bench.growth.GrowthBenchmark;
import dev.limpid.bench.micro.LayerBenchmark;
import dev.limpid.bench.micro.SafetensorsBenchmark;
import dev.limpid.bench.micro.TokenizerBenchmark;
import dev.limpid.bench.peers.PeerBenchmark;
import dev.limpid.bench.peers.PeerOptions;
import dev.limpid.bench.quadrature.QuadratureStudy;
import dev.limpid.bench.start.StartBenchmark;
import dev.limpid.nn.ModelException;
import dev.limpid.safetensors.SafetensorsException;
import dev.limpid.tensor.DeviceException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import java.util.concurrent.Callable;
import org.openjdk.jmh.Main;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command behind {@code bench.jar}: runs the benchmarks and prints their tables. */
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false, version = "Limpid bench 0.1.0", description = "Measures Limpid on this machine and checks the answers of what it times.", footer = {
        "", "Examples:", "  java -jar bench.jar --only gemm", "  java -jar bench.jar --json results.json",
        "  java -jar bench.jar --only explain --device cuda --precision bf16 --shapes bert-large-384 --warm-up 5 --rounds 9",
        "  java -jar bench.jar --peers python3 --checkpoint checkpoints",
        "  java -jar bench.jar --jmh Gelu -f 1 -i 5"})
public final class Bench implements Callable<Integer> {
    private static final int EXIT_FAILED = 1;
    private static final List<Benchmark> BENCHMARKS = List.of(new GemmBenchmark(), new LayerBenchmark(),
            new TokenizerBenchmark(), new SafetensorsBenchmark(), new StartBenchmark(), new ExplainBenchmark(),
            new ImageBenchmark(), new GrowthBenchmark(), new ChunksBenchmark(), new QuadratureStudy());

    @Spec
    private CommandSpec spec;

    @Option(names = "--only", split = ",", paramLabel = "NAME", description = "Run only these benchmarks: gemm, layers, tokenizer, safetensors, start, explain, image, and growth, chunks and quadrature, which run only if they are named.")
    private List<String> only = List.of();

    @Option(names = "--threads", paramLabel = "N", description = "Threads of the multi-threaded measurements (default: one for each processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds that must count (default: ${DEFAULT-VALUE}).")
    private int rounds = 5;

    @Option(names = "--clock", paramLabel = "cpu|wall", description = "What one-threaded rounds are timed by: time on a processor, or time that passed "
            + "(default: cpu).")
    private Clock clock = Clock.CPU;

    @Mixin
    private ExplanationOptions explanations = new ExplanationOptions();

    @Mixin
    private PeerOptions peers = new PeerOptions();

    @Option(names = "--markdown", paramLabel = "F", description = "Also write command, machine and tables to a file.")
    private Path markdown;

    @Option(names = "--json", paramLabel = "F|-", description = "Also write the results as JSON to a file, or to the "
            + "standard output instead of the tables.")
    private String json;

    @Option(names = "--jmh", paramLabel = "ARG...", parameterConsumer = Rest.class, description = "Hand all arguments that follow to JMH's own command line (--jmh -h shows it).")
    List<String> jmh;

    /** Takes all arguments that are left, options of another program among them. */
    private static final class Rest implements IParameterConsumer {
        @Override
        public void consumeParameters(Stack<String> arguments, ArgSpec option, CommandSpec command) {
            List<String> rest = new ArrayList<>();
            while (!arguments.isEmpty()) {
                rest.add(arguments.pop());
            }
            option.setValue(rest);
        }
    }

    public static void main(String[] args) {
        if (System.getProperty("limpid.gemm") == null) {
            // OpenBLAS and oneDNN are in this jar for comparison, and would be taken for the products: -Dlimpid.gemm=native does.
            System.setProperty("limpid.gemm", "java");
        }
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((exception, command, parsed) -> {
                    if (exception instanceof BenchException || exception instanceof DeviceException
                            || exception instanceof ModelException || exception instanceof SafetensorsException) {
                        command.getErr().println("bench: " + exception.getMessage());
                        return EXIT_FAILED;
                    }
                    throw exception;
                });
    }

    @Override
    public Integer call() throws IOException {
        if (jmh != null) {
            Main.main(jmh.toArray(String[]::new));
            return CommandLine.ExitCode.OK;
        }
        require(threads >= 1, "--threads must be at least 1, found " + threads);
        require(rounds >= 1, "--rounds must be at least 1, found " + rounds);
        for (String name : only) {
            require(BENCHMARKS.stream().anyMatch(benchmark -> benchmark.name().equals(name)),
                    "--only: there is no benchmark '" + name + "'; there are "
                            + String.join(", ", BENCHMARKS.stream().map(Benchmark::name).toList()));
        }
        require(explanations.nodes() >= 1, "--nodes must be at least 1, found " + explanations.nodes());
        require(explanations.warmUp() >= 1, "--warm-up must be at least 1, found " + explanations.warmUp());
        require(explanations.gemmSize() >= 1, "--gemm-size must be at least 1, found " + explanations.gemmSize());
        for (String name : explanations.shapes()) {
            require(ModelShape.names().contains(name),
                    "--shapes: there is no shape '" + name + "'; there are " + String.join(", ", ModelShape.names()));
        }
        for (String name : peers.rows()) {
            require(PeerOptions.ROWS.contains(name), "--rows: there is no comparison '" + name + "'; there are "
                    + String.join(", ", PeerOptions.ROWS));
        }
        if (explanations.writeCheckpoint() != null) {
            CheckpointFolder.write(explanations.writeCheckpoint(), ModelShape.named(explanations.shapes()));
            return CommandLine.ExitCode.OK;
        }
        BenchContext context = new BenchContext(threads, rounds, clock, explanations, peers, System.err);
        PrintWriter out = spec.commandLine().getOut();
        boolean tables = !"-".equals(json);
        Map<String, List<Table>> results = new LinkedHashMap<>();
        for (Benchmark benchmark : chosen()) {
            List<Table> measured = benchmark.run(context);
            results.put(benchmark.name(), measured);
            if (tables) {
                measured.forEach(table -> print(table, out));
            }
        }
        if (markdown != null) {
            Files.writeString(markdown,
                    MarkdownReport.of(spec.commandLine().getParseResult().originalArgs(), results));
        }
        if (json != null) {
            String report = JsonReport.of(results);
            if (tables) {
                Files.writeString(Path.of(json), report + "\n");
            } else {
                out.println(report);
            }
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private List<Benchmark> chosen() {
        if (peers.python() != null) {
            return List.of(new PeerBenchmark());
        }
        return BENCHMARKS.stream().filter(benchmark -> only.isEmpty()
                ? !benchmark.onlyWhenAskedFor()
                : only.contains(benchmark.name())).toList();
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private static void print(Table table, PrintWriter out) {
        table.lines().forEach(out::println);
        out.println();
        out.flush();
    }
}
