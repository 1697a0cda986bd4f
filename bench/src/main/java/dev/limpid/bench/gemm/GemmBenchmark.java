package dev.limpid.bench.gemm;

import dev.limpid.bench.BenchContext;
import dev.limpid.bench.BenchException;
import dev.limpid.bench.Benchmark;
import dev.limpid.bench.Clock;
import dev.limpid.bench.Table;
import dev.limpid.bench.rounds.FmaPeak;
import dev.limpid.tensor.cpu.CpuKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The matrix products of BERT and of attention: ours beside OpenBLAS and oneDNN, in GFLOP/s. */
public final class GemmBenchmark implements Benchmark {
    private static final int PEAK_TRIALS = 40;
    private static final int PASSES = 3;
    private static final int ROUNDS_OF_A_PASS = 4;

    @Override
    public String name() {
        return "gemm";
    }

    @Override
    public String description() {
        return "matrix products at BERT and attention shapes, beside OpenBLAS and oneDNN";
    }

    @Override
    public List<Table> run(BenchContext context) {
        if (!CpuKernels.vectorAvailable()) {
            throw new BenchException("gemm measures the Vector API, which this JVM was started without; start it with "
                    + "java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -jar bench.jar");
        }
        List<NativeContender> natives = NativeContender.all();
        try {
            List<Table> tables = new ArrayList<>();
            tables.add(table("BERT layers", GemmShape.BERT, 1, natives, context));
            tables.add(table("Attention", GemmShape.ATTENTION, 1, natives, context));
            if (context.threads() > 1) {
                tables.add(table("BERT layers", GemmShape.BERT, context.threads(), natives, context));
            }
            return tables;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchException("gemm was interrupted");
        } finally {
            natives.forEach(library -> library.setThreads(1)); // as the CPU backend wants it
        }
    }

    private static Table table(String title, List<GemmShape> shapes, int count, List<NativeContender> natives,
            BenchContext context)
            throws InterruptedException {
        Clock clock = count == 1 ? context.clock() : Clock.WALL;
        natives.forEach(library -> library.setThreads(count));
        try (CpuKernels.Threads threads = new CpuKernels.Threads(count); FmaPeak peak = new FmaPeak(clock, count)) {
            for (int i = 0; i < PEAK_TRIALS; i++) {
                peak.measure();
            }
            List<Contender> contenders = new ArrayList<>(natives);
            if (shapes.equals(GemmShape.BERT)) {
                contenders.add(Contender.packed(CpuKernels.vector(), threads));
            }
            CpuKernels.all().forEach(product -> contenders.add(Contender.of(product, threads)));
            List<GemmRounds> all = new ArrayList<>();
            for (GemmShape shape : shapes) {
                all.add(new GemmRounds(shape, contenders, peak, clock));
            }
            // A later, higher peak can take rounds back that seemed to count: then the shapes concerned get another pass.
            for (int pass = 0; pass < PASSES; pass++) {
                for (GemmRounds rounds : all) {
                    rounds.measure(context.rounds(), ROUNDS_OF_A_PASS * context.rounds());
                    context.tell(rounds.shape() + ": " + rounds.counted() + " rounds count, " + rounds.discarded()
                            + " are discarded");
                }
                if (all.stream().allMatch(rounds -> rounds.counted() >= context.rounds())) {
                    break;
                }
            }
            String heading = "%s, %d thread%s, GFLOP/s (medians, %s time)".formatted(title, count,
                    count == 1 ? "" : "s", clock.name().toLowerCase(Locale.ROOT));
            return new GemmTable(contenders, count, peak, context.rounds()).of(heading, all);
        } finally {
            natives.forEach(library -> library.setThreads(1));
        }
    }
}
